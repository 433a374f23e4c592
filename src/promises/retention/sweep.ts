import { londonDate } from '#src/platform/calendar/london.ts'
import { transaction } from '#src/platform/database/database.ts'
import { system } from '../notice/actor.ts'
import { erase, finishErasures, type Reach } from './erase.ts'
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
  const paused = await transaction(reach.db, { actor: by.id, purpose: 'store' }, tx =>
    tx.selectFrom('sweep_pause').select('id').where('lifted_at', 'is', null).executeTakeFirst(),
  )
  if (paused) return { waits: true, ended: 0, finished }
  const today = londonDate(reach.clock.now())
  let ended = 0
  for (;;) {
    const due = await reach.keys.expired(today, PAGE)
    if (!due.length) return { waits: false, ended, finished }
    await erase(
      reach,
      by,
      due.map(one => one.id),
      'date reached',
    )
    ended += due.length
  }
}
