import type { FastifyInstance, FastifyReply } from 'fastify'
import { londonDate, sayDate, sayInstant } from '#src/platform/calendar/london.ts'
import { type House, within } from '#src/promises/house.ts'
import { gateOn } from '#src/promises/vault/gate.ts'
import { inHand, saveAnswers, send } from '../application.ts'
import { may } from '../permissions.ts'
import { endOf, expiriesOf } from '../round.ts'
import { beginRoutes } from './begin.ts'
import { atDesk, begunBy, required } from './desk.ts'
import { eligibilityRoutes } from './eligibility.ts'
import { equalityRoutes } from './equality.ts'
import { name } from './name.ts'
import type { Desk } from './page.ts'
import { needed, pages, pagesAsked } from './pages.ts'
import { printRoutes } from './print.ts'
import { showPage, takePage } from './show.ts'
import { termsServed } from './terms.ts'
import { thinkRoutes } from './think.ts'

/** The journey of a resident who applies: one question a page, with HTML alone. */
export async function applyRoutes(app: FastifyInstance, house: House): Promise<void> {
  const resident = { config: { may: may.ownApplication } }

  await beginRoutes(app, house)
  await eligibilityRoutes(app, house)
  await printRoutes(app, house)
  for (const page of pages.filter(page => page !== name)) {
    app.get(`/apply/${page.path}`, resident, (request, reply) => showPage(house, page, request, reply))
    app.post(`/apply/${page.path}`, resident, (request, reply) => takePage(house, page, request, reply))
  }

  await thinkRoutes(app, house)

  app.get('/apply/check', resident, (request, reply) =>
    atDesk(house, request, reply, async desk => {
      const page = await checkPage(desk)
      return () => showCheck(reply, page)
    }),
  )
  app.post('/apply/check', resident, (request, reply) =>
    atDesk(house, request, reply, async desk => {
      const missing = needed.filter(path => !desk.application.pagesDone.includes(path))
      if (missing.length) {
        const page = await checkPage(desk)
        return () => showCheck(reply.code(422), { ...page, errors: missing.map(unanswered) })
      }
      await send(desk.tx, house, desk.by, desk.application, desk.round)
      return () => reply.redirect('/apply/equality', 303)
    }),
  )

  await equalityRoutes<Desk>(app, {
    base: '/apply',
    title: 'We have received your application',
    hint: 'This question is optional. Your answer does not affect your application.',
    after: '/apply/sent',
    may: may.ownApplication,
    at: (request, reply, work) => atDesk(house, request, reply, work),
    isAsked: isEqualityAsked,
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

function showCheck(reply: FastifyReply, page: object) {
  return reply.page('panel/recruitment/apply/check.njk', { title: 'Check your answers', ...page })
}

async function checkPage(desk: Desk) {
  const [first = name, ...others] = await pagesAsked(desk)
  const asked = [first, termsServed, ...others]
  const rows: { key: string; value: string; href: string }[] = []
  for (const page of asked)
    rows.push(...(await page.summary(desk)).map(row => ({ ...row, href: `/apply/${page.path}?check=1` })))
  const isSent = desk.application.state === 'sent'
  const equality = isSent && (await isEqualityAsked(desk))
  return { rows: rows.map(summaryRow), isSent, equality, back: `/apply/${asked.at(-1)?.path}` }
}

async function isEqualityAsked({ tx, house }: Desk): Promise<boolean> {
  return (await gateOn(tx, londonDate(house.clock.now()))).ethnicity
}

function unanswered(path: string) {
  const title = pages.find(page => page.path === path)?.title ?? ''
  return { text: `Answer “${title}”`, href: `/apply/${path}?check=1` }
}

function summaryRow(row: { key: string; value: string; href: string }) {
  return {
    key: { text: row.key },
    value: { text: row.value || 'Not provided', classes: 'panel-long' },
    actions: { items: [{ href: row.href, text: 'Change', visuallyHiddenText: row.key.toLowerCase() }] },
  }
}
