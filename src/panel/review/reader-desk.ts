import type { FastifyRequest } from 'fastify'
import type { Tx } from '#src/platform/database/database.ts'
import { forbidden, notFound } from '#src/platform/web/errors.ts'
import { type House, within } from '#src/promises/house.ts'
import type { Actor } from '#src/promises/notice/actor.ts'
import { type Round, roundById } from '../recruitment/round.ts'
import { staffOf } from '../recruitment/rounds/desk.ts'
import { answersIn, isBarredNow } from './answers.ts'
import { type ByRound, scaleWords } from './desk.ts'
import { knownSentence, readingInHand } from './reading.ts'
import { type Review, readersOf, reviewOf } from './setup.ts'

export type ByReading = { Params: { reading: string } }
export type ByAnswer = { Params: { reading: string; question: string } }

/** Runs `work` for a reviewer of the round; for anyone else there is no such page. */
export function asReader<T>(
  house: House,
  request: FastifyRequest<ByRound>,
  work: (tx: Tx, round: Round, review: Review, me: Awaited<ReturnType<typeof readersOf>>[number]) => Promise<T>,
): Promise<T> {
  const by = staffOf(request)
  return within(house, { by, for: 'review applications' }, async tx => {
    const round = await roundById(tx, request.params.round)
    const review = round && (await reviewOf(tx, round.id))
    const me = round && (await readersOf(tx, round.id)).find(one => one.reader === by.id)
    if (!round || !review || !me) throw notFound()
    return work(tx, round, review, me)
  })
}

/** The reading that is asked for, or the page that says why not. */
export async function inHand(house: House, by: Actor, id: string) {
  const held = await within(house, { by, for: 'review applications' }, tx => readingInHand(tx, house, by, id))
  if (held === undefined) throw notFound()
  if (typeof held === 'string') throw forbidden(held)
  if (await isBarredNow(house, by, held.reading)) throw forbidden(knownSentence)
  return held
}

/** The same with its masked answers. */
export async function answersInHand(house: House, by: Actor, id: string) {
  const held = await inHand(house, by, id)
  return { ...held, ...(await answersIn(house, by, held.reading)) }
}

/** The scores to choose from, each with what it means here; choosing not to score is one of them. */
export function itemsFor(
  review: Review,
  values: readonly string[],
  kept: { value: number | null } | undefined,
  typed?: string,
) {
  const chosen = typed ?? (kept ? (kept.value === null ? 'abstain' : String(kept.value)) : '')
  return [
    ...scaleWords[review.scale].map(({ value, text }) => ({
      value,
      text,
      ...(values[value - 1] ? { hint: { text: values[value - 1] } } : {}),
      checked: chosen === String(value),
    })),
    { divider: 'or' },
    { value: 'abstain', text: 'I would rather not score this answer', checked: chosen === 'abstain' },
  ]
}
