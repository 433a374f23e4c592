import type { Generated } from 'kysely'

declare module '#src/platform/database/tables.ts' {
  interface Tables {
    session: {
      id: string
      token_hash: Buffer
      kind: 'resident' | 'staff'
      started_at: Date
      used_at: Date
      second_factor_at: Date | null
      second_factor_tries: Generated<number>
      practising_as: Generated<string | null>
      supporter_id: Generated<string | null>
    }
    session_dossier: { session_id: string; dossier_id: string; in_hand: Generated<boolean> }
    sign_in: {
      id: string
      dossier_id: string
      asked_at: Date
      used_at: Date | null
      tries: Generated<number>
      supporter_id: Generated<string | null>
    }
    staff_notice: { what: string; at: Date }
    address_change: {
      id: string
      dossier_id: string
      asked_at: Date
      confirmed_at: Date | null
      undone_at: Date | null
      tries: Generated<number>
    }
    staff: {
      dossier_id: string
      roles: string[]
      invited_at: Date
      invited_by: string
      activated_at: Date | null
      disabled_at: Date | null
      second_factor: Generated<boolean>
      demo: Generated<boolean>
    }
  }
}
