import type { Tx } from '#src/platform/database/database.ts'
import type { House } from '#src/promises/house.ts'
import type { Actor } from '#src/promises/notice/actor.ts'
import { applicantsOf } from '../../recruitment/application.ts'
import type { Round } from '../../recruitment/round.ts'
import { isAccepted } from './outcome.ts'
import { candidatesOf, type Field, type PoolOf } from './pool.ts'
import './tables.ts'

/** How the places of a round stand once a selection was accepted. */
export interface Places {
  /** Who holds a place, is offered one, or is about to be. */
  held: readonly string[]
  /** Everyone who ever had an offer of this round: nobody is drawn twice. */
  asked: readonly string[]
  free: number
  /** Reserves of the accepted draws who could still be offered a place. */
  reserves: number
}

/** Where the board learns who can be drawn, and how the places stand; both lie on floors above. */
export interface Sources {
  poolOf?: PoolOf
  placesOf?: (tx: Tx, round: Round) => Promise<Places>
}

/** What a draw of a round starts from: all its places, or those that fell free when no reserve is left. */
export interface Start extends Field {
  /** How many places a draw would fill; none once a selection was accepted and no place is free, or a reserve is left. */
  open: number
}

/** What a draw of this round would start from as things stand. */
export async function startOf(
  tx: Tx,
  house: House,
  by: Actor,
  round: Round,
  size: number,
  { poolOf = applicantsOf, placesOf }: Sources,
): Promise<Start> {
  if (!(await isAccepted(tx, round.id))) {
    const candidates = await candidatesOf(tx, house, by, round.id, poolOf)
    return { candidates, seated: new Map(), passedOver: new Map(), open: size }
  }
  const places = (await placesOf?.(tx, round)) ?? { held: [], asked: [], free: 0, reserves: 0 }
  const out = new Set([...places.held, ...places.asked])
  const left = (await poolOf(tx, round.id)).filter(id => !out.has(id))
  return {
    ...(await fieldOf(tx, house, by, round.id, left, places.held)),
    open: places.reserves ? 0 : Math.max(0, places.free),
  }
}

/** What the draw may know of these people, and of those seated. */
export async function fieldOf(
  tx: Tx,
  house: House,
  by: Actor,
  round: string,
  candidates: readonly string[],
  seated: readonly string[],
): Promise<Field> {
  const know = (ids: readonly string[]) => candidatesOf(tx, house, by, round, async () => [...ids])
  return {
    candidates: await know(candidates),
    seated: seated.length ? await know(seated) : new Map(),
    passedOver: await passedOver(tx, round, candidates),
  }
}

async function passedOver(tx: Tx, round: string, of: readonly string[]): Promise<Map<string, number>> {
  const rows = await tx
    .selectFrom('selection_place')
    .innerJoin('selection_run', 'selection_run.id', 'selection_place.run_id')
    .select(eb => ['dossier_id', eb.fn.countAll<number>().as('times')])
    .where('round_id', '=', round)
    .where('state', '=', 'accepted')
    .where('outcome', 'is', null)
    .groupBy('dossier_id')
    .execute()
  const wanted = new Set(of)
  return new Map(rows.filter(row => wanted.has(row.dossier_id)).map(row => [row.dossier_id, Number(row.times)]))
}
