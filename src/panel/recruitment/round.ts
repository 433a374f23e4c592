import { randomUUID } from 'node:crypto'
import type { Selectable } from 'kysely'
import { z } from 'zod'
import { addDays } from '#src/platform/calendar/dates.ts'
import { londonDate } from '#src/platform/calendar/london.ts'
import type { Tx } from '#src/platform/database/database.ts'
import type { Tables } from '#src/platform/database/tables.ts'
import type { House } from '#src/promises/house.ts'
import { type Detail, record } from '#src/promises/ledger/ledger.ts'
import type { Actor } from '#src/promises/notice/actor.ts'
import { noticeInForce } from '#src/promises/publishing/version.ts'
import { applicantExpiry } from '#src/promises/retention/due/expiry.ts'
import { gateOn } from '#src/promises/vault/gate.ts'
import { type RoundPlan, type Rules, rulesSchema, wordsSchema } from './rounds/plan.ts'
import './tables.ts'

/** A recruitment period. */
export interface Round {
  id: string
  name: string
  opensAt: Date
  closesAt: Date
  termStartsOn: string
  targetSize: number
  reserveSize: number
  rules: Rules
  words: { start: string }
  publishedAt: Date | null
  closedEarlyAt: Date | null
  closedEarlyBecause: string | null
}

export interface Question {
  id: string
  title: string
  hint: string
  mostCharacters: number
}

export type RoundState = 'draft' | 'waiting' | 'open' | 'closed'

/** What state a round is in at an instant. */
export function stateOf(
  round: Pick<Round, 'publishedAt' | 'opensAt' | 'closesAt' | 'closedEarlyAt'>,
  now: Date,
): RoundState {
  if (!round.publishedAt) return 'draft'
  if (now < round.opensAt) return 'waiting'
  return now < endOf(round) ? 'open' : 'closed'
}

/** The instant from which nothing more is taken: the closing time, or an earlier close. */
export function endOf(round: Pick<Round, 'closesAt' | 'closedEarlyAt'>): Date {
  return round.closedEarlyAt && round.closedEarlyAt < round.closesAt ? round.closedEarlyAt : round.closesAt
}

/**
 * The day on which an unsent draft of the round is gone (a record lives through the day before), and the day on which
 * a sent application is.
 */
export function expiriesOf(round: Pick<Round, 'closesAt' | 'closedEarlyAt'>): { draft: string; sent: string } {
  const closing = londonDate(endOf(round))
  return { draft: addDays(closing, 1), sent: applicantExpiry(closing) }
}

/** The round that takes applications now. */
export async function openRound(tx: Tx, now: Date): Promise<Round | undefined> {
  const all = await rounds(tx)
  return all.find(round => stateOf(round, now) === 'open')
}

/** Every round, the newest first; in a practice, those of the practice. */
export async function rounds(tx: Tx): Promise<Round[]> {
  const query = tx.selectFrom('round').selectAll().orderBy('opens_at', 'desc')
  return (await query.execute()).map(roundOf)
}

/** The round of an id; undefined when there is none, or the id is not one. */
export async function roundById(tx: Tx, id: string): Promise<Round | undefined> {
  if (!z.uuid().safeParse(id).success) return undefined
  const row = await tx.selectFrom('round').selectAll().where('id', '=', id).executeTakeFirst()
  return row && roundOf(row)
}

/** What a round asks about skills and experience, in order. */
export async function questionsOf(tx: Tx, roundId: string): Promise<Question[]> {
  const rows = await tx.selectFrom('question').selectAll().where('round_id', '=', roundId).orderBy('position').execute()
  return rows.map(row => ({ id: row.id, title: row.title, hint: row.hint, mostCharacters: row.most_characters }))
}

/** Creates a round as a draft. Returns its id. */
export async function createRound(tx: Tx, house: House, by: Actor, plan: RoundPlan): Promise<string> {
  const id = randomUUID()
  const now = house.clock.now()
  const born = { id, created_at: now, published_at: null, closed_early_at: null, closed_early_because: null }
  await tx
    .insertInto('round')
    .values({ ...born, ...columnsOf(plan) })
    .execute()
  await writeQuestions(tx, id, plan)
  await note(tx, house, by, 'round created', id)
  return id
}

/** Changes a round that is still a draft; a published one stays as it was and the answer is false. */
export async function changeRound(tx: Tx, house: House, by: Actor, id: string, plan: RoundPlan): Promise<boolean> {
  const held = await lockRound(tx, id)
  if (!held || held.publishedAt) return false
  await tx.updateTable('round').set(columnsOf(plan)).where('id', '=', id).execute()
  await tx.deleteFrom('question').where('round_id', '=', id).execute()
  await writeQuestions(tx, id, plan)
  await note(tx, house, by, 'round changed', id)
  return true
}

/** Why a round cannot be published yet, in one sentence; undefined when it can. */
export async function whyNotPublish(tx: Tx, house: House, round: Round): Promise<string | undefined> {
  const now = house.clock.now()
  if (round.closesAt <= now) return 'The closing date has passed: change it first'
  if (!(await noticeInForce(tx))) return 'No privacy notice is in force: the data protection officer approves one first'
  const gate = await gateOn(tx, londonDate(now))
  if (!gate.ethnicity) return 'No policy document is in force: the data protection officer adds one first'
  if (!gate.askAdjustments)
    return 'No condition for adjustments has been set: the data protection officer chooses one first'
  return whyNotThen(tx, round, round.closesAt)
}

