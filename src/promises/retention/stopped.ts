import type { Tx } from '#src/platform/database/database.ts'
import { forPurpose } from '#src/platform/database/database.ts'
import type { House } from '../house.ts'
import { record } from '../ledger/ledger.ts'
import type { Actor } from '../notice/actor.ts'
import type { Purpose } from '../notice/purposes.ts'

/** The purposes that can stop for one person while the rest of their record is used on: an objection to one of them. */
export const stoppable = [
  'correspond about meetings',
  'record meetings',
  'send documents',
  'run surveys',
  'tailor communication',
  'representativeness',
  'arrange adjustments',
  'understand engagement',
] as const satisfies readonly Purpose[]
export type Stoppable = (typeof stoppable)[number]

export function isStoppable(name: string): name is Stoppable {
  return stoppable.some(one => one === name)
}

/** Stops purposes for a record (UK GDPR Art 21): it is opened for them no more, nor counted. Safe to repeat. */
export async function stopPurposes(
  tx: Tx,
  house: House,
  by: Actor,
  id: string,
  purposes: readonly Stoppable[],
): Promise<void> {
  const stopped_at = house.clock.now()
  if (!purposes.length) return
  await forPurpose(tx, 'store', () =>
    tx
      .insertInto('stopped_purpose')
      .values(purposes.map(purpose => ({ dossier_id: id, purpose, stopped_at })))
      .onConflict(on => on.columns(['dossier_id', 'purpose']).doNothing())
      .execute(),
  )
  await record(tx, {
    actor: by.id,
    role: by.roles[0] ?? 'system',
    purpose: 'exercise rights',
    act: 'purposes stopped',
    subject: id,
    detail: { purposes: [...purposes] },
    at: stopped_at,
  })
}
