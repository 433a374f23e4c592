import type { Generated } from 'kysely'

export type Scale = 'three' | 'five'
export type ReadingState = 'assigned' | 'done' | 'abstained' | 'conflict' | 'released'
export type Verdict = 'eligible' | 'not this time' | 'ineligible' | 'withdrawn'
/** Why someone confirms their own decision about many. */
export type Alone = 'nobody else here' | 'others still read' | 'cannot wait'

/** What readers look for in the answers to one question. */
export interface Criterion {
  question: string
  name: string
  weight: number
  /** A sentence for every value of the scale, the lowest first. */
  values: string[]
}

declare module '#src/platform/database/tables.ts' {
  interface Tables {
    review: {
      round_id: string
      scale: Scale
      readings: number
      cap: number
      deadline: Date
      seed: string
      calibrate: Generated<boolean>
      calibrating_at: Date | null
      opened_at: Date | null
      samples: Generated<string[]>
    }
    review_criteria: {
      round_id: string
      version: number
      criteria: Criterion[]
      made_at: Date
      made_by: string
      because: string | null
    }
    review_reader: {
      round_id: string
      reader: string
      number: number
      declared_at: Date | null
      left_at: Date | null
    }
    review_reading: {
      id: string
      round_id: string
      dossier_id: string
      reader: string
      state: ReadingState
      assigned_at: Date
      done_at: Date | null
      anonymous: Generated<boolean>
      flagged_at: Date | null
      flagged_question: string | null
      looked_at: Date | null
      looked_by: string | null
    }
    review_score: {
      reading_id: string
      dossier_id: string
      question: string
      value: number | null
      version: number
      at: Date
    }
    review_conflict: {
      round_id: string
      dossier_id: string
      reader: string
      how: 'declared' | 'said' | 'typed in'
      at: Date
    }
    review_override: { round_id: string; reader: string; at: Date; because: string }
    review_sample: { round_id: string; reader: string; sample: number; value: number }
    decision: {
      id: string
      seq: Generated<number>
      round_id: string
      dossier_id: string
      verdict: Verdict | 'undone'
      reason: string
      decided_by: string
      decided_at: Date
      told_at: Date | null
      act: string | null
    }
    decision_act: {
      id: string
      round_id: string
      verdict: Verdict | 'undone'
      reason: string
      rule: string | null
      count: number
      decided_by: string
      decided_at: Date
      state: 'waiting' | 'stands' | 'dropped'
      ended_by: string | null
      ended_at: Date | null
      alone: Alone | null
    }
  }
}
