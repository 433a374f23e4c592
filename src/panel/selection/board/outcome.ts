import type { Tx } from '#src/platform/database/database.ts'
import './tables.ts'

/** Whom the accepted selection of a round gave a place, and the reserves in their order. */
export async function acceptedOutcome(
  tx: Tx,
  round: string,
): Promise<{ runId: string; members: string[]; reserves: string[] } | undefined> {
  const run = await tx
    .selectFrom('selection_run')
    .select('id')
    .where('round_id', '=', round)
    .where('state', '=', 'accepted')
    .executeTakeFirst()
  if (!run) return undefined
  const rows = await tx
    .selectFrom('selection_place')
    .select(['dossier_id', 'outcome'])
    .where('run_id', '=', run.id)
    .where('outcome', 'is not', null)
    .orderBy('position')
    .execute()
  const of = (outcome: 'member' | 'reserve') => rows.filter(row => row.outcome === outcome).map(row => row.dossier_id)
  return { runId: run.id, members: of('member'), reserves: of('reserve') }
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
