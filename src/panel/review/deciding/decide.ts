import { randomUUID } from 'node:crypto'
import type { Tx } from '#src/platform/database/database.ts'
import type { House } from '#src/promises/house.ts'
import { record } from '#src/promises/ledger/ledger.ts'
import type { Actor } from '#src/promises/notice/actor.ts'
import { applicationOf, withdraw } from '../../recruitment/application.ts'
import { assignIn } from '../assign.ts'
import { decisionsOf } from '../decisions.ts'
import type { Verdict } from '../tables.ts'
import { addWords } from './words.ts'

/** Why something was decided: a code from a short list, words where there are any (kept sealed), and the rule that named the people. */
export interface Because {
  code: string
  words?: string
  rule?: string
}

/** Why a decision cannot be taken, in one sentence. */
export class CannotDecide extends Error {}

/**
 * Decides about applications of one round: a row each, in force at once. `seen` names what the officer saw to stand about
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
  const written = await write(tx, house, by, ids, verdict, reason, 'stands', seen)
  if (written) await takeEffect(tx, house, by, written.round, ids, verdict)
}

/** Proposes a decision about many: it waits until someone else confirms it. Returns the act. */
export async function propose(
  tx: Tx,
  house: House,
  by: Actor,
  ids: readonly string[],
  verdict: Verdict | 'undone',
  reason: Because,
  seen?: ReadonlyMap<string, string>,
): Promise<string> {
  const written = await write(tx, house, by, ids, verdict, reason, 'waiting', seen)
  if (!written) throw new CannotDecide('Nobody is left to decide about')
  return written.act
}

/** What follows once a decision is in force: nobody reads on, or reading goes on again; whoever withdrew is told. */
export async function takeEffect(
  tx: Tx,
  house: House,
  by: Actor,
  round: string,
  ids: readonly string[],
  verdict: Verdict | 'undone',
): Promise<void> {
  if (verdict === 'undone') {
    await assignIn(tx, house, by, round)
    return
  }
  for (let from = 0; from < ids.length; from += 5000)
    await tx
      .updateTable('review_reading')
      .set({ state: 'released' })
      .where('dossier_id', 'in', ids.slice(from, from + 5000))
      .where('state', '=', 'assigned')
      .execute()
  if (verdict !== 'withdrawn') return
  for (const id of ids) {
    const application = await applicationOf(tx, id)
    if (application) await withdraw(tx, house, by, application)
  }
}

async function write(
  tx: Tx,
  house: House,
  by: Actor,
  ids: readonly string[],
  verdict: Verdict | 'undone',
  reason: Because,
  state: 'stands' | 'waiting',
  seen?: ReadonlyMap<string, string>,
): Promise<{ round: string; act: string } | undefined> {
  if (!ids.length) return undefined
  const round = await whyNot(tx, ids, verdict, seen)
  const at = house.clock.now()
  const act = randomUUID()
  const what = { round_id: round, verdict, reason: reason.code, decided_by: by.id, decided_at: at }
  await tx
    .insertInto('decision_act')
    .values({
      ...what,
      id: act,
      rule: reason.rule ?? null,
      count: ids.length,
      state,
      ended_by: null,
      ended_at: null,
      alone: null,
    })
    .execute()
  for (let from = 0; from < ids.length; from += 2000)
    await tx
      .insertInto('decision')
      .values(
        ids.slice(from, from + 2000).map(dossier_id => ({ ...what, id: randomUUID(), dossier_id, told_at: null, act })),
      )
      .execute()
  if (reason.words) await addWords(tx, house, by, ids, at, reason.words)
  const single = ids.length === 1 ? ids[0] : undefined
  await record(tx, {
    actor: by.id,
    role: by.roles[0] ?? 'system',
    purpose: 'review applications',
    act: state === 'stands' ? 'application decided' : 'decisions proposed',
    count: ids.length,
    detail: { round, verdict, reason: reason.code, act },
    at,
    ...(single ? { subject: single } : {}),
  })
  return { round, act }
}

/** The round of these applications, once nothing stands in the way of a decision. Throws CannotDecide. */
async function whyNot(
  tx: Tx,
  ids: readonly string[],
  verdict: Verdict | 'undone',
  seen?: ReadonlyMap<string, string>,
): Promise<string> {
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
  if (verdict === 'undone' && ids.some(id => !standing.has(id)))
    throw new CannotDecide('There is no decision to take back')
  if (verdict !== 'withdrawn' && ids.some(id => standing.get(id)?.toldAt))
    throw new CannotDecide('The person has been told, or offered a place: the decision stands')
  if (seen && ids.some(id => (standing.get(id)?.verdict ?? '') !== (seen.get(id) ?? '')))
    throw new CannotDecide('Someone else has decided about this since you opened the page. Look again')
  return round
}
