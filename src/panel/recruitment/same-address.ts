import type { Tx } from '#src/platform/database/database.ts'
import type { House } from '#src/promises/house.ts'
import './tables.ts'

/** Other applications of the same round that stand and use an address: a couple's, a supporter's, or a second try. */
export async function othersAt(tx: Tx, house: House, id: string, address: string): Promise<string[]> {
  const ids = (await house.vault.findByEmail(address)).filter(other => other !== id)
  if (!ids.length) return []
  const rows = await tx
    .selectFrom('application')
    .select('dossier_id')
    .where('dossier_id', 'in', ids)
    .where('state', '!=', 'withdrawn')
    .where('round_id', '=', tx.selectFrom('application').select('round_id').where('dossier_id', '=', id))
    .execute()
  return rows.map(row => row.dossier_id)
}
