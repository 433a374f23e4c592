import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { londonDate, sayDate, sayInstant } from '#src/platform/calendar/london.ts'
import type { Tx } from '#src/platform/database/database.ts'
import { isPractice } from '#src/platform/database/world.ts'
import { notFound } from '#src/platform/web/errors.ts'
import { refuse } from '#src/platform/web/form.ts'
import { pageOf, pagination } from '#src/platform/web/paging.ts'
import type { House } from '#src/promises/house.ts'
import type { Actor } from '#src/promises/notice/actor.ts'
import { regionOf } from '../../recruitment/councils.ts'
import { channels, wordsOf } from '../../recruitment/options.ts'
import { type Round, roundById, stateOf } from '../../recruitment/round.ts'
import { atDesk, fieldsOf, textOf } from '../../recruitment/rounds/desk.ts'
import { aloneFrom } from '../../review/deciding/confirm.ts'
import { acceptedOutcome } from '../../selection/board/outcome.ts'
import { NotPossible } from '../not-possible.ts'
import { may } from '../permissions.ts'
import {
  batchOf,
  confirmBatch,
  drawnWithoutOffer,
  lastBatch,
  sendBatch,
  sendDrawn,
  stopBatch,
  stopMinutes,
} from './batch.ts'
import { pickByHand } from './by-hand.ts'
import { heldUnseen, type Offer, offersOf } from './offers.ts'
import { leftInPool, placesOf } from './places.ts'
import { nextReserve, offerNext } from './reserves.ts'
import { triesOf } from './tries.ts'
import { whyPicked } from './why-picked.ts'

const officer = { config: { may: may.lookAfterMembers } }
type ByRound = { Params: { round: string } }
type Fields = { [field: string]: unknown }
export const stateTags = {
  offered: { text: 'Waits for an answer', classes: 'govuk-tag--yellow' },
  accepted: { text: 'Accepted', classes: 'govuk-tag--green' },
  declined: { text: 'Declined', classes: 'govuk-tag--grey' },
  lapsed: { text: 'Lapsed', classes: 'govuk-tag--red' },
  ended: { text: 'Has left', classes: 'govuk-tag--grey' },
} as const

