import type { Generated } from 'kysely'

export type HoldGround = 'legal matter' | 'restriction' | 'rights request'

declare module '#src/platform/database/tables.ts' {
  interface Tables {
    certificate: {
      id: Generated<number>
      dossier_was: string
      kind: string
      reason: string
      keys_at: Date
      rows_at: Date
      processors: string[]
      sha256: Buffer
    }
    hold: {
      id: Generated<number>
      dossier_id: string
      ground: HoldGround
      placed_at: Date
      placed_by: string
      review_on: string
      matter: string | null
      approved_by: string | null
      approved_at: Date | null
      lifted_at: Date | null
      lifted_by: string | null
    }
    processor_deletion: {
      id: string
      processor: string
      dossier_was: string
      handles: string[]
      queued_at: Date
      asked_at: Date | null
      receipt: string | null
      answered_at: Date | null
      answered_by: string | null
      tail_ends: string | null
    }
    sweep_pause: {
      id: Generated<number>
      since: Date
      reason: string
      lifted_at: Date | null
      lifted_by: string | null
    }
  }
}
