import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { tell } from '#src/panel/correspondence/tell.ts'
import { londonDate, sayDate, sayInstant } from '#src/platform/calendar/london.ts'
import type { Tx } from '#src/platform/database/database.ts'
import { unprocessable } from '#src/platform/web/errors.ts'
import { read } from '#src/platform/web/form.ts'
import { type House, within } from '#src/promises/house.ts'
import { system } from '#src/promises/notice/actor.ts'
import { contact } from '#src/promises/notice/contact.ts'
import { noticeInForce } from '#src/promises/publishing/version.ts'
import { gateOn } from '#src/promises/vault/gate.ts'
import { begin, inHand, saveAnswers, send } from '../application.ts'
import { endOf, expiriesOf, openRound, questionsOf } from '../round.ts'
import { sensitiveIn } from '../sensitive.ts'
import { isAsked } from './adjustments.ts'
import { atDesk, begunBy, required } from './desk.ts'
import { eligibilityRoutes } from './eligibility.ts'
import { equalityRoutes } from './equality.ts'
import { name, nameForm } from './name.ts'
import type { Desk, Form, Page } from './page.ts'
import { needed, pages, pagesAsked } from './pages.ts'
import { ownAnswers } from './skills.ts'

/** The journey of a resident who applies: one question a page, with HTML alone. */
export async function applyRoutes(app: FastifyInstance, house: House): Promise<void> {
  const anyone = { config: { may: 'anyone' } }
  const resident = { config: { may: 'resident' } }

  app.get('/apply', anyone, async (_request, reply) => {
    const open = await forAnyone(house, async tx => {
      const round = await openRound(tx, house.clock.now())
      return round && { round, questions: await questionsOf(tx, round.id) }
    })
    if (!open) return reply.page('panel/recruitment/apply/closed.njk', { title: 'Applications are closed' })
    const { round, questions } = open
    return reply.page('panel/recruitment/apply/start.njk', {
      title: 'Apply to join the panel',
      round,
      questions,
      closes: sayInstant(endOf(round)),
      begun: begunBy(_request.actor),
    })
  })

  await eligibilityRoutes(app, house)

  app.get('/apply/print', anyone, async (request, reply) => {
    const open = await forAnyone(house, async tx => {
      const round = await openRound(tx, house.clock.now())
      return round && { round, questions: await questionsOf(tx, round.id) }
    })
    if (!open) return reply.page('panel/recruitment/apply/closed.njk', { title: 'Applications are closed' })
    const large = typeof request.query === 'object' && request.query !== null && 'large' in request.query
    return reply.page('panel/recruitment/apply/print.njk', {
      title: 'Application form to print',
      ...open,
      closes: sayInstant(endOf(open.round)),
      address: contact.dpo.post.join(', '),
      large,
    })
  })

  // The name page begins the application, so that nothing is kept of a person before they have said who they are.
  app.get('/apply/name', anyone, async (request, reply) => {
    if (begunBy(request.actor)) return showPage(house, name, request, reply)
    const notice = await forAnyone(house, async tx =>
      (await openRound(tx, house.clock.now())) ? noticeInForce(tx) : undefined,
    )
    if (!notice) return reply.redirect('/apply', 303)
    return reply.page(view(name), {
      title: name.title,
      values: {},
      noticeVersion: notice.version,
      terms: termsOf(request.query),
      back: '/apply',
    })
  })
  app.post('/apply/name', anyone, async (request, reply) => {
    if (begunBy(request.actor)) return takePage(house, name, request, reply)
    const form = read(nameForm, request.body)
    const notice = await forAnyone(house, tx => noticeInForce(tx))
    const shown = noticeShown(request.body)
    // [N-03] Nobody's data is taken before they have been shown the notice that is in force.
    if (!notice || shown !== notice.version)
      throw unprocessable(
        'Our privacy notice has changed since you opened this page. Go back to the start, and begin again.',
      )
    if (!form.ok)
      return reply.code(422).page(view(name), {
        title: name.title,
        values: request.body,
        ...form,
        noticeVersion: notice.version,
        terms: termsOf(request.body),
        back: '/apply',
      })
    const id = await within(house, { by: system('recruitment'), for: 'administer the panel' }, async tx => {
      const round = await openRound(tx, house.clock.now())
      if (!round) return undefined
      const by = system('recruitment')
      const made = await begin(tx, house, by, round, { version: notice.version, how: 'shown on screen' })
      const held = await inHand(tx, house, made)
      const terms = termsOf(request.body)
      if (held)
        await saveAnswers(tx, house, by, held.application, 'name', {
          name: form.answer.name,
          ...(terms ? { termsServed: terms } : {}),
        })
      return made
    })
    if (!id) return reply.redirect('/apply', 303)
    await reply.actFor([id])
    return reply.redirect('/apply/contact', 303)
  })

  for (const page of pages.filter(page => page !== name)) {
    app.get(`/apply/${page.path}`, resident, (request, reply) => showPage(house, page, request, reply))
    app.post(`/apply/${page.path}`, resident, (request, reply) => takePage(house, page, request, reply))
  }

  app.get('/apply/skills/think', resident, (request, reply) =>
    atDesk(house, request, reply, async desk => {
      const kinds = [...new Set(Object.values(await ownAnswers(desk)).flatMap(sensitiveIn))]
      const support = (await isAsked(desk)) && '/apply/adjustments'
      return () =>
        reply.page('panel/recruitment/apply/think.njk', {
          title: 'Readers will see what you wrote',
          kinds,
          support,
          back: '/apply/skills',
        })
    }),
  )

  app.get('/apply/check', resident, (request, reply) =>
    atDesk(house, request, reply, async desk => {
      const asked = await pagesAsked(desk)
      const sections: { key: string; value: string; href: string }[] = []
      for (const page of asked)
        sections.push(...(await page.summary(desk)).map(row => ({ ...row, href: `/apply/${page.path}?check=1` })))
      const { application } = desk
      return () =>
        reply.page('panel/recruitment/apply/check.njk', {
          title: 'Check your answers',
          rows: sections.map(summaryRow),
          isSent: application.state === 'sent',
          back: `/apply/${asked.at(-1)?.path}`,
        })
    }),
  )
  app.post('/apply/check', resident, (request, reply) =>
    atDesk(house, request, reply, async desk => {
      const missing = needed.find(path => !desk.application.pagesDone.includes(path))
      if (missing) return () => reply.redirect(`/apply/${missing}?check=1`, 303)
      await send(desk.tx, house, desk.by, desk.application, desk.round)
      return () => reply.redirect('/apply/equality', 303)
    }),
  )

  await equalityRoutes<Desk>(app, {
    base: '/apply',
    title: 'We have received your application',
    hint: 'This question is optional. Your answer does not affect your application.',
    after: '/apply/sent',
    may: 'resident',
    at: (request, reply, work) => atDesk(house, request, reply, work),
    isAsked: async ({ tx }) => (await gateOn(tx, londonDate(house.clock.now()))).ethnicity,
    save: ({ tx, by, application }, ethnicity) => saveAnswers(tx, house, by, application, 'ethnicity', { ethnicity }),
  })

  app.get('/apply/sent', resident, async (request, reply) => {
    const by = required(request.actor)
    const held = await within(house, { by, for: 'administer the panel' }, tx => inHand(tx, house, begunBy(by) ?? ''))
    if (!held || held.application.state === 'draft') return reply.redirect('/apply', 303)
    return reply.page('panel/recruitment/apply/sent.njk', {
      title: 'Application sent',
      reference: held.application.reference,
      closes: sayInstant(endOf(held.round)),
      deleted: sayDate(expiriesOf(held.round).sent),
    })
  })
}

