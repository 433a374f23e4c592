import type { Tx } from '#src/platform/database/database.ts'
import type { Mailer } from '#src/platform/mail/mailer.ts'
import type { Deleter } from '#src/promises/retention/elsewhere.ts'
import type { Elsewhere } from '#src/promises/retention/reach.ts'
import './tables.ts'

/** What the mail service has of these dossiers: the letters that were handed to it, by their Message-IDs. */
export async function mailedTo(tx: Tx, dossiers: readonly string[]): Promise<Elsewhere[]> {
  const rows = await tx
    .selectFrom('message')
    .select(['id', 'dossier_id'])
    .where('dossier_id', 'in', [...dossiers])
    .where('channel', '=', 'email')
    .where('attempts', '>', 0)
    .execute()
  const handles = new Map<string, string[]>()
  for (const row of rows) handles.set(row.dossier_id, [...(handles.get(row.dossier_id) ?? []), row.id])
  return [...handles].map(([dossier, ids]) => ({ dossier, processor: 'mail service', handles: ids }))
}

/** Asks the mail service to forget letters, where it can be asked by machine. */
export function mailDeleter(mailer: Mailer): Deleter {
  return { processor: 'mail service', remove: async handles => mailer.forget?.(handles) }
}
