import { z } from 'zod'
import type { Tx } from '#src/platform/database/database.ts'
import { type House, within } from '#src/promises/house.ts'
import { type Actor, system } from '#src/promises/notice/actor.ts'
import { questionsOf } from '../recruitment/round.ts'
import { asReview } from './as-system.ts'
import { assignIn } from './assign.ts'
import { decisionsOf } from './decisions.ts'
import { topOf } from './needs.ts'
import { lastScored, ownReading, readingInHand } from './reading.ts'
import { criteriaOf, note } from './setup.ts'

const self = system('review')

/**
 * Keeps a score (or the choice not to score) of one answer, and why; the last of an application finishes its reading,
 * which then stands: only the answer scored last can be put right, until the next. Returns why not, in a sentence.
 */
export function score(
  house: House,
  by: Actor,
  id: string,
  question: string,
  value: number | null,
  words: string,
): Promise<string | undefined> {
  return within(house, { by, for: 'review applications' }, async tx => {
    const held = await readingInHand(tx, house, by, id)
    if (typeof held !== 'object') return held ?? 'These answers are not yours to read.'
    const { review } = held
    const reading = await tx
      .selectFrom('review_reading')
      .selectAll()
      .where('id', '=', id)
      .forUpdate()
      .executeTakeFirst()
    if (!reading) return 'These answers are not yours to read.'
    const questions = await questionsOf(tx, review.round_id)
    if (!questions.some(one => one.id === question)) return 'There is no such question.'
    if (value !== null && !(Number.isInteger(value) && value >= 1 && value <= topOf(review.scale)))
      return 'Select one of the scores.'
    if (reading.state !== 'assigned') {
      const last = await lastScored(tx, by, review.round_id)
      const decided = (await decisionsOf(tx, review.round_id, reading.dossier_id)).size > 0
      if (last?.reading !== id || last.question !== question || decided)
        return 'You had finished these answers: your scores stand.'
    }
    const { version } = await criteriaOf(tx, review.round_id)
    const at = house.clock.now()
    await tx
      .insertInto('review_score')
      .values({ reading_id: id, dossier_id: reading.dossier_id, question, value, version, at })
      .onConflict(on => on.columns(['reading_id', 'question', 'version']).doUpdateSet({ value, at }))
      .execute()
    await asReview(tx, () => writeNote(tx, house, reading.dossier_id, id, question, words))
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

/**
 * "I think I know this person": at any point, also when all is read. The pair ends, its scores are set aside, and another
 * reader is found.
 */
export async function knows(house: House, by: Actor, id: string): Promise<void> {
  await within(house, { by, for: 'review applications' }, async tx => {
    const reading = await ownReading(tx, by, id)
    if (!reading || reading.state === 'conflict') return
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
export async function flag(house: House, by: Actor, id: string, question: string | undefined): Promise<void> {
  await within(house, { by, for: 'review applications' }, async tx => {
    const held = await readingInHand(tx, house, by, id)
    if (typeof held !== 'object') return
    const questions = await questionsOf(tx, held.review.round_id)
    const flagged_question = questions.find(one => one.id === question)?.id ?? null
    await tx
      .updateTable('review_reading')
      .set({ flagged_at: house.clock.now(), flagged_question, looked_at: null, looked_by: null })
      .where('id', '=', id)
      .execute()
    await note(tx, house, by, 'reading flagged', held.reading.round_id, { reading: id })
  })
}

/** Words about a person are theirs: sealed in their record, by reading and question. */
const notes = z.record(z.string(), z.record(z.string(), z.string()))
export type Notes = z.output<typeof notes>

async function writeNote(tx: Tx, house: House, dossier: string, id: string, question: string, words: string) {
  await tx.selectFrom('application').select('dossier_id').where('dossier_id', '=', dossier).forUpdate().execute()
  const before = await notesIn(tx, house, dossier)
  if ((before[id]?.[question] ?? '') === words) return
  const { [question]: _old, ...others } = before[id] ?? {}
  const own = words ? { ...others, [question]: words } : others
  await house.vault.put(tx, self, 'panel', dossier, { reviewNotes: JSON.stringify({ ...before, [id]: own }) })
}

/** What reviewers wrote about an application, by reading and question. */
export async function notesIn(tx: Tx, house: House, dossier: string): Promise<Notes> {
  const ask = { by: self, for: 'administer the panel', fields: ['reviewNotes'] } as const
  const [one] = await asReview(tx, () => house.vault.open(tx, 'panel', ask, [dossier]))
  return readNotes(one?.reviewNotes)
}

/** What reviewers wrote, from the sealed text. */
export function readNotes(text: string | undefined): Notes {
  try {
    const parsed = notes.safeParse(JSON.parse(text ?? '{}'))
    return parsed.success ? parsed.data : {}
  } catch {
    return {} // the checked edge: nothing else is ever written there
  }
}

/** What reviewers wrote, for the person it is about. */
export function sayNotes(text: string): string {
  return Object.values(readNotes(text))
    .flatMap(one => Object.values(one))
    .join('\n\n')
}
