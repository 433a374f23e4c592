import { createHash } from 'node:crypto'
import type { Tx } from '#src/platform/database/database.ts'
import type { House } from '#src/promises/house.ts'
import type { Actor } from '#src/promises/notice/actor.ts'
import { answersValue } from '../recruitment/values.ts'
import { by, give, note, planOf, scales } from './plan.ts'

/** One answer to be read: which reading and question, and nothing about whose it is. */
export interface Answer {
  reading: string
  question: string
}

/**
 * What a reader has still to score, one answer at a time across applicants, in an order of their own: random, and the same
 * each time they come back.
 */
export async function queueOf(tx: Tx, actor: Actor, round: string): Promise<Answer[]> {
  const plan = await planOf(tx, round)
  const open = await tx
    .selectFrom('review_reading')
    .select('id')
    .where('round_id', '=', round)
    .where('staff_id', '=', actor.id)
    .where('state', '=', 'open')
    .execute()
  if (!plan?.begun_at || !open.length) return []
  const ids = open.map(row => row.id)
  const scored = await tx
    .selectFrom('review_score')
    .select(['reading_id', 'question_id'])
    .where('reading_id', 'in', ids)
    .execute()
  const done = new Set(scored.map(row => `${row.reading_id} ${row.question_id}`))
  const order = (one: Answer) => createHash('sha256').update(`${actor.id}/${one.reading}/${one.question}`).digest('hex')
  return ids
    .flatMap(reading => plan.criteria.map(({ question }) => ({ reading, question })))
    .filter(one => !done.has(`${one.reading} ${one.question}`))
    .map(one => ({ one, key: order(one) }))
    .sort((a, b) => (a.key < b.key ? -1 : 1))
    .map(({ one }) => one)
}

/** A reading that is the reader's own and may be read now; undefined for everyone else's, and for one that has ended. */
export async function readingOf(tx: Tx, actor: Actor, id: string) {
  return tx
    .selectFrom('review_reading')
    .selectAll()
    .where('id', '=', id)
    .where('staff_id', '=', actor.id)
    .where('state', '!=', 'ended')
    .executeTakeFirst()
}

/**
 * The answers of a reading as a reader may see them: opened to review applications, and with the applicant's own name,
 * addresses, numbers and landlord masked by machine before anybody sees them.
 */
export async function answersOf(tx: Tx, house: House, actor: Actor, dossier: string): Promise<Map<string, string>> {
  const ask = { by: actor, for: 'review applications', fields: ['answers'], related: [dossier] } as const
  const [opened] = await house.vault.open(tx, 'panel', ask, [dossier])
  const own = { by, for: 'administer the panel', fields: ['name', 'email', 'phone', 'landlord'] } as const
  const [known] = await house.vault.open(tx, 'panel', own, [dossier])
  const answers = answersValue.read(opened?.answers) ?? {}
  const hide = [known?.name, known?.email, known?.phone, known?.landlord].filter(one => one !== undefined)
  return new Map(Object.entries(answers).map(([question, text]) => [question, masked(text, hide, known?.name)]))
}

/** Text without these words: whole, and each part of the name by itself. */
export function masked(text: string, hide: readonly string[], name = ''): string {
  const parts = [...hide, ...name.split(/\s+/).filter(part => part.length > 2)]
  let shown = text
  for (const part of parts.sort((a, b) => b.length - a.length)) {
    const pattern = part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(/\s+/g, '\\s+')
    shown = shown.replace(new RegExp(`(?<![\\p{L}\\p{N}])${pattern}(?![\\p{L}\\p{N}])`, 'giu'), '▇▇▇')
  }
  return shown.replace(/[^\s@]+@[^\s@]+\.[^\s@]+/g, '▇▇▇').replace(/(?:\+44|0)[\d ()-]{8,}\d/g, '▇▇▇')
}

/** Why a score is not taken, in one sentence. */
export class NotTaken extends Error {}

