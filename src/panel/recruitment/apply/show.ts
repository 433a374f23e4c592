import type { FastifyReply, FastifyRequest } from 'fastify'
import { tell } from '#src/panel/correspondence/tell.ts'
import type { House } from '#src/promises/house.ts'
import { system } from '#src/promises/notice/actor.ts'
import { saveAnswers } from '../application.ts'
import { othersAt } from '../same-address.ts'
import { atDesk } from './desk.ts'
import type { Desk, Form, Page } from './page.ts'
import { pagesAsked } from './pages.ts'
import { isNewer, windowFields, windowOf } from './windows.ts'

/** Shows a question page with what the person said before. */
export function showPage(house: House, page: Page, request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
  return atDesk(house, request, reply, async desk => {
    const shown = await shownBy(desk, page, await page.recall(desk), isChange(request))
    return () => reply.page(viewOf(page), shown)
  })
}

/** Takes what was sent from a question page, and goes on; or shows the page again, as filled in. */
export function takePage(house: House, page: Page, request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
  return atDesk(house, request, reply, async desk => {
    const change = isChange(request)
    const sent = request.body as Form
    const taken = await page.read(desk, sent)
    if (taken.ok !== true) {
      const again = await shownBy(desk, page, sent, change)
      const more = taken.ok === 'again' ? taken.view : taken
      return () => reply.code(taken.ok === false ? 422 : 200).page(viewOf(page), { ...again, ...more })
    }
    if (await isNewer(desk, page, sent)) {
      const again = await shownBy(desk, page, sent, change)
      const newer = (await page.summary(desk)).map(({ key, value }) => ({
        key: { text: key },
        value: { text: value || 'Not provided', classes: 'panel-long' },
      }))
      return () => reply.code(409).page(viewOf(page), { ...again, newer })
    }
    const { values, landlordUnlisted, markedSpecial } = taken
    const isNewAddress = page.path === 'contact' && values.email && values.email !== (await page.recall(desk)).email
    await saveAnswers(desk.tx, house, desk.by, desk.application, page.path, values, {
      window: windowOf(sent),
      ...(landlordUnlisted === undefined ? {} : { landlordUnlisted }),
      ...(markedSpecial === undefined ? {} : { markedSpecial }),
    })
    if (isNewAddress) await confirmAddress(desk, values.email ?? '')
    const next = taken.detour ? `${taken.detour}${change ? '?check=1' : ''}` : await goesOn(desk, page, change)
    return () => reply.redirect(next, 303)
  })
}

/** The template of a page. */
export function viewOf(page: Page): string {
  return `panel/recruitment/apply/${page.template}.njk`
}

/** Whether the person came from "check your answers", and goes back there. */
export function isChange(request: FastifyRequest): boolean {
  const { query, body } = request
  const says = (where: unknown) =>
    typeof where === 'object' && where !== null && ('check' in where || 'change' in where)
  return says(query) || (says(body) && (body as Form).change === '1')
}

async function shownBy(desk: Desk, page: Page, values: Form, change: boolean): Promise<Form> {
  const next = await goesOn(desk, page, change)
  return {
    title: page.title,
    values,
    ...(page.view ? await page.view(desk, values) : {}),
    ...windowFields(desk, page),
    back: change ? '/apply/check' : await comesBefore(desk, page),
    next,
    change,
  }
}

async function comesBefore(desk: Desk, page: Page): Promise<string> {
  const asked = await pagesAsked(desk)
  const at = asked.findIndex(one => one.path === page.path)
  return at > 0 ? `/apply/${asked[at - 1]?.path}` : '/apply'
}

async function goesOn(desk: Desk, page: Page, change: boolean): Promise<string> {
  const asked = await pagesAsked(desk)
  const at = asked.findIndex(one => one.path === page.path)
  return !change && at >= 0 && asked[at + 1] ? `/apply/${asked[at + 1]?.path}` : '/apply/check'
}

/** Asks the person to confirm a new address; the letter alone says when the address has another application already. */
async function confirmAddress({ tx, house, application }: Desk, address: string): Promise<void> {
  const another = (await othersAt(tx, house, application.id, address)).length > 0
  const signIn = `${house.config.baseUrl}/sign-in`
  await tell(tx, house, system('recruitment'), application.id, 'confirm address', another ? { another, signIn } : {})
}
