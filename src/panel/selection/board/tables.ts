import type { Generated } from 'kysely'
import type { PublishedDraw } from '../publish.ts'

export type RunState =
  | 'running'
  | 'committed'
  | 'drawn'
  | 'accepted'
  | 'set aside'
  | 'infeasible'
  | 'stopped'
  | 'interrupted'
  | 'failed'

/** The least and most people of one group; null where there is no most. */
export interface PlannedQuota {
  feature: string
  value: string
  min: number
  max: number | null
}

/** What made a run end without a lottery: quotas that conflict, and what would mend them. */
export interface Trouble {
  conflict: string[]
  mends: { words: string; reach: number }[]
}

/** A group of people who are alike to the draw. */
export interface RunType {
  features: Record<string, string>
  people: number
  chance: number
}

declare module '#src/platform/database/tables.ts' {
  interface Tables {
    selection_plan: {
      round_id: string
      size: number
      reserves: number
      reference: string
      quotas: PlannedQuota[]
      changed_at: Date
      changed_by: string
    }
    selection_run: {
      id: string
      round_id: string
      state: RunState
      started_at: Date
      started_by: string
      because: string | null
      size: number
      reserves: number
      reference: string
      quotas: PlannedQuota[]
      pool_size: number
      /** How many held a place already, when it was for places that fell free. */
      seated: Generated<number>
      beat_at: Date
      cancel_asked: Generated<boolean>
      progress: Generated<{ step?: string; done?: number; of?: number }>
      trouble: Trouble | null
      types: RunType[] | null
      lottery: Buffer | null
      published: string | null
      salt: string | null
      pool_digest: string | null
      commitment: string | null
      draw: PublishedDraw | null
      drawn_at: Date | null
      checked_at: Date | null
      decision: 'accept' | 'set aside' | null
      decided_at: Date | null
      decided_by: string | null
      decided_because: string | null
      confirmed_at: Date | null
      confirmed_by: string | null
    }
    selection_place: {
      run_id: string
      dossier_id: string
      type: number
      chance: number
      ticket: string
      outcome: 'member' | 'reserve' | 'seated' | null
      position: number | null
    }
  }
}
