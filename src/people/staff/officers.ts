import type { Officer } from '#src/panel/membership/concerns/lead.ts'
import type { Tx } from '#src/platform/database/database.ts'
import type { House } from '#src/promises/house.ts'
import { system } from '#src/promises/notice/actor.ts'
import '../tables.ts'

/** Officers whose accounts are open, the one who has been here longest first. */
export async function officersFor(tx: Tx, house: House): Promise<Officer[]> {
  const rows = await tx
    .selectFrom('staff')
    .select(['dossier_id', 'roles'])
    .where('activated_at', 'is not', null)
    .where('disabled_at', 'is', null)
    .orderBy('activated_at')
    .orderBy('dossier_id')
    .execute()
  const officers = rows.filter(row => row.roles.includes('officer'))
  const ask = { by: system('concerns'), for: 'administer the panel', fields: ['name'] } as const
  const opened = await house.vault.open(
    tx,
    'staff',
    ask,
    officers.map(row => row.dossier_id),
  )
  const names = new Map(opened.map(one => [one.id, one.name ?? '']))
  return officers.map(row => ({
    id: row.dossier_id,
    name: names.get(row.dossier_id) ?? '',
    reads: row.roles.includes('reviewer'),
  }))
}
