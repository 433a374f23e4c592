import type { Generated } from 'kysely'

export type OfferState = 'offered' | 'accepted' | 'declined' | 'lapsed' | 'ended'
export type LeftBecause = 'resigned' | 'removed' | 'died' | 'term ended'

declare module '#src/platform/database/tables.ts' {
  interface Tables {
    offer: {
      id: string
      round_id: string
      dossier_id: string
      seat: number
      state: OfferState
      offered_at: Date
      answer_by: string
      reminded_at: Date | null
      answered_at: Date | null
      answered_via: 'web' | 'phone' | 'post' | null
      charter_version: number | null
    }
    member: {
      dossier_id: string
      round_id: string
      seat: number
      term_number: number
      starts_on: string
      ends_on: string
      appointed_at: Date
      paused_at: Date | null
      left_on: string | null
      left_because: LeftBecause | null
      left_by: string | null
      confirmed_by: string | null
      end_told_at: Generated<Date | null>
    }
  }
}
