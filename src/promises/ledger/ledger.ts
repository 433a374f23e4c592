import type { Generated } from 'kysely'
import type { Tx } from '#src/platform/database/database.ts'
import { isPractice, worldNow } from '#src/platform/database/world.ts'
import type { Purpose, Role } from '../notice/purposes.ts'

declare module '#src/platform/database/tables.ts' {
  interface Tables {
    ledger_entry: {
      id: Generated<number>
      txid: Generated<string>
      at: Date
      actor: string
      role: string
      purpose: string
      act: string
      subject: string | null
      count: Generated<number>
      detail: Generated<Detail>
    }
    ledger_leaf: { index: number; entry: number; hash: Buffer }
    ledger_head: { size: number; root: Buffer; at: Date; signature: Buffer; state: Buffer }
  }
}

/** Codes, counts, instants and ids alone: never a word that a person typed. */
export type Detail = { [name: string]: string | number | boolean | readonly string[] | null }

export interface Act {
  /** Who did it: a staff or resident dossier's id, or `system:part`. */
  actor: string
  role: Role
  purpose: Purpose
  /** What was done, in the past tense: "application sent". */
  act: string
  subject?: string
  count?: number
  detail?: Detail
  at: Date
}

/**
 * Writes what is being done into the ledger, in the transaction that does it. What is done to invented people says so,
 * and who practises: it is no act of the panel, and nothing that counts acts takes it for one.
 */
export async function record(tx: Tx, act: Act): Promise<void> {
  const practice = isPractice() ? { practice: worldNow() } : {}
  await tx
    .insertInto('ledger_entry')
    .values({
      at: act.at,
      actor: act.actor,
      role: act.role,
      purpose: act.purpose,
      act: isPractice() ? `practice: ${act.act}` : act.act,
      subject: act.subject ?? null,
      count: act.count ?? 1,
      detail: JSON.stringify({ ...act.detail, ...practice }) as unknown as Detail,
    })
    .execute()
}
