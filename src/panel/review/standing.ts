import type { Tx } from '#src/platform/database/database.ts'
import { applicantsOf } from '../recruitment/application.ts'
import { decisionsOf, poolOf } from './decisions.ts'
import { samples } from './samples.ts'
import { readersOf, reviewOf } from './setup.ts'
import { toTell } from './telling.ts'

/** How far the review of a closed round has come, in numbers. */
export interface Standing {
  stage: 'not set up' | 'samples not begun' | 'samples' | 'reading' | 'read'
  deadline: Date | undefined
  applications: number
  /** Readings given out and not finished; readings finished. */
  left: number
  done: number
  /** Readers who have declared and scored every sample; all readers. */
  ready: number
  readers: number
  undecided: number
  pool: number
  toTell: number
}

/** What an officer needs to know to say what is next. */
export async function standingOf(tx: Tx, round: string): Promise<Standing> {
  const review = await reviewOf(tx, round)
  const applications = await applicantsOf(tx, round)
  const decided = await decisionsOf(tx, round)
  const readings = await tx
    .selectFrom('review_reading')
    .select(['state', eb => eb.fn.countAll<number>().as('count')])
    .where('round_id', '=', round)
    .groupBy('state')
    .execute()
  const count = (state: string) => Number(readings.find(row => row.state === state)?.count ?? 0)
  const readers = review ? (await readersOf(tx, round)).filter(one => !one.left_at) : []
  const scored = await tx
    .selectFrom('review_sample')
    .select(['reader', eb => eb.fn.countAll<number>().as('count')])
    .where('round_id', '=', round)
    .groupBy('reader')
    .execute()
  const isReady = (reader: string) => Number(scored.find(row => row.reader === reader)?.count ?? 0) >= samples.length
  const left = count('assigned')
  return {
    stage: !review
      ? 'not set up'
      : review.opened_at
        ? left
          ? 'reading'
          : 'read'
        : review.calibrate && !review.calibrating_at
          ? 'samples not begun'
          : 'samples',
    deadline: review?.deadline,
    applications: applications.length,
    left,
    done: count('done') + count('abstained'),
    ready: readers.filter(one => one.declared_at && isReady(one.reader)).length,
    readers: readers.length,
    undecided: applications.filter(id => !decided.has(id)).length,
    pool: (await poolOf(tx, round)).length,
    toTell: (await toTell(tx, round)).length,
  }
}

/** What one reader has still to do in each review that runs. */
export interface OwnReading {
  round: string
  deadline: Date
  next: 'declare' | 'samples' | 'wait' | 'read'
  /** Applications to read. */
  left: number
}

/** The reviews in which someone reads, with what is next for them. */
export async function ownReadings(tx: Tx, reader: string): Promise<OwnReading[]> {
  const rows = await tx
    .selectFrom('review_reader')
    .innerJoin('review', 'review.round_id', 'review_reader.round_id')
    .select(['review.round_id', 'review.deadline', 'review.opened_at', 'review.calibrating_at', 'declared_at'])
    .where('reader', '=', reader)
    .where('left_at', 'is', null)
    .execute()
  const own: OwnReading[] = []
  for (const row of rows) {
    const readings = await tx
      .selectFrom('review_reading')
      .select('id')
      .where('round_id', '=', row.round_id)
      .where('reader', '=', reader)
      .where('state', '=', 'assigned')
      .execute()
    const scored = await tx
      .selectFrom('review_sample')
      .select('sample')
      .where('round_id', '=', row.round_id)
      .where('reader', '=', reader)
      .execute()
    const next = !row.declared_at
      ? 'declare'
      : row.opened_at
        ? 'read'
        : row.calibrating_at && scored.length < samples.length
          ? 'samples'
          : 'wait'
    if (next !== 'read' || readings.length)
      own.push({ round: row.round_id, deadline: row.deadline, next, left: readings.length })
  }
  return own
}
