import { createHash } from 'node:crypto'
import type { Selectable } from 'kysely'
import { z } from 'zod'
import type { Tx } from '#src/platform/database/database.ts'
import type { Tables } from '#src/platform/database/tables.ts'
import type { House } from '#src/promises/house.ts'
import type { Actor } from '#src/promises/notice/actor.ts'
import { questionsOf } from '../recruitment/round.ts'
import { criteriaOf, type Review, readersOf, reviewOf } from './setup.ts'

export type Reading = Selectable<Tables['review_reading']>

export interface Item {
  reading: string
  question: string
  done: boolean
}

/** Readings that someone still has to do: of applications that stand. */
export function openReadings(tx: Tx, reader?: string) {
  const query = tx
    .selectFrom('review_reading')
    .innerJoin('application', 'application.dossier_id', 'review_reading.dossier_id')
    .where('review_reading.state', '=', 'assigned')
    .where('application.state', '=', 'sent')
  return reader === undefined ? query : query.where('review_reading.reader', '=', reader)
}

/** What a reviewer has to read in a round, one answer at a time, in an order that is theirs and stays the same. */
export async function queueOf(tx: Tx, by: Actor, review: Review): Promise<Item[]> {
  const rows = await openReadings(tx, by.id)
    .select('review_reading.id')
    .where('review_reading.round_id', '=', review.round_id)
    .execute()
  if (!rows.length) return []
  const { version } = await criteriaOf(tx, review.round_id)
  const scores = await tx
    .selectFrom('review_score')
    .innerJoin('review_reading', 'review_reading.id', 'review_score.reading_id')
    .select(['reading_id', 'question'])
    .where('review_reading.round_id', '=', review.round_id)
    .where('review_reading.reader', '=', by.id)
    .where('review_reading.state', '=', 'assigned')
    .where('version', '=', version)
    .execute()
  const scored = new Set(scores.map(row => `${row.reading_id} ${row.question}`))
  const questions = await questionsOf(tx, review.round_id)
  return rows
    .flatMap(row => questions.map(({ id }) => ({ reading: row.id, question: id, done: scored.has(`${row.id} ${id}`) })))
    .map(item => ({ item, key: ownKey(review, by, `${item.reading} ${item.question}`) }))
    .sort((a, b) => (a.key < b.key ? -1 : 1))
    .map(({ item }) => item)
}

export interface Numbered {
  id: string
  /** Its number for this reader: it tells nothing of the person, nor of the order of arrival. */
  number: number
  finished: boolean
}

/** The applications that someone reads or has read in a round, by numbers of their own. */
export async function ownApplications(tx: Tx, by: Actor, review: Review): Promise<Numbered[]> {
  const rows = await tx
    .selectFrom('review_reading')
    .innerJoin('application', 'application.dossier_id', 'review_reading.dossier_id')
    .select(['review_reading.id', 'review_reading.state'])
    .where('review_reading.round_id', '=', review.round_id)
    .where('review_reading.reader', '=', by.id)
    .where('review_reading.state', 'in', ['assigned', 'done', 'abstained'])
    .where('application.state', '=', 'sent')
    .execute()
  return rows
    .map(row => ({ id: row.id, finished: row.state !== 'assigned', key: ownKey(review, by, row.id) }))
    .sort((a, b) => (a.key < b.key ? -1 : 1))
    .map(({ id, finished }, at) => ({ id, finished, number: at + 1 }))
}

function ownKey(review: Review, by: Actor, one: string): string {
  return createHash('sha256').update(`${review.seed} ${by.id} ${one}`).digest('hex')
}

/** A reading of one's own, however far it has come. */
export async function ownReading(tx: Tx, by: Actor, id: string): Promise<Reading | undefined> {
  if (!z.uuid().safeParse(id).success) return undefined
  return tx.selectFrom('review_reading').selectAll().where('id', '=', id).where('reader', '=', by.id).executeTakeFirst()
}

/** Why someone may not read on, in one sentence, or the reading with its review. */
export async function readingInHand(
  tx: Tx,
  house: House,
  by: Actor,
  id: string,
): Promise<{ reading: Reading; review: Review } | string | undefined> {
  const reading = await ownReading(tx, by, id)
  const review = reading && (await reviewOf(tx, reading.round_id))
  if (!reading || !review) return undefined
  if (reading.state === 'conflict') return knownSentence
  if (reading.state === 'released')
    return 'You do not have these answers any more: they were given to someone else, or decided about.'
  const application = await tx
    .selectFrom('application')
    .select('state')
    .where('dossier_id', '=', reading.dossier_id)
    .executeTakeFirst()
  if (application?.state !== 'sent') return 'This application was withdrawn. Nobody reads it any more.'
  const me = (await readersOf(tx, review.round_id)).find(one => one.reader === by.id)
  if (me && !me.declared_at) return 'First say whose answers you must not read: go to Review.'
  if (house.clock.now() >= review.deadline) return 'The time for reading is over. Ask the panel team if you need more.'
  return { reading, review }
}

export const knownSentence = 'You told us that you may know this person. Someone else reads their answers.'

/** The answer that someone scored last: it can still be put right. */
export async function lastScored(
  tx: Tx,
  by: Actor,
  round: string,
): Promise<{ reading: string; question: string } | undefined> {
  const row = await tx
    .selectFrom('review_score')
    .innerJoin('review_reading', 'review_reading.id', 'review_score.reading_id')
    .select(['review_score.reading_id', 'review_score.question'])
    .where('review_reading.round_id', '=', round)
    .where('review_reading.reader', '=', by.id)
    .where('review_reading.state', 'in', ['assigned', 'done', 'abstained'])
    .orderBy('review_score.at', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row && { reading: row.reading_id, question: row.question }
}
