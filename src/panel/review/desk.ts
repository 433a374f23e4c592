import type { FastifyRequest } from 'fastify'
import type { Tx } from '#src/platform/database/database.ts'
import { notFound } from '#src/platform/web/errors.ts'
import type { House } from '#src/promises/house.ts'
import type { Actor } from '#src/promises/notice/actor.ts'
import { type Round, roundById, stateOf } from '../recruitment/round.ts'
import { atDesk } from '../recruitment/rounds/desk.ts'
import { may } from './permissions.ts'
import type { Scale } from './tables.ts'

/** Staff by name, those who may review or all: given by the floor that keeps accounts. */
export type Reviewers = (tx: Tx, house: House, by: Actor) => Promise<{ id: string; name: string }[]>

export type ByRound = { Params: { round: string } }
export const officer = { config: { may: may.decide } }
export const reviewer = { config: { may: may.read } }
export const crumbs = [{ text: 'Review', href: '/staff/review' }]
export const view = (name: string) => `panel/review/${name}.njk`

/** The words of a scale, the best first. */
export const scaleWords: Record<Scale, { value: number; text: string }[]> = {
  three: [
    { value: 3, text: 'Suitable' },
    { value: 2, text: 'Unsure' },
    { value: 1, text: 'Not suitable' },
  ],
  five: [5, 4, 3, 2, 1].map(value => ({ value, text: String(value) })),
}

/** A closed round. */
export async function closedRound(tx: Tx, house: House, id: string): Promise<Round> {
  const round = await roundById(tx, id)
  if (!round || stateOf(round, house.clock.now()) !== 'closed') throw notFound()
  return round
}

/** Runs `work` on a closed round, for whoever asks. */
export function onRound<T>(
  house: House,
  request: FastifyRequest & { params: ByRound['Params'] },
  work: (tx: Tx, by: Actor, round: Round) => Promise<T>,
): Promise<T> {
  return atDesk(house, request, async (tx, by) => work(tx, by, await closedRound(tx, house, request.params.round)))
}
