import type { Tx } from '#src/platform/database/database.ts'
import type { Round } from '../../recruitment/round.ts'
import { poolOf } from '../../review/decisions.ts'
import type { Places } from '../../selection/board/field.ts'
import { batchOf, drawnWithoutOffer } from './batch.ts'
import { freeFor, isActive, offersOf } from './offers.ts'
import { openReserves } from './reserves.ts'

/** How the places of a round stand, with offers that wait to go out counted as held. */
export async function placesOf(tx: Tx, round: Round): Promise<Places> {
  const offers = await offersOf(tx, round.id)
  const waiting = (await batchOf(tx, round.id))?.people ?? (await drawnWithoutOffer(tx, round.id))
  return {
    held: [...offers.filter(isActive).map(one => one.dossier_id), ...waiting],
    asked: offers.map(one => one.dossier_id),
    free: freeFor(round, offers).length - waiting.length,
    reserves: (await openReserves(tx, round.id)).length,
  }
}

/** How many people of the pool could still be drawn for a place. */
export async function leftInPool(tx: Tx, round: string, { held, asked }: Places): Promise<number> {
  const out = new Set([...held, ...asked])
  return (await poolOf(tx, round)).filter(id => !out.has(id)).length
}
