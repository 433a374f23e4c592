import type { Tx } from '#src/platform/database/database.ts'
import type { House } from '#src/promises/house.ts'
import { type Actor, system } from '#src/promises/notice/actor.ts'
import '../tables.ts'

/** Reviewers whose accounts are open, by name. */
export async function reviewersFor(tx: Tx, house: House, _by: Actor): Promise<{ id: string; name: string }[]> {
  const rows = await tx
    .selectFrom('staff')
    .select(['dossier_id', 'roles'])
    .where('activated_at', 'is not', null)
    .where('disabled_at', 'is', null)
    .execute()
  const ids = rows.filter(row => row.roles.includes('reviewer')).map(row => row.dossier_id)
  const ask = { by: system('review'), for: 'administer the panel', fields: ['name'] } as const
  const opened = await house.vault.open(tx, 'staff', ask, ids)
  return opened.map(one => ({ id: one.id, name: one.name ?? '' })).sort((a, b) => a.name.localeCompare(b.name, 'en-GB'))
}