/** Publishes a round: it opens by itself at its instant. Returns why it cannot be, in one sentence. Safe to repeat. */
export async function publish(tx: Tx, house: House, by: Actor, id: string): Promise<string | undefined> {
  const round = await lockRound(tx, id)
  if (!round) return 'There is no such round'
  if (round.publishedAt) return undefined
  const why = await whyNotPublish(tx, house, round)
  if (why) return why
  await tx.updateTable('round').set({ published_at: house.clock.now() }).where('id', '=', id).execute()
  await note(tx, house, by, 'round published', id)
  return undefined
}

/**
 * Gives a published round a later closing; every record's date moves with it, and that is recorded. Returns why it
 * cannot be moved, in one sentence.
 */
export async function extend(tx: Tx, house: House, by: Actor, id: string, closesAt: Date): Promise<string | undefined> {
  const round = await lockRound(tx, id)
  const state = round && stateOf(round, house.clock.now())
  if (!round || state === 'draft' || state === 'closed') return 'Only a round that has not closed can be extended'
  if (closesAt <= round.closesAt) return 'The new closing date and time must be later than the present one'
  if (round.termStartsOn <= londonDate(closesAt)) return 'The round must close before the term starts'
  const why = await whyNotThen(tx, round, closesAt)
  if (why) return why
  await tx.updateTable('round').set({ closes_at: closesAt }).where('id', '=', id).execute()
  await note(tx, house, by, 'round extended', id, { closesAt: closesAt.toISOString() })
  await moveDates(tx, house, by, { ...round, closesAt }, 'round extended')
  return undefined
}

/** Closes an open round now, for a reason that people can read. Returns why it cannot be closed, in one sentence. */
export async function closeEarly(
  tx: Tx,
  house: House,
  by: Actor,
  id: string,
  because: string,
): Promise<string | undefined> {
  const round = await lockRound(tx, id)
  const now = house.clock.now()
  if (!round || stateOf(round, now) !== 'open') return 'Only an open round can be closed early'
  const closed = { closed_early_at: now, closed_early_because: because }
  await tx.updateTable('round').set(closed).where('id', '=', id).execute()
  await note(tx, house, by, 'round closed early', id)
  await moveDates(tx, house, by, { ...round, closedEarlyAt: now }, 'round closed early')
  return undefined
}

/** One round open at a time; the database holds it too (`one_open_round`). */
async function whyNotThen(tx: Tx, round: Round, closesAt: Date): Promise<string | undefined> {
  const others = (await rounds(tx)).filter(other => other.id !== round.id && other.publishedAt)
  const clash = others.find(other => round.opensAt < endOf(other) && other.opensAt < closesAt)
  return clash && `Only one round can be open at a time, and “${clash.name}” is open on those dates`
}

async function moveDates(tx: Tx, house: House, by: Actor, round: Round, why: string): Promise<void> {
  const { draft, sent } = expiriesOf(round)
  const query = tx.selectFrom('application').select(['dossier_id', 'state']).where('round_id', '=', round.id)
  const held = await query.execute()
  const idsOf = (isDraft: boolean) => held.filter(row => (row.state === 'draft') === isDraft).map(row => row.dossier_id)
  await house.vault.moveExpiry(tx, by, idsOf(true), draft, why)
  await house.vault.moveExpiry(tx, by, idsOf(false), sent, why)
}

async function lockRound(tx: Tx, id: string): Promise<Round | undefined> {
  if (!z.uuid().safeParse(id).success) return undefined
  const row = await tx.selectFrom('round').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
  return row && roundOf(row)
}

async function writeQuestions(tx: Tx, round: string, plan: RoundPlan): Promise<void> {
  const rows = plan.questions.map(({ title, hint, mostCharacters }, at) => ({
    id: randomUUID(),
    round_id: round,
    position: at + 1,
    title,
    hint,
    most_characters: mostCharacters,
  }))
  if (rows.length) await tx.insertInto('question').values(rows).execute()
}

function note(tx: Tx, house: House, by: Actor, act: string, round: string, detail: Detail = {}): Promise<void> {
  const role = by.roles[0] ?? 'system'
  const at = house.clock.now()
  return record(tx, { actor: by.id, role, purpose: 'administer the panel', act, detail: { round, ...detail }, at })
}

function columnsOf(plan: RoundPlan) {
  return {
    name: plan.name,
    opens_at: plan.opensAt,
    closes_at: plan.closesAt,
    term_starts_on: plan.termStartsOn,
    target_size: plan.targetSize,
    reserve_size: plan.reserveSize,
    rules: JSON.stringify(plan.rules),
    words: JSON.stringify({ start: plan.startWords }),
  }
}

function roundOf(row: Selectable<Tables['round']>): Round {
  return {
    id: row.id,
    name: row.name,
    opensAt: row.opens_at,
    closesAt: row.closes_at,
    termStartsOn: row.term_starts_on,
    targetSize: row.target_size,
    reserveSize: row.reserve_size,
    rules: rulesSchema.parse(row.rules),
    words: wordsSchema.parse(row.words),
    publishedAt: row.published_at,
    closedEarlyAt: row.closed_early_at,
    closedEarlyBecause: row.closed_early_because,
  }
}
