import type { Generated } from 'kysely'

export type ApplicationState = 'draft' | 'sent' | 'withdrawn'
export type ReceivedVia = 'web' | 'phone' | 'post' | 'import'

declare module '#src/platform/database/tables.ts' {
  interface Tables {
    round: {
      id: string
      name: string
      opens_at: Date
      closes_at: Date
      term_starts_on: string
      target_size: number
      reserve_size: number
      rules: unknown
      words: unknown
      created_at: Date
      published_at: Date | null
      closed_early_at: Date | null
      closed_early_because: string | null
      world: Generated<string>
    }
    question: {
      id: string
      round_id: string
      position: number
      title: string
      hint: Generated<string>
      most_characters: number
    }
    landlord: { id: string; name: string; listed_at: Date }
    told_apart: {
      dossier_id: string
      other_id: string
      told_by: string
      told_at: Date
    }
    application: {
      dossier_id: string
      round_id: string
      reference: string
      state: ApplicationState
      started_at: Date
      sent_at: Date | null
      changed_at: Date
      withdrawn_at: Date | null
      died_at: Generated<Date | null>
      received_via: ReceivedVia
      received_on: string | null
      entered_by: string | null
      entered_once: Generated<string | null>
      notice_version: string
      notice_given_how: string
      notice_given_at: Date
      pages_done: Generated<string[]>
      windows: Generated<unknown>
      landlord_unlisted: Generated<boolean>
      marked_special: Generated<boolean>
      email_confirmed_at: Date | null
      reminded_at: Date | null
    }
  }
}
