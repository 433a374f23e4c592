import type { ColumnType, Generated } from 'kysely'

declare module '#src/platform/database/tables.ts' {
  interface Tables {
    purpose: { name: string; sees_restricted: boolean }
    purpose_field: { purpose: string; kind: string; field: string }
    dossier: {
      id: string
      kind: string
      born_at: Date
      expires_on: string
      restricted_at: Date | null
      held_at: Date | null
    }
    sealed_value: { dossier_id: string; kind: string; field: string; sealed: Buffer }
    practice: { world: string; started_at: Date; ends_on: string; ended_at: Date | null }
    practice_dossier: { id: string; world: string }
    stopped_purpose: { dossier_id: string; purpose: string; stopped_at: Date }
    opening: {
      id: Generated<number>
      dossier_id: string
      at: Date
      actor: string
      role: string
      purpose: string
      fields: string[]
    }
    policy_document: {
      id: Generated<number>
      approved_at: Date
      approved_by: string
      review_by: string
      adjustments_condition: string | null
      lapse_ground: string | null
      said: ColumnType<unknown, string | undefined, string>
      withdrawn_at: Date | null
    }
  }
}
