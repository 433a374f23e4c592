import type { Generated } from 'kysely'

/** What was done about a worry, from a closed list; words are sealed. */
export type Outcome = 'reached' | 'given numbers' | 'passed on' | 'no need'

declare module '#src/platform/database/tables.ts' {
  interface Tables {
    concern: {
      id: string
      dossier_id: string
      raised_at: Date
      raised_by: string
      due_at: Date
      closed_at: Date | null
      closed_by: string | null
      outcome: Outcome | null
    }
    concern_lead: { single: Generated<boolean>; lead: string; named_at: Date; named_by: string }
  }
}
