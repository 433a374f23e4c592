import { createHash } from 'node:crypto'
import type { Selectable } from 'kysely'
import { z } from 'zod'
import type { Tx } from '#src/platform/database/database.ts'
import type { Tables } from '#src/platform/database/tables.ts'
import { type House, within } from '#src/promises/house.ts'
import { type Actor, system } from '#src/promises/notice/actor.ts'
import { type Question, questionsOf } from '../recruitment/round.ts'
import { answersValue } from '../recruitment/values.ts'
import { assignIn } from './assign.ts'
import { mask } from './mask.ts'
import { topOf } from './needs.ts'
import { criteriaOf, note, type Review, reviewOf } from './setup.ts'

const self = system('review')
export type Reading = Selectable<Tables['review_reading']>

export interface Item {
  reading: string
  question: string
  done: boolean
}

/** What a reviewer has to read in a round, one answer at a time, in an order that is theirs and stays the same. */
export async function queueOf(tx: Tx, by: Actor, review: Review): Promise<Item[]> {
  const readings = await tx
    .selectFrom('review_reading')
    .select(['id'])
    .where('round_id', '=', review.round_id)
    .where('reader', '=', by.id)
    .where('state', '=', 'assigned')
    .execute()
  if (!readings.length) return []
  const ids = readings.map(row => row.id)
  const { version } = await criteriaOf(tx, review.round_id)
  const rows = await tx
    .selectFrom('review_score')
    .select(['reading_id', 'question'])
    .where('reading_id', 'in', ids)
    .where('version', '=', version)
    .execute()
  const scored = new Set(rows.map(row => `${row.reading_id} ${row.question}`))
  const questions = await questionsOf(tx, review.round_id)
  const key = (item: Item) =>
    createHash('sha256').update(`${review.seed} ${by.id} ${item.reading} ${item.question}`).digest('hex')
  return ids
    .flatMap(reading => questions.map(({ id }) => ({ reading, question: id, done: scored.has(`${reading} ${id}`) })))
    .map(item => ({ item, key: key(item) }))
    .sort((a, b) => (a.key < b.key ? -1 : 1))
    .map(({ item }) => item)
}

/** Why someone may not read on, in one sentence, or the reading with its review. */
export async function readingInHand(
  tx: Tx,
  house: House,
  by: Actor,
  id: string,
): Promise<{ reading: Reading; review: Review } | string | undefined> {
  if (!z.uuid().safeParse(id).success) return undefined
  const reading = await tx
    .selectFrom('review_reading')
    .selectAll()
    .where('id', '=', id)
    .where('reader', '=', by.id)
    .executeTakeFirst()
  const review = reading && (await reviewOf(tx, reading.round_id))
  if (!reading || !review) return undefined
  if (reading.state === 'conflict')
    return 'You told us that you may know this person. Someone else reads their answers.'
  if (reading.state === 'released') return 'These answers have been given to someone else.'
  if (house.clock.now() >= review.deadline) return 'The time for reading is over. Ask the panel team if you need more.'
  return { reading, review }
}

/** The answers of an application as a reviewer reads them: nothing else, and masked. */
export async function answersIn(
  house: House,
  by: Actor,
  reading: Reading,
): Promise<{ questions: Question[]; answers: Map<string, string> }> {
  const hidden = await within(house, { by: self, for: 'administer the panel' }, tx =>
    house.vault.open(tx, 'panel', { by: self, for: 'administer the panel', fields: ['name', 'landlord'] }, [
      reading.dossier_id,
    ]),
  )
  return within(house, { by, for: 'review applications' }, async tx => {
    const ask = { by, for: 'review applications', fields: ['answers'], related: [reading.dossier_id] } as const
    const [one] = await house.vault.open(tx, 'panel', ask, [reading.dossier_id])
    const said = answersValue.read(one?.answers) ?? {}
    const questions = await questionsOf(tx, reading.round_id)
    return { questions, answers: new Map(questions.map(({ id }) => [id, mask(said[id] ?? '', hidden[0] ?? {})])) }
  })
}