function view(page: Page): string {
  return `panel/recruitment/apply/${page.template}.njk`
}

function forAnyone<T>(house: House, work: (tx: Tx) => Promise<T>): Promise<T> {
  return within(house, { by: system('web'), for: 'administer the panel' }, work)
}

function showPage(house: House, page: Page, request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
  return atDesk(house, request, reply, async desk => {
    const values = await page.recall(desk)
    const more = page.view ? await page.view(desk, values) : {}
    const back = await before(desk, page)
    return () =>
      reply.page(view(page), {
        title: page.title,
        values,
        ...more,
        back: isChange(request) ? '/apply/check' : back,
        change: isChange(request),
      })
  })
}

function takePage(house: House, page: Page, request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
  return atDesk(house, request, reply, async desk => {
    const taken = await page.read(desk, request.body)
    if (taken.ok !== true) {
      const values = request.body as Form
      const more = page.view ? await page.view(desk, values) : {}
      const back = await before(desk, page)
      const shown = taken.ok === 'again' ? taken.view : taken
      if (taken.ok === false) reply.code(422)
      return () =>
        reply.page(view(page), { title: page.title, values, back, ...more, ...shown, change: isChange(request) })
    }
    const { values, landlordUnlisted, markedSpecial } = taken
    await saveAnswers(desk.tx, house, desk.by, desk.application, page.path, values, {
      ...(landlordUnlisted === undefined ? {} : { landlordUnlisted }),
      ...(markedSpecial === undefined ? {} : { markedSpecial }),
    })
    if (page.path === 'contact' && values.email) await confirmAddress(desk, values.email)
    const next = taken.detour ?? (isChange(request) ? '/apply/check' : await after(desk, page))
    return () => reply.redirect(next, 303)
  })
}

