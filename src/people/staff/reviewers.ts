import type { Tx } from '#src/platform/database/database.ts'
import type { House } from '#src/promises/house.ts'
import { type Actor, system } from '#src/promises/notice/actor.ts'
import '../tables.ts'

const name = { by: system('review'), for: 'administer the panel', fields: ['name'] } as const

/** Everyone with an account, also those who have left, by name: who decided what. */
export async function staffNamesFor(tx: Tx, house: House, _by: Actor): Promise<{ id: string; name: string }[]> {
  const rows = await tx.selectFrom('staff').select('dossier_id').execute()
  const ids = rows.map(row => row.dossier_id)
  return (await house.vault.open(tx, 'staff', name, ids)).map(one => ({ id: one.id, name: one.name ?? '' }))
}

/** Reviewers whose accounts are open, by name. */
export async function reviewersFor(tx: Tx, house: House, _by: Actor): Promise<{ id: string; name: string }[]> {
  const rows = await tx
    .selectFrom('staff')
    .select(['dossier_id', 'roles'])
    .where('activated_at', 'is not', null)
    .where('disabled_at', 'is', null)
    .execute()
  const ids = rows.filter(row => row.roles.includes('reviewer')).map(row => row.dossier_id)
  const opened = await house.vault.open(tx, 'staff', name, ids)
  return opened.map(one => ({ id: one.id, name: one.name ?? '' })).sort((a, b) => a.name.localeCompare(b.name, 'en-GB'))
}
