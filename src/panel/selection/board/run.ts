import type { Selectable } from 'kysely'
import type { Tx } from '#src/platform/database/database.ts'
import type { Tables } from '#src/platform/database/tables.ts'
import type { House } from '#src/promises/house.ts'
import { type Detail, record } from '#src/promises/ledger/ledger.ts'
import type { Actor } from '#src/promises/notice/actor.ts'
import type { RunState } from './tables.ts'

export type Run = Selectable<Tables['selection_run']>

/** A run that has not been heard of for this long was killed with its process: seconds. */
const SILENT = 45

/** A step of a run cannot be taken, in one sentence. */
export class CannotRun extends Error {}

/** The runs of a round, the newest first. One whose process was killed is marked as interrupted. */
export async function runsOf(tx: Tx, house: House, round: string): Promise<Run[]> {
  await interrupt(tx, house)
  const query = tx.selectFrom('selection_run').selectAll().where('round_id', '=', round)
  return query.orderBy('started_at', 'desc').execute()
}

/** A run; undefined when there is none of this id. */
export async function runById(tx: Tx, house: House, id: string): Promise<Run | undefined> {
  await interrupt(tx, house)
  return tx.selectFrom('selection_run').selectAll().where('id', '=', id).executeTakeFirst()
}

/** The runs of a round, newest first, that came after the selection accepted last. */
export function sinceAccepted(runs: readonly Run[]): Run[] {
  const accepted = runs.findIndex(run => run.state === 'accepted')
  return runs.slice(0, accepted < 0 ? runs.length : accepted)
}

async function interrupt(tx: Tx, house: House): Promise<void> {
  const silent = new Date(house.clock.now().getTime() - SILENT * 1000)
  await tx
    .updateTable('selection_run')
    .set({ state: 'interrupted' satisfies RunState })
    .where('state', '=', 'running')
    .where('beat_at', '<', silent)
    .execute()
}

/** Writes a step of a run into the ledger. */
export function note(tx: Tx, house: House, by: Actor, act: string, detail: Detail): Promise<void> {
  const role = by.roles[0] ?? 'system'
  return record(tx, { actor: by.id, role, purpose: 'administer the panel', act, detail, at: house.clock.now() })
}
