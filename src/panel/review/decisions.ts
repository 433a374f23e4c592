import { tell } from '#src/panel/correspondence/tell.ts'
import { sayDate } from '#src/platform/calendar/london.ts'
import type { Tx } from '#src/platform/database/database.ts'
import type { House } from '#src/promises/house.ts'
import type { Actor } from '#src/promises/notice/actor.ts'
import { system } from '#src/promises/notice/actor.ts'
import { applicantsOf } from '../recruitment/application.ts'
import type { Round } from '../recruitment/round.ts'
import { expiriesOf } from '../recruitment/round.ts'
import { note } from './plan.ts'
import type { Verdict } from './tables.ts'

export const verdicts: Record<Verdict, string> = {
  pool: 'In the pool',
  'not this time': 'Not this time',
  ineligible: 'Not eligible',
  undecided: 'Not decided',
}
export const reasons = {
  'readers agree': 'The readers agree',
  'officer read it': 'An officer read it',
  'landlord not covered': 'The landlord is not covered by the Scheme',
  'three terms served': 'Three terms were served before',
  'put right': 'An earlier decision is put right',
} as const
export type Reason = keyof typeof reasons

/** Decides about applications; a decision is a row, and another row puts it right until the person was told. */
export async function decide(
  tx: Tx,
  house: House,
  by: Actor,
  round: string,
  ids: readonly string[],
  verdict: Verdict,
  reason: Reason,
): Promise<number> {
  const standing = new Set(await applicantsOf(tx, round))
  const told = await tx
    .selectFrom('review_decision')
    .select('dossier_id')
    .where('round_id', '=', round)
    .where('told_at', 'is not', null)
    .execute()
  for (const { dossier_id } of told) standing.delete(dossier_id)
  const now = await verdictsOf(tx, round)
  const open = ids.filter(id => standing.has(id) && now.get(id) !== verdict)
  const at = house.clock.now()
  const rows = open.map(dossier_id => ({
    round_id: round,
    dossier_id,
    verdict,
    reason,
    decided_at: at,
    decided_by: by.id,
    told_at: null,
  }))
  for (let from = 0; from < rows.length; from += 2000)
    await tx
      .insertInto('review_decision')
      .values(rows.slice(from, from + 2000))
      .execute()
  const [single] = open
  await note(
    tx,
    house,
    by,
    'decided',
    { round, verdict, reason, count: open.length },
    open.length === 1 ? single : undefined,
  )
  return open.length
}

/** The verdict that counts for each application of a round: its newest decision. */
export async function verdictsOf(tx: Tx, round: string): Promise<Map<string, Verdict>> {
  const rows = await tx
    .selectFrom('review_decision')
    .select(['dossier_id', 'verdict'])
    .where('round_id', '=', round)
    .orderBy('id')
    .execute()
  return new Map(rows.map(row => [row.dossier_id, row.verdict]))
}

/** Who can be drawn: decided into the pool. Where nothing was decided at all, everyone whose application stands. */
export async function poolOf(tx: Tx, round: string): Promise<string[]> {
  const all = await applicantsOf(tx, round)
  const decided = await verdictsOf(tx, round)
  return decided.size ? all.filter(id => decided.get(id) === 'pool') : all
}

/** Tells those who were not chosen, kindly and once: what happens to their data, and when it is deleted. */
export async function tellNotThisTime(tx: Tx, house: House, by: Actor, round: Round): Promise<number> {
  const decided = await verdictsOf(tx, round.id)
  const at = house.clock.now()
  const untold = await tx
    .updateTable('review_decision')
    .set({ told_at: at })
    .where('round_id', '=', round.id)
    .where('told_at', 'is', null)
    .where('verdict', 'in', ['not this time', 'ineligible'])
    .returning('dossier_id')
    .execute()
  const ids = [...new Set(untold.map(row => row.dossier_id))].filter(id =>
    ['not this time', 'ineligible'].includes(decided.get(id) ?? ''),
  )
  const detail = {
    round: round.name,
    deleted: sayDate(expiriesOf(round).sent),
    link: `${house.config.baseUrl}/me/data`,
  }
  await tell(tx, house, system('review'), ids, 'not this time', detail)
  await note(tx, house, by, 'told not this time', { round: round.id, count: ids.length })
  return ids.length
}
