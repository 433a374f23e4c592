import type { Tx } from '#src/platform/database/database.ts'
import type { House } from '#src/promises/house.ts'
import type { Actor } from '#src/promises/notice/actor.ts'
import { note } from './run.ts'

/** An officer's decision on what was drawn; accepting it waits for a second person. */
export async function decide(
  tx: Tx,
  house: House,
  by: Actor,
  id: string,
  decision: 'accept' | 'set aside',
  because: string,
): Promise<boolean> {
  const query = tx
    .updateTable('selection_run')
    .set({
      decision,
      decided_at: house.clock.now(),
      decided_by: by.id,
      decided_because: because || null,
      ...(decision === 'set aside' ? { state: 'set aside' as const } : {}),
    })
    .where('id', '=', id)
    .where('decision', 'is', null)
    .where('state', 'in', decision === 'accept' ? ['drawn'] : ['drawn', 'committed'])
  if (!Number((await query.executeTakeFirst()).numUpdatedRows)) return false
  await note(tx, house, by, decision === 'accept' ? 'selection accepted' : 'selection set aside', { run: id })
  return true
}

/** The second person confirms the acceptance, or sends it back; nobody confirms their own. */
export async function confirm(tx: Tx, house: House, by: Actor, id: string, yes: boolean): Promise<boolean> {
  const at = house.clock.now()
  const changed = yes
    ? { state: 'accepted' as const, confirmed_at: at, confirmed_by: by.id }
    : { decision: null, decided_at: null, decided_by: null, decided_because: null }
  const query = tx
    .updateTable('selection_run')
    .set(changed)
    .where('id', '=', id)
    .where('state', '=', 'drawn')
    .where('decision', '=', 'accept')
    .where('decided_by', '!=', by.id)
  if (!Number((await query.executeTakeFirst()).numUpdatedRows)) return false
  await note(tx, house, by, yes ? 'selection confirmed' : 'selection sent back', { run: id })
  return true
}
