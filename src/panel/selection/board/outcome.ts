import type { Tx } from '#src/platform/database/database.ts'
import './tables.ts'

/**
 * Whom the accepted selections of a round gave a place, and the reserves in their order: the first one, then each draw for
 * places that fell free; with the run accepted last.
 */
export async function acceptedOutcome(
  tx: Tx,
  round: string,
): Promise<{ runId: string; members: string[]; reserves: string[] } | undefined> {
  const runs = await acceptedRuns(tx, round)
  const last = runs.at(-1)
  if (!last) return undefined
  const rows = await tx
    .selectFrom('selection_place')
    .innerJoin('selection_run', 'selection_run.id', 'selection_place.run_id')
    .select(['dossier_id', 'outcome'])
    .where('round_id', '=', round)
    .where('state', '=', 'accepted')
    .where('outcome', 'in', ['member', 'reserve'])
    .orderBy('confirmed_at')
    .orderBy('position')
    .execute()
  const of = (outcome: 'member' | 'reserve') => rows.filter(row => row.outcome === outcome).map(row => row.dossier_id)
  return { runId: last, members: of('member'), reserves: of('reserve') }
}

/** Whether a selection of a round was accepted. */
export async function isAccepted(tx: Tx, round: string): Promise<boolean> {
  return (await acceptedRuns(tx, round)).length > 0
}

async function acceptedRuns(tx: Tx, round: string): Promise<string[]> {
  const rows = await tx
    .selectFrom('selection_run')
    .select('id')
    .where('round_id', '=', round)
    .where('state', '=', 'accepted')
    .orderBy('confirmed_at')
    .execute()
  return rows.map(row => row.id)
}

/** What the accepted draws of a round knew of each person in them, by dossier. */
export async function featuresDrawnBy(tx: Tx, round: string): Promise<Map<string, Record<string, string>>> {
  const rows = await tx
    .selectFrom('selection_place')
    .innerJoin('selection_run', 'selection_run.id', 'selection_place.run_id')
    .select(['dossier_id', 'type', 'run_id'])
    .where('round_id', '=', round)
    .where('state', '=', 'accepted')
    .where('type', '>=', 0)
    .orderBy('confirmed_at')
    .execute()
  const runs = await tx.selectFrom('selection_run').select(['id', 'types']).where('round_id', '=', round).execute()
  const types = new Map(runs.map(run => [run.id, run.types]))
  return new Map(rows.map(row => [row.dossier_id, types.get(row.run_id)?.[row.type]?.features ?? {}]))
}

/** Runs that wait for someone: to be drawn, to be decided on, or to be confirmed; with the round's name. */
export function openRuns(tx: Tx) {
  return tx
    .selectFrom('selection_run')
    .innerJoin('round', 'round.id', 'selection_run.round_id')
    .select(['selection_run.id', 'selection_run.state', 'round_id', 'round.name', 'decision', 'decided_by'])
    .where('selection_run.state', 'in', ['committed', 'drawn'])
    .orderBy('started_at')
    .execute()
}
