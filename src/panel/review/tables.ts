import type { Generated } from 'kysely'

export type Scale = 'suitable' | 'five'
export type Verdict = 'pool' | 'not this time' | 'ineligible' | 'undecided'
/** What a question is read for: a name, and a sentence for every value of the scale, the lowest first. */
export interface Criterion {
  question: string
  name: string
  values: string[]
}

declare module '#src/platform/database/tables.ts' {
  interface Tables {
    review_plan: {
      round_id: string
      scale: Scale
      readings: number
      cap: number | null
      deadline: string
      criteria: Criterion[]
      version: Generated<number>
      begun_at: Date | null
      begun_by: string | null
    }
    review_reader: {
      round_id: string
      staff_id: string
      declared_at: Date | null
      landlords: Generated<string[]>
      areas: Generated<string[]>
      left_at: Date | null
    }
    review_reading: {
      id: string
      round_id: string
      dossier_id: string
      staff_id: string
      assigned_at: Date
      state: 'open' | 'done' | 'ended'
      ended_because: string | null
      done_at: Date | null
      anonymous: Generated<boolean>
      flagged: Generated<boolean>
    }
    review_score: { reading_id: string; question_id: string; score: number | null; version: number; scored_at: Date }
    review_decision: {
      id: Generated<number>
      round_id: string
      dossier_id: string
      verdict: Verdict
      reason: string
      decided_at: Date
      decided_by: string
      told_at: Date | null
    }
  }
}
