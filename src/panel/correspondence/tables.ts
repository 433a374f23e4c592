import type { Generated } from 'kysely'

export type MessageState = 'waiting' | 'sent' | 'stuck'

declare module '#src/platform/database/tables.ts' {
  interface Tables {
    message: {
      id: string
      dossier_id: string
      template: string
      detail: unknown
      channel: 'email' | 'letter' | 'call'
      state: MessageState
      queued_at: Date
      sent_at: Date | null
      attempts: number
      error: string | null
      for_supporter: Generated<boolean>
      worded: Generated<string | null>
    }
    letter_words: {
      letter: string
      number: number
      subject: string | null
      body: string | null
      written_by: string
      written_at: Date
      used_by: string | null
      used_at: Date | null
    }
    supporter: {
      id: string
      dossier_id: string
      scope: 'told' | 'acts'
      authority: 'say-so' | 'power-of-attorney' | 'other'
      named_at: Date
      ends_on: string
      agreed_at: Date | null
    }
  }
}
