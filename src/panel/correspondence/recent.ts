import type { Tx } from '#src/platform/database/database.ts'
import './tables.ts'

/** Codes and confirmations that people ask for themselves: not something that we wrote to them. */
const asked = ['sign-in code', 'confirm address']

/** When each of these people was last written to since an instant; who was not is left out. */
export async function lastWritten(tx: Tx, ids: readonly string[], since: Date): Promise<Map<string, Date>> {
  const last = new Map<string, Date>()
  for (let from = 0; from < ids.length; from += 5000) {
    const rows = await tx
      .selectFrom('message')
      .select(({ fn }) => ['dossier_id', fn.max('queued_at').as('at')])
      .where('dossier_id', 'in', ids.slice(from, from + 5000))
      .where('queued_at', '>=', since)
      .where('template', 'not in', asked)
      .groupBy('dossier_id')
      .execute()
    for (const row of rows) last.set(row.dossier_id, row.at)
  }
  return last
}
