import type { Tx } from '#src/platform/database/database.ts'
import type { House } from '#src/promises/house.ts'
import { applicantsOf } from '../recruitment/application.ts'
import './tables.ts'
import type { Verdict } from './tables.ts'

export const verdicts: Record<Verdict, string> = {
  eligible: 'Eligible for the pool',
  'not this time': 'Not this time',
  ineligible: 'Not eligible',
  withdrawn: 'Withdrawn',
}

export const reasons: Record<Verdict, Record<string, string>> = {
  eligible: { scores: 'Readers found the answers suitable', officer: 'Read again by an officer' },
  'not this time': { scores: 'Readers found others more suitable', officer: 'Read again by an officer' },
  ineligible: {
    landlord: 'The landlord is not a member of the Scheme',
    home: 'Does not live in social housing in England',
    terms: 'Has served three terms',
    other: 'Another reason',
  },
  withdrawn: { asked: 'The person asked' },
}

export interface Decision {
  verdict: Verdict
  reason: string
  by: string
  at: Date
  toldAt: Date | null
  act: string | null
}

/**
 * Who can be selected, by dossier id: decided eligible, and their application stands. Where a round was neither reviewed
 * nor decided about, everyone whose application stands.
 */
export async function poolOf(tx: Tx, round: string): Promise<string[]> {
  const all = await applicantsOf(tx, round)
  const standing = await decisionsOf(tx, round)
  const review = await tx.selectFrom('review').select('round_id').where('round_id', '=', round).executeTakeFirst()
  return standing.size || review ? all.filter(id => standing.get(id)?.verdict === 'eligible') : all
}

/** Every decision of a round that came into force, oldest first; with `only`, about one application. */
export function decisionRows(tx: Tx, round: string, only?: string) {
  const rows = tx
    .selectFrom('decision')
    .leftJoin('decision_act', 'decision_act.id', 'decision.act')
    .selectAll('decision')
    .select(['decision_act.ended_at', 'decision_act.ended_by', 'decision_act.alone', 'decision_act.rule'])
    .where('decision.round_id', '=', round)
    .where(eb => eb.or([eb('decision.act', 'is', null), eb('decision_act.state', '=', 'stands')]))
    .orderBy('decision.seq')
  return (only ? rows.where('decision.dossier_id', '=', only) : rows).execute()
}

/** What stands about each application of a round: the last row counts, and one that undoes leaves nothing. */
export async function decisionsOf(tx: Tx, round: string, only?: string): Promise<Map<string, Decision>> {
  const standing = new Map<string, Decision>()
  for (const row of await decisionRows(tx, round, only))
    if (row.verdict === 'undone') standing.delete(row.dossier_id)
    else
      standing.set(row.dossier_id, {
        verdict: row.verdict,
        reason: row.reason,
        by: row.decided_by,
        at: row.ended_at ?? row.decided_at,
        toldAt: row.told_at,
        act: row.act,
      })
  return standing
}

/** Those who are offered a place have been told what was decided: it stands. Called by whoever offers; safe to repeat. */
export async function letDecisionsStand(tx: Tx, house: House, ids: readonly string[]): Promise<void> {
  if (!ids.length) return
  await tx
    .updateTable('decision')
    .set({ told_at: house.clock.now() })
    .where('dossier_id', 'in', [...ids])
    .where('verdict', '=', 'eligible')
    .where('told_at', 'is', null)
    .execute()
}
