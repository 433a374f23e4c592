import { randomUUID } from 'node:crypto'
import type { Tx } from '#src/platform/database/database.ts'
import type { House } from '#src/promises/house.ts'
import { record } from '#src/promises/ledger/ledger.ts'
import type { Actor } from '#src/promises/notice/actor.ts'
import { applicantsOf, applicationOf, withdraw } from '../recruitment/application.ts'
import './tables.ts'
import type { Verdict } from './tables.ts'

/** Why something was decided: a code from a short list, and words where there are any (kept sealed). */
export interface Because {
  code: string
  words?: string
}

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
}

/** Why a decision cannot be taken, in one sentence. */
export class CannotDecide extends Error {}

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

/** What stands about each application of a round: the last row counts, and one that undoes leaves nothing. */
export async function decisionsOf(tx: Tx, round: string): Promise<Map<string, Decision>> {
  const rows = await tx.selectFrom('decision').selectAll().where('round_id', '=', round).orderBy('seq').execute()
  const standing = new Map<string, Decision>()
  for (const row of rows)
    if (row.verdict === 'undone') standing.delete(row.dossier_id)
    else
      standing.set(row.dossier_id, {
        verdict: row.verdict,
        reason: row.reason,
        by: row.decided_by,
        at: row.decided_at,
        toldAt: row.told_at,
      })
  return standing
}

/**
 * Decides about applications of one round, one or many: a row each. `seen` names what the officer saw to stand about
 * each of them; where someone else has decided since, nothing is decided and CannotDecide says so.
 */
export async function decide(
  tx: Tx,
  house: House,
  by: Actor,
  ids: readonly string[],
  verdict: Verdict | 'undone',
  reason: Because,
  seen?: ReadonlyMap<string, string>,
): Promise<void> {
  if (!ids.length) return
  const rows = await tx
    .selectFrom('application')
    .select(['dossier_id', 'round_id', 'state'])
    .where('dossier_id', 'in', [...ids])
    .orderBy('dossier_id')
    .forUpdate()
    .execute()
  const round = rows[0]?.round_id
  if (!round || rows.length !== new Set(ids).size || rows.some(row => row.round_id !== round))
    throw new CannotDecide('These are not applications of one round')
  if (rows.some(row => row.state === 'draft')) throw new CannotDecide('An application that was not sent is not decided')
  if (verdict !== 'withdrawn' && rows.some(row => row.state === 'withdrawn'))
    throw new CannotDecide('The person has withdrawn this application')
  const standing = await decisionsOf(tx, round)
  if (verdict !== 'withdrawn' && ids.some(id => standing.get(id)?.toldAt))
    throw new CannotDecide('The person has been told, or offered a place: the decision stands')
  if (seen && ids.some(id => (standing.get(id)?.verdict ?? '') !== (seen.get(id) ?? '')))
    throw new CannotDecide('Someone else has decided about this since you opened the page. Look again')
  const at = house.clock.now()
  for (let from = 0; from < ids.length; from += 2000)
    await tx
      .insertInto('decision')
      .values(
        ids.slice(from, from + 2000).map(dossier_id => ({
          id: randomUUID(),
          round_id: round,
          dossier_id,
          verdict,
          reason: reason.code,
          decided_by: by.id,
          decided_at: at,
          told_at: null,
        })),
      )
      .execute()
  const words = reason.words
  if (words)
    await house.vault.putMany(
      tx,
      by,
      'panel',
      ids.map(id => ({ id, values: { decisionReason: words } })),
    )
  const single = ids.length === 1 ? ids[0] : undefined
  await record(tx, {
    actor: by.id,
    role: by.roles[0] ?? 'system',
    purpose: 'review applications',
    act: 'application decided',
    count: ids.length,
    detail: { round, verdict, reason: reason.code },
    at,
    ...(single ? { subject: single } : {}),
  })
  if (verdict === 'withdrawn')
    for (const id of ids) {
      const application = await applicationOf(tx, id)
      if (application) await withdraw(tx, house, by, application)
    }
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