/** Keeps a score (or the choice not to score) of one answer; the last of them finishes the reading, which then stands. */
export async function score(
  house: House,
  by: Actor,
  id: string,
  question: string,
  value: number | null,
  words: string,
): Promise<string | undefined> {
  if (words) await writeNote(house, by, id, question, words)
  return within(house, { by, for: 'review applications' }, async tx => {
    const held = await readingInHand(tx, house, by, id)
    if (typeof held !== 'object') return held ?? 'These answers are not yours to read.'
    const { reading, review } = held
    const locked = await tx
      .selectFrom('review_reading')
      .select('state')
      .where('id', '=', id)
      .forUpdate()
      .executeTakeFirst()
    if (locked?.state !== 'assigned') return undefined
    const questions = await questionsOf(tx, review.round_id)
    if (!questions.some(one => one.id === question)) return 'There is no such question.'
    if (value !== null && !(Number.isInteger(value) && value >= 1 && value <= topOf(review.scale)))
      return 'Select one of the scores.'
    const { version } = await criteriaOf(tx, review.round_id)
    const at = house.clock.now()
    await tx
      .insertInto('review_score')
      .values({ reading_id: id, dossier_id: reading.dossier_id, question, value, version, at })
      .onConflict(on => on.columns(['reading_id', 'question']).doUpdateSet({ value, version, at }))
      .execute()
    const scored = await tx
      .selectFrom('review_score')
      .select(['value'])
      .where('reading_id', '=', id)
      .where('version', '=', version)
      .execute()
    if (scored.length < questions.length) return undefined
    const state = scored.every(row => row.value === null) ? 'abstained' : 'done'
    await tx.updateTable('review_reading').set({ state, done_at: at }).where('id', '=', id).execute()
    await note(tx, house, by, 'reading finished', review.round_id, { reading: id, version, state })
    await assignIn(tx, house, self, review.round_id, reading.dossier_id)
    return undefined
  })
}

/** "I think I know this person": the pair ends, its scores are set aside, and another reader is found. */
export async function knows(house: House, by: Actor, id: string): Promise<void> {
  await within(house, { by, for: 'review applications' }, async tx => {
    const held = await readingInHand(tx, house, by, id)
    if (typeof held !== 'object') return
    const { reading } = held
    await tx.updateTable('review_reading').set({ state: 'conflict' }).where('id', '=', id).execute()
    const pair = { round_id: reading.round_id, dossier_id: reading.dossier_id, reader: by.id }
    await tx
      .insertInto('review_conflict')
      .values({ ...pair, how: 'said', at: house.clock.now() })
      .onConflict(on => on.doNothing())
      .execute()
    await note(tx, house, by, 'conflict said', reading.round_id, { reading: id })
    await assignIn(tx, house, self, reading.round_id, reading.dossier_id)
  })
}

/** Tells the officer that an answer names someone after all. */
export async function flag(house: House, by: Actor, id: string): Promise<void> {
  await within(house, { by, for: 'review applications' }, async tx => {
    const held = await readingInHand(tx, house, by, id)
    if (typeof held !== 'object') return
    await tx.updateTable('review_reading').set({ flagged_at: house.clock.now() }).where('id', '=', id).execute()
    await note(tx, house, by, 'reading flagged', held.reading.round_id, { reading: id })
  })
}

/** Words about a person are theirs: sealed in their record, by reading and question. */
const notes = z.record(z.string(), z.record(z.string(), z.string()))

async function writeNote(house: House, by: Actor, id: string, question: string, words: string): Promise<void> {
  await within(house, { by: self, for: 'administer the panel' }, async tx => {
    const held = await readingInHand(tx, house, by, id)
    if (typeof held !== 'object' || held.reading.state !== 'assigned') return
    const dossier = held.reading.dossier_id
    await tx.selectFrom('application').select('dossier_id').where('dossier_id', '=', dossier).forUpdate().execute()
    const before = await notesIn(tx, house, dossier)
    const own = { ...before[id], [question]: words }
    await house.vault.put(tx, self, 'panel', dossier, { reviewNotes: JSON.stringify({ ...before, [id]: own }) })
  })
}

/** What reviewers wrote about an application, by reading and question. */
export async function notesIn(tx: Tx, house: House, dossier: string): Promise<z.output<typeof notes>> {
  const ask = { by: self, for: 'administer the panel', fields: ['reviewNotes'] } as const
  const [one] = await house.vault.open(tx, 'panel', ask, [dossier])
  const parsed = one?.reviewNotes ? notes.safeParse(JSON.parse(one.reviewNotes)) : undefined
  return parsed?.success ? parsed.data : {}
}
