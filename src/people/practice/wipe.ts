import { londonDate } from '#src/platform/calendar/london.ts'
import type { Tx } from '#src/platform/database/database.ts'
import { EVERY, inWorld } from '#src/platform/database/world.ts'
import { type House, within } from '#src/promises/house.ts'
import { type Actor, system } from '#src/promises/notice/actor.ts'
import { erase, practiceRound } from '#src/promises/retention/erase.ts'
import { openAccounts } from '../staff/accounts.ts'
import { noteOf } from './start.ts'
import '../tables.ts'

const PAGE = 500
const scope = { by: system('practice'), for: 'store' } as const

/**
 * Wipes a practice: nobody is in it any more, every invented person is erased as anyone is, and the round goes with all
 * that was done in it. The row of the practice goes last, so that after a crash the next call, or the night, finishes it.
 * Returns how many records went.
 */
export async function wipePractice(house: House, who: Actor, world: string): Promise<number> {
  const stood = await within(house, scope, async tx => {
    await tx
      .updateTable('session')
      .set({ practising_as: null })
      .where('practising_as', 'in', inventedIn(tx, world))
      .execute()
    const ended = { ended_at: house.clock.now() }
    return tx.updateTable('practice').set(ended).where('world', '=', world).returning('world').executeTakeFirst()
  })
  if (!stood) return 0
  let gone = 0
  for (;;) {
    const rows = await within(house, scope, tx => inventedIn(tx, world).limit(PAGE).execute())
    if (!rows.length) break
    const ids = rows.map(row => row.id)
    gone += await erase(house.reach, who, ids, practiceRound)
  }
  await inWorld(EVERY, () =>
    within(house, scope, async tx => {
      await tx.deleteFrom('round').where('world', '=', world).execute()
      const last = await tx.deleteFrom('practice').where('world', '=', world).returning('world').executeTakeFirst()
      if (last) await noteOf(tx, house, who, 'practice wiped', gone)
    }),
  )
  return gone
}

/**
 * Wipes every practice whose days are over, that was left half wiped, or whose person has left: none is forgotten.
 * Returns how many.
 */
export async function wipeOverdue(house: House): Promise<number> {
  const today = londonDate(house.clock.now())
  const overdue = await within(house, scope, async tx => {
    const all = await tx.selectFrom('practice').selectAll().execute()
    const open = await openAccounts(
      tx,
      all.map(one => one.world),
    )
    const here = new Set(open.map(one => one.id))
    return all.filter(one => one.ended_at || one.ends_on <= today || !here.has(one.world))
  })
  for (const { world } of overdue) await wipePractice(house, scope.by, world)
  return overdue.length
}

function inventedIn(tx: Tx, world: string) {
  return tx.selectFrom('practice_dossier').select('id').where('world', '=', world)
}