/** Asks the person to confirm the address; the letter alone says when the address has another application already. */
async function confirmAddress({ tx, house, application }: Desk, address: string): Promise<void> {
  const others = (await house.vault.findByEmail(address)).filter(id => id !== application.id)
  const earlier = await tx
    .selectFrom('message')
    .select('id')
    .where('dossier_id', '=', application.id)
    .where('template', '=', 'confirm address')
    .where('queued_at', '>', new Date(house.clock.now().getTime() - 60_000))
    .executeTakeFirst()
  if (earlier) return // a double press sends one letter
  await tell(tx, house, system('recruitment'), application.id, 'confirm address', { another: others.length > 0 })
}

function isChange(request: FastifyRequest): boolean {
  const { query, body } = request
  const says = (where: unknown) =>
    typeof where === 'object' && where !== null && ('check' in where || 'change' in where)
  return says(query) || (says(body) && (body as Form).change === '1')
}

async function before(desk: Desk, page: Page): Promise<string> {
  const asked = await pagesAsked(desk)
  const at = asked.findIndex(one => one.path === page.path)
  return at > 0 ? `/apply/${asked[at - 1]?.path}` : '/apply'
}

async function after(desk: Desk, page: Page): Promise<string> {
  const asked = await pagesAsked(desk)
  const at = asked.findIndex(one => one.path === page.path)
  return at >= 0 && asked[at + 1] ? `/apply/${asked[at + 1]?.path}` : '/apply/check'
}

function noticeShown(body: unknown): number {
  return typeof body === 'object' && body !== null && 'notice_version_shown' in body
    ? Number(body.notice_version_shown)
    : 0
}

function termsOf(from: unknown): string {
  const terms = typeof from === 'object' && from !== null && 'terms' in from ? String(from.terms) : ''
  return /^[0-2]$/.test(terms) ? terms : ''
}

function summaryRow(row: { key: string; value: string; href: string }) {
  return {
    key: { text: row.key },
    value: { text: row.value || 'Not provided', classes: 'panel-long' },
    actions: { items: [{ href: row.href, text: 'Change', visuallyHiddenText: row.key.toLowerCase() }] },
  }
}
