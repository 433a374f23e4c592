import type { Tx } from '#src/platform/database/database.ts'
import type { House } from '#src/promises/house.ts'
import type { Actor } from '#src/promises/notice/actor.ts'
import type { Round } from '../../recruitment/round.ts'
import { acceptedOutcome, featuresDrawnBy } from '../../selection/board/outcome.ts'
import { runById } from '../../selection/board/run.ts'
import { NotPossible } from '../not-possible.ts'
import { drawnWithoutOffer } from './batch.ts'
import { freeFor, isActive, offerPlaces, offersOf, standing } from './offers.ts'

type Quota = { feature: string; value: string }

/** Reserves of the accepted draw who have had no offer and whose application still stands, in the order of the draw. */
export async function openReserves(tx: Tx, round: string): Promise<string[]> {
  const outcome = await acceptedOutcome(tx, round)
  if (!outcome) return []
  const had = new Set((await offersOf(tx, round)).map(one => one.dossier_id))
  const may = await standing(tx, outcome.reserves)
  return outcome.reserves.filter(id => !had.has(id) && may.has(id))
}

/**
 * The next reserve for a free seat who keeps the quotas of the draw with those who hold a place or are offered one; the
 * first in order when none does, with `keeps` false.
 */
export async function nextReserve(
  tx: Tx,
  house: House,
  round: string,
): Promise<{ id: string; keeps: boolean } | undefined> {
  const outcome = await acceptedOutcome(tx, round)
  const run = outcome && (await runById(tx, house, outcome.runId))
  if (!run) return undefined
  const open = await openReserves(tx, round)
  const known = await featuresDrawnBy(tx, round)
  const has = (id: string, { feature, value }: Quota) => known.get(id)?.[feature] === value
  const holding = (await offersOf(tx, round)).filter(isActive).map(one => one.dossier_id)
  const count = (quota: Quota, people: readonly string[]) => people.filter(id => has(id, quota)).length
  const keeps = (candidate: string) =>
    run.quotas.every(quota => quota.max === null || count(quota, [...holding, candidate]) <= quota.max) &&
    gain(candidate) >= gain(open[0] ?? candidate)
  /** How many places towards a least that is not met someone would fill. */
  const gain = (candidate: string) =>
    run.quotas.filter(quota => count(quota, holding) < quota.min && has(candidate, quota)).length
  const best = [...open].sort((a, b) => gain(b) - gain(a)).find(keeps)
  const [first] = open
  return best ? { id: best, keeps: true } : first ? { id: first, keeps: false } : undefined
}

/** Offers a free seat to the reserve whom the officer saw, by their confirmation. */
export async function offerNext(tx: Tx, house: House, actor: Actor, round: Round, seen?: string): Promise<void> {
  await tx.selectFrom('round').select('id').where('id', '=', round.id).forUpdate().execute()
  const free = freeFor(round, await offersOf(tx, round.id))
  const [seat] = free.slice((await drawnWithoutOffer(tx, round.id)).length)
  if (!seat) throw new NotPossible('No place is free')
  const next = await nextReserve(tx, house, round.id)
  if (!next) throw new NotPossible('The list of reserves has run out: draw again, or leave the place empty')
  if (seen && seen !== next.id)
    throw new NotPossible('Another reserve comes next since you opened the page: look again')
  await offerPlaces(tx, house, actor, round, [next.id], [seat])
}
