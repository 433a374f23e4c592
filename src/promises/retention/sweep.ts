import { londonDate } from '#src/platform/calendar/london.ts'
import { type Tx, transaction } from '#src/platform/database/database.ts'
import type { House } from '../house.ts'
import { record } from '../ledger/ledger.ts'
import { type Actor, system } from '../notice/actor.ts'
import { collectStray, eraseDue, finishErasures } from './erase.ts'
import type { Reach } from './reach.ts'
import './tables.ts'

export interface SweepResult {
  /** True when a restore has happened and nobody has looked yet: nothing was swept. */
  waits: boolean
  ended: number
  finished: number
}

const PAGE = 500

/**
 * The nightly sweep: ends every dossier whose date has come and that no hold keeps. The key store's dates count. After
 * a restore it waits for a person.
 */
export async function sweep(reach: Reach): Promise<SweepResult> {
  const by = system('sweep')
  const finished = await finishErasures(reach, by)
  const paused = await transaction(reach.db, { actor: by.id, purpose: 'store' }, pauseOf)
  if (paused) return { waits: true, ended: 0, finished }
  await collectStray(reach, by)
  await reach.beforeEnd?.()
  const today = londonDate(reach.clock.now())
  let ended = 0
  for (;;) {
    const due = await reach.keys.expired(today, PAGE)
    if (!due.length) return { waits: false, ended, finished }
    ended += await eraseDue(
      reach,
      by,
      due.map(one => one.id),
      today,
    )
  }
}

/** Since when and why the sweep waits; undefined when it does not. */
export function pauseOf(tx: Tx): Promise<{ since: Date; reason: string } | undefined> {
  return tx.selectFrom('sweep_pause').select(['since', 'reason']).where('lifted_at', 'is', null).executeTakeFirst()
}

/** Lets the sweep go on that waits since a restore, once a person has looked. False when it was not waiting. */
export async function resumeSweep(tx: Tx, house: Pick<House, 'clock'>, by: Actor): Promise<boolean> {
  const at = house.clock.now()
  const lifted = await tx
    .updateTable('sweep_pause')
    .set({ lifted_at: at, lifted_by: by.id })
    .where('lifted_at', 'is', null)
    .executeTakeFirst()
  if (!Number(lifted.numUpdatedRows)) return false
  await record(tx, { actor: by.id, role: by.roles[0] ?? 'system', purpose: 'store', act: 'sweep resumed', at })
  return true
}