/** The offers of a round: who gets one, who answered, whom to ring, and which place goes to which reserve. */
export async function offerRoutes(app: FastifyInstance, house: House): Promise<void> {
  /** A demonstration, or a practice, need not wait ten minutes to see what comes after them. */
  const needNotWait = () => house.config.mode === 'demo' || isPractice()
  const show = async (request: FastifyRequest<ByRound>, reply: FastifyReply, more: object = {}) => {
    const page = pageOf(request.query, 50)
    const today = londonDate(house.clock.now())
    const shown = await atDesk(house, request, async (tx, by) => {
      const round = await closedRound(tx, house, request.params.round)
      const offers = await offersOf(tx, round.id)
      const ordered = [...offers].sort((a, b) => urgency(a, today) - urgency(b, today))
      const here = ordered.slice(page.from, page.from + page.size)
      const batch = await batchOf(tx, round.id)
      const drawn = batch ? [] : await drawnWithoutOffer(tx, round.id)
      const next = await nextReserve(tx, house, round.id)
      const ids = [...here.map(one => one.dossier_id), ...(batch?.people ?? drawn), ...(next ? [next.id] : [])]
      const people = await peopleOf(tx, house, by, ids)
      const tries = await triesOf(
        tx,
        here.map(one => one.id),
      )
      const last = await lastBatch(tx, round.id)
      const places = await placesOf(tx, round)
      return {
        round,
        total: offers.length,
        counts: countsOf(offers, round),
        offers: here.map(one => ({
          ...people(one.dossier_id),
          id: one.id,
          seat: one.seat,
          state: one.state,
          tag: stateTags[one.state],
          by: sayDate(one.answer_by),
          late: one.state === 'offered' && one.answer_by < today,
          tries: tries.filter(each => each.offer_id === one.id).length,
        })),
        batch: batch && {
          how: batch.how,
          state: batch.state,
          people: batch.people.map(people),
          own: batch.asked_by === by.id && house.clock.now() < aloneFrom({ decided_at: batch.asked_at }),
          aloneFrom: sayInstant(aloneFrom({ decided_at: batch.asked_at })),
          goes: batch.goes_at && sayInstant(batch.goes_at),
          because: await whyPicked(tx, house, batch.people, batch.asked_at),
        },
        stuck: last?.state === 'stuck' ? heldUnseen : undefined,
        drawn: drawn.map(people),
        outcome: (await acceptedOutcome(tx, round.id)) !== undefined,
        free: places.free,
        reserves: places.reserves,
        left: places.free > 0 ? await leftInPool(tx, round.id, places) : 0,
        next: next && { ...people(next.id), id: next.id, keeps: next.keeps },
      }
    })
    return reply.page('panel/membership/offers/offers.njk', {
      title: `Offers for ${shown.round.name}`,
      crumbs: [{ text: 'Members', href: '/staff/members' }],
      wide: true,
      minutes: stopMinutes,
      needNotWait: needNotWait(),
      values: {},
      ...shown,
      pages: pagination(page, shown.total, number => `?page=${number}`),
      ...more,
    })
  }
  app.get<ByRound>('/staff/members/offers/:round', officer, (request, reply) => show(request, reply))

  /** What an officer does about the offers of a round; each says in one sentence when it cannot be done. */
  const acts: Record<string, (tx: Tx, by: Actor, round: Round, fields: Fields) => Promise<unknown>> = {
    draw: (tx, by, round, fields) => sendDrawn(tx, house, by, round, Number(textOf(fields, 'seen'))),
    hand: (tx, by, round, fields) => pickByHand(tx, house, by, round, fields),
    confirm: (tx, by, round) => confirmBatch(tx, house, by, round),
    stop: (tx, by, round) => stopBatch(tx, house, by, round),
    next: (tx, by, round, fields) => offerNext(tx, house, by, round, textOf(fields, 'next') || undefined),
  }
  app.post<ByRound>('/staff/members/offers/:round', officer, async (request, reply) => {
    const fields = fieldsOf(request.body)
    const name = textOf(fields, 'act')
    const act = acts[name]
    if (!act) throw notFound()
    try {
      await atDesk(house, request, async (tx, by) =>
        act(tx, by, await closedRound(tx, house, request.params.round), fields),
      )
      return reply.redirect(`/staff/members/offers/${request.params.round}`, 303)
    } catch (error) {
      if (!(error instanceof NotPossible)) throw error
      const field = name === 'hand' ? (error.message.startsWith('Enter why') ? 'because' : 'references') : 'offers'
      return show(request, reply.code(422), { values: fields, ...refuse({ [field]: error.message }) })
    }
  })

  app.post<ByRound>('/staff/members/offers/:round/now', officer, async (request, reply) => {
    const batch = await atDesk(house, request, tx => batchOf(tx, request.params.round))
    if (batch?.state !== 'waiting' || !needNotWait()) throw notFound()
    await sendBatch(house, batch.id)
    return reply.redirect(`/staff/members/offers/${request.params.round}`, 303)
  })
}

/** Names and homes of people, by id; who is no longer held says so. */
async function peopleOf(tx: Tx, house: House, by: Actor, ids: readonly string[]) {
  const ask = { by, for: 'administer the panel', fields: ['name', 'area', 'channel'] } as const
  const opened = new Map((await house.vault.open(tx, 'panel', ask, [...new Set(ids)])).map(one => [one.id, one]))
  return (id: string) => {
    const person = opened.get(id)
    return {
      name: person ? (person.name ?? 'No name') : 'No longer held',
      region: regionOf(person?.area ?? '') ?? '',
      channel: wordsOf(channels, person?.channel),
    }
  }
}

/** Whom to ring comes first, then who has not answered, then the rest by place. */
function urgency(offer: Offer, today: string): number {
  return offer.state !== 'offered' ? 2 : offer.answer_by < today ? 0 : 1
}

function countsOf(offers: readonly Offer[], round: Round) {
  const of = (state: Offer['state']) => offers.filter(one => one.state === state).length
  return [
    { says: 'places', count: round.targetSize },
    { says: 'accepted', count: of('accepted') },
    { says: 'not yet answered', count: of('offered') },
    { says: 'declined', count: of('declined') },
    { says: 'lapsed', count: of('lapsed') },
  ]
}

export async function closedRound(tx: Tx, house: House, id: string): Promise<Round> {
  const round = await roundById(tx, id)
  if (!round || stateOf(round, house.clock.now()) !== 'closed') throw notFound()
  return round
}
