import type { FastifyInstance, FastifyReply } from 'fastify'
import { sayInstant } from '#src/platform/calendar/london.ts'
import type { Tx } from '#src/platform/database/database.ts'
import { unprocessable } from '#src/platform/web/errors.ts'
import { read } from '#src/platform/web/form.ts'
import { type House, within } from '#src/promises/house.ts'
import { system } from '#src/promises/notice/actor.ts'
import { noticeInForce } from '#src/promises/publishing/version.ts'
import type { Values } from '#src/promises/vault/vault.ts'
import { begin, inHand, saveAnswers } from '../application.ts'
import { may } from '../permissions.ts'
import { endOf, openRound, questionsOf } from '../round.ts'
import { takeTerms } from './carried.ts'
import { showClosed } from './closed.ts'
import { begunBy } from './desk.ts'
import { name, nameForm } from './name.ts'
import { showPage, takePage, viewOf } from './show.ts'

const by = system('recruitment')

/** The start page, and the name page, which begins the application: nothing is kept of a person before. */
export async function beginRoutes(app: FastifyInstance, house: House): Promise<void> {
  const anyone = { config: { may: may.apply } }
  const inTx = <T>(work: (tx: Tx) => Promise<T>) => within(house, { by, for: 'administer the panel' }, work)

  app.get('/apply', anyone, async (request, reply) => {
    const open = await inTx(async tx => {
      const round = await openRound(tx, house.clock.now())
      return round && { round, questions: await questionsOf(tx, round.id) }
    })
    if (!open) return showClosed(house, reply)
    return reply.page('panel/recruitment/apply/start.njk', {
      title: 'Apply to join the panel',
      ...open,
      closes: sayInstant(endOf(open.round)),
      begun: begunBy(request.actor),
    })
  })

  app.get('/apply/name', anyone, async (request, reply) => {
    if (begunBy(request.actor)) return showPage(house, name, request, reply)
    const notice = await inTx(async tx => ((await openRound(tx, house.clock.now())) ? noticeInForce(tx) : undefined))
    if (!notice) return reply.redirect('/apply', 303)
    return askName(reply, notice.version, { values: {} })
  })
  app.post('/apply/name', anyone, async (request, reply) => {
    if (begunBy(request.actor)) return takePage(house, name, request, reply)
    const form = read(nameForm, request.body)
    const notice = await inTx(noticeInForce)
    // [N-03] Nobody's data is taken before they have been shown the notice that is in force.
    if (!notice || noticeShown(request.body) !== notice.version)
      throw unprocessable(
        'Our privacy notice has changed since you opened this page. Go back to the start, and begin again.',
      )
    if (!form.ok) return askName(reply.code(422), notice.version, { values: request.body, ...form })
    const termsServed = takeTerms(request, reply)
    const id = await inTx(tx => beginNamed(tx, house, notice.version, { name: form.answer.name, termsServed }))
    if (!id) return reply.redirect('/apply', 303)
    await reply.actFor([id])
    return reply.redirect('/apply/contact', 303)
  })
}

function askName(reply: FastifyReply, noticeVersion: number, more: object) {
  return reply.page(viewOf(name), { title: name.title, noticeVersion, back: '/apply', ...more })
}

/** Begins an application in the open round with what was said so far; undefined when no round is open any more. */
async function beginNamed(tx: Tx, house: House, version: number, said: Values<'panel'>) {
  const round = await openRound(tx, house.clock.now())
  if (!round) return undefined
  const id = await begin(tx, house, by, round, { version, how: 'shown on screen' })
  const held = await inHand(tx, house, id)
  if (held) await saveAnswers(tx, house, by, held.application, 'name', said)
  return id
}

function noticeShown(body: unknown): number {
  return typeof body === 'object' && body !== null && 'notice_version_shown' in body
    ? Number(body.notice_version_shown)
    : 0
}