/** Keeps a score (or an abstention, null) with the version of the criteria it was given under; the last one counts. */
export async function score(
  tx: Tx,
  house: House,
  actor: Actor,
  answer: Answer,
  value: number | null,
  reason: string,
): Promise<void> {
  const reading = await readingOf(tx, actor, answer.reading)
  const plan = reading && (await planOf(tx, reading.round_id))
  if (!reading || !plan) throw new NotTaken('This answer is not yours to read')
  if (reading.state === 'done') throw new NotTaken('This application is read: your scores stand')
  if (plan.deadline < house.clock.now().toISOString().slice(0, 10)) throw new NotTaken('The time for reading is over')
  if (!plan.criteria.some(one => one.question === answer.question)) throw new NotTaken('There is no such question')
  if (value !== null && !scales[plan.scale].values.includes(value))
    throw new NotTaken('Select a score, or that you abstain')
  const kept = { score: value, version: plan.version, scored_at: house.clock.now() }
  await tx
    .insertInto('review_score')
    .values({ reading_id: answer.reading, question_id: answer.question, ...kept })
    .onConflict(on => on.columns(['reading_id', 'question_id']).doUpdateSet(kept))
    .execute()
  if (reason) await keepReason(tx, house, actor, reading.dossier_id, answer, reason)
  const scored = await tx
    .selectFrom('review_score')
    .select(['question_id'])
    .where('reading_id', '=', answer.reading)
    .execute()
  if (scored.length < plan.criteria.length) return
  await tx
    .updateTable('review_reading')
    .set({ state: 'done', done_at: house.clock.now() })
    .where('id', '=', answer.reading)
    .execute()
  await note(tx, house, actor, 'application read', {}, reading.dossier_id)
  await perhapsAnother(tx, house, reading.round_id, reading.dossier_id)
}

/** Reasons are personal data: sealed in the applicant's record, who may ask to read them. */
async function keepReason(
  tx: Tx,
  house: House,
  actor: Actor,
  dossier: string,
  answer: Answer,
  reason: string,
): Promise<void> {
  await tx.selectFrom('application').select('dossier_id').where('dossier_id', '=', dossier).forUpdate().execute()
  const ask = { by, for: 'review applications', fields: ['reviewReasons'] } as const
  const [held] = await house.vault.open(tx, 'panel', ask, [dossier])
  const all: Record<string, string> = held?.reviewReasons ? JSON.parse(held.reviewReasons) : {}
  const reviewReasons = JSON.stringify({ ...all, [`${answer.reading}/${answer.question}`]: reason })
  await house.vault.put(tx, actor, 'panel', dossier, { reviewReasons })
}

/**
 * Asks for another reading where one is not enough: with "suitable, unsure, not suitable" a second for anything but
 * suitable; and a further one when two readers of an answer are two or more apart.
 */
async function perhapsAnother(tx: Tx, house: House, round: string, dossier: string): Promise<void> {
  const plan = await planOf(tx, round)
  const readings = await tx
    .selectFrom('review_reading')
    .select(['id', 'state'])
    .where('dossier_id', '=', dossier)
    .execute()
  const done = readings.filter(one => one.state === 'done')
  if (!plan || readings.some(one => one.state === 'open')) return
  const scores = await tx
    .selectFrom('review_score')
    .select(['question_id', 'score'])
    .where(
      'reading_id',
      'in',
      done.map(one => one.id),
    )
    .execute()
  const unsure = plan.scale === 'suitable' && done.length === 1 && scores.some(one => one.score !== 2)
  const apart = plan.criteria.some(({ question }) => {
    const own = scores.flatMap(one => (one.question_id === question && one.score !== null ? [one.score] : []))
    return own.length === 2 && Math.abs((own[0] ?? 0) - (own[1] ?? 0)) >= 2
  })
  if (unsure || (apart && done.length === 2)) await give(tx, house, round, new Map([[dossier, 1]]))
}

/** "I think I know this person": the pair ends, its scores are set aside, another reader is found. */
export async function knowThem(tx: Tx, house: House, actor: Actor, id: string): Promise<void> {
  const reading = await readingOf(tx, actor, id)
  if (!reading) throw new NotTaken('This answer is not yours to read')
  await tx.deleteFrom('review_score').where('reading_id', '=', id).execute()
  await tx
    .updateTable('review_reading')
    .set({ state: 'ended', ended_because: 'conflict' })
    .where('id', '=', id)
    .execute()
  await note(tx, house, actor, 'conflict said while reading', {}, reading.dossier_id)
  await give(tx, house, reading.round_id, new Map([[reading.dossier_id, 1]]))
}

/** A reader says that a name slipped through. */
export async function flag(tx: Tx, house: House, actor: Actor, id: string): Promise<void> {
  const reading = await readingOf(tx, actor, id)
  if (!reading) throw new NotTaken('This answer is not yours to read')
  await tx.updateTable('review_reading').set({ flagged: true }).where('id', '=', id).execute()
  await note(tx, house, actor, 'name slipped through', {}, reading.dossier_id)
}

/** Whether someone has answers to read in a round, so that its identities stay closed to them. */
export async function readsIn(tx: Tx, actor: Actor, round: string): Promise<boolean> {
  const row = await tx
    .selectFrom('review_reading')
    .select('id')
    .where('round_id', '=', round)
    .where('staff_id', '=', actor.id)
    .where('state', '=', 'open')
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}
