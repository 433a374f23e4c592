import type { Tx } from '#src/platform/database/database.ts'
import type { House } from '#src/promises/house.ts'
import '../recruitment/tables.ts'
import './tables.ts'

/** Someone has died: what waits for them is set aside, and nothing is written to them from now on. */
export async function writeNoMore(tx: Tx, house: House, dossier: string): Promise<void> {
  await tx.updateTable('application').set({ died_at: house.clock.now() }).where('dossier_id', '=', dossier).execute()
  await tx
    .updateTable('message')
    .set({ state: 'stuck', error: 'died' })
    .where('dossier_id', '=', dossier)
    .where('state', '!=', 'sent')
    .execute()
}

/** It was noted by mistake: letters are written to them again; what was set aside stays so. */
export async function writeAgain(tx: Tx, dossier: string): Promise<void> {
  await tx.updateTable('application').set({ died_at: null }).where('dossier_id', '=', dossier).execute()
}

/** Everyone who is said to have died and is still held. */
export async function theDead(tx: Tx): Promise<ReadonlySet<string>> {
  const rows = await tx.selectFrom('application').select('dossier_id').where('died_at', 'is not', null).execute()
  return new Set(rows.map(row => row.dossier_id))
}
