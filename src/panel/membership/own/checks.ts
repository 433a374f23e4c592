import type { Tx } from '#src/platform/database/database.ts'
import type { House } from '#src/promises/house.ts'
import type { Matter } from './tables.ts'
import './tables.ts'

/** Notes that someone has told us about a matter, or looked over what they told us. */
export async function noteCheck(tx: Tx, house: House, dossier: string, matter: Matter): Promise<void> {
  const at = house.clock.now()
  await tx
    .insertInto('own_check')
    .values({ dossier_id: dossier, matter, at })
    .onConflict(on => on.columns(['dossier_id', 'matter']).doUpdateSet({ at }))
    .execute()
}

/** When someone last looked over each matter. */
export async function checksOf(tx: Tx, dossier: string): Promise<Map<Matter, Date>> {
  const rows = await tx.selectFrom('own_check').select(['matter', 'at']).where('dossier_id', '=', dossier).execute()
  return new Map(rows.map(row => [row.matter, row.at]))
}
