import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { sayInstant } from '#src/platform/calendar/london.ts'
import { unprocessable } from '#src/platform/web/errors.ts'
import { clean, refuse } from '#src/platform/web/form.ts'
import type { House } from '#src/promises/house.ts'
import { councilByCode, councils } from '../recruitment/councils.ts'
import { fieldsOf, staffOf, textOf } from '../recruitment/rounds/desk.ts'
import { declareInterests } from './declare.ts'
import { type ByRound, crumbs, reviewer, scaleWords, view } from './desk.ts'
import { heldInterests } from './interests.ts'
import { matchLandlords } from './landlord-lines.ts'
import { asReader } from './reader-desk.ts'
import { lastScored, ownApplications, queueOf } from './reading.ts'
import { override, overrideReasons, readingBlind } from './running.ts'
import { samples } from './samples.ts'
import { criteriaOf } from './setup.ts'

/** Links shown at most: the queue brings the others. */
const MOST_LINKS = 200

/** The reviewer's side: declare, then read one answer after another, or an application at a time. */
export async function readerRoutes(app: FastifyInstance, house: House): Promise<void> {
  const show = async (request: FastifyRequest<ByRound>, reply: FastifyReply, more: object = {}) => {
    const by = staffOf(request)
    const shown = await asReader(house, request, async (tx, round, review, me) => ({
      round,
      review,
      me,
      queue: me.declared_at ? await queueOf(tx, by, review) : [],
      own: me.declared_at ? await ownApplications(tx, by, review) : [],
      scored: await tx
        .selectFrom('review_sample')
        .select('sample')
        .where('round_id', '=', round.id)
        .where('reader', '=', by.id)
        .execute(),
      declared: (await heldInterests(tx, house, round.id, [by.id])).get(by.id),
      last: await lastScored(tx, by, round.id),
      ...(await criteriaOf(tx, round.id)),
    }))
    const { review, me, queue, round, own, declared, last } = shown
    const blind = await readingBlind(house, by)
    const leftOf = (id: string) => queue.filter(item => item.reading === id && !item.done).length
    const toRead = own.filter(one => !one.finished)
    return reply.page(view('reading'), {
      title: `Read for ${round.name}`,
      crumbs,
      round,
      because: shown.because,
      declared: Boolean(me.declared_at),
      said: declared && [...declared.landlords, ...declared.areas.map(code => councilByCode(code)?.name ?? code)],
      samplesLeft: review.calibrating_at && !review.opened_at ? samples.length - shown.scored.length : 0,
      compare: Boolean(review.calibrating_at && review.opened_at && shown.scored.length),
      open: Boolean(review.opened_at),
      over: house.clock.now() >= review.deadline,
      deadline: sayInstant(review.deadline),
      left: queue.filter(item => !item.done).length,
      last,
      readings: toRead.slice(0, MOST_LINKS).map(one => ({ ...one, left: leftOf(one.id) })),
      more: Math.max(0, toRead.length - MOST_LINKS),
      finished: own.filter(one => one.finished).slice(0, MOST_LINKS),
      blind: blind.some(one => one.round === round.id),
      reasons: Object.entries(overrideReasons).map(([value, text]) => ({ value, text })),
      guide: shown.criteria.map(one => ({
        name: one.name,
        values: scaleWords[review.scale].map(({ value, text }) => ({ text, says: one.values[value - 1] })),
      })),
      councils: [{ value: '', text: '' }, ...councils.map(one => ({ value: one.code, text: one.name }))],
      typed: {},
      ...more,
    })
  }
  app.get<ByRound>('/staff/review/:round/reading', reviewer, (request, reply) => show(request, reply))
  app.post<ByRound>('/staff/review/:round/interests', reviewer, async (request, reply) => {
    const fields = fieldsOf(request.body)
    const lines = clean(textOf(fields, 'landlords')).split('\n')
    const chosen = [fields.areas].flat().filter(one => typeof one === 'string' && one !== '')
    const areas = councils.flatMap(one => (chosen.includes(one.code) ? [one.code] : []))
    const { round, found } = await asReader(house, request, async (tx, round) => ({
      round,
      found: await matchLandlords(tx, lines.slice(0, 300)),
    }))
    const unknown = textOf(fields, 'keep') === 'yes' ? [] : found.unknown
    if (unknown.length) {
      const faults = refuse({ landlords: unknown.join(' ') })
      return show(request, reply.code(422), { typed: { ...fields, areas: chosen }, unknown: true, ...faults })
    }
    await declareInterests(house, staffOf(request), round.id, { landlords: found.names, areas })
    return reply.redirect(`/staff/review/${round.id}/reading`, 303)
  })
  app.post<ByRound>('/staff/review/:round/override', reviewer, async (request, reply) => {
    const round = await asReader(house, request, async (_tx, found) => found)
    const because = Object.keys(overrideReasons).find(one => one === textOf(fieldsOf(request.body), 'because'))
    if (!because) throw unprocessable('Select why you look now')
    await override(house, staffOf(request), round.id, because as keyof typeof overrideReasons) // the checked edge
    return reply.redirect(`/staff/review/${round.id}/reading`, 303)
  })
  app.get<ByRound>('/staff/review/:round/next', reviewer, async (request, reply) => {
    const { next, round } = await asReader(house, request, async (tx, found, review, me) => {
      const queue = me.declared_at ? await queueOf(tx, staffOf(request), review) : []
      return { next: queue.find(item => !item.done), round: found }
    })
    // The anchor is where the keyboard goes on from: one press of Tab is the first score.
    const to = next
      ? `/staff/review/readings/${next.reading}/${next.question}#answer`
      : `/staff/review/${round.id}/reading`
    return reply.redirect(to, 303)
  })
}
