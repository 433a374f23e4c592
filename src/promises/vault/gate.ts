import type { Tx } from '#src/platform/database/database.ts'
import './tables.ts'

/** What may be done with special-category data today. */
export interface Gate {
  /** Equality questions may be asked, and ethnicity counted. */
  ethnicity: boolean
  /** Adjustments may be asked about. */
  askAdjustments: boolean
  /** Adjustments already agreed may be read: by the condition, or by the ground chosen for a lapse. */
  readAdjustments: boolean
  /** The last day of the policy document in force; undefined when there is none. */
  until?: string
}

/**
 * Special-category data may be processed only while a reviewed policy document is in place (DPA 2018 Sch 1 paras 5 and
 * 39), adjustments only under the condition that the DPO has set.
 */
export async function gateOn(tx: Tx, today: string): Promise<Gate> {
  const latest = await tx
    .selectFrom('policy_document')
    .selectAll()
    .where('withdrawn_at', 'is', null)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
  const inForce = latest !== undefined && latest.review_by >= today
  const condition = latest?.adjustments_condition != null
  return {
    ethnicity: inForce,
    askAdjustments: inForce && condition,
    readAdjustments: condition && (inForce || latest.lapse_ground != null),
    ...(inForce ? { until: latest.review_by } : {}),
  }
}
