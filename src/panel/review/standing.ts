import { sayInstant } from '#src/platform/calendar/london.ts'
import type { Tx } from '#src/platform/database/database.ts'
import { applicantsOf } from '../recruitment/application.ts'
import { decisionsOf, poolOf } from './decisions.ts'
import { quietFor } from './quiet.ts'
import { openReadings } from './reading.ts'
import { lastScores } from './results.ts'
import { samples } from './samples.ts'
import { type Review, readersOf, reviewOf } from './setup.ts'
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
  /** Flags that nobody has looked at, and reviewers who have answers to read and have scored none for days. */
  flags: number
  quiet: number
  undecided: number
  pool: number
  toTell: number
}

/** What an officer needs to know to say what is next. */
export async function standingOf(tx: Tx, round: string, now: Date): Promise<Standing> {
  const review = await reviewOf(tx, round)
  const applications = await applicantsOf(tx, round)
  const decided = await decisionsOf(tx, round)
  const readings = await tx
    .selectFrom('review_reading')
    .innerJoin('application', 'application.dossier_id', 'review_reading.dossier_id')
    .select(['review_reading.state', eb => eb.fn.countAll<number>().as('count')])
    .where('review_reading.round_id', '=', round)
    .where('application.state', '=', 'sent')
    .groupBy('review_reading.state')
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
  const flags = await tx
    .selectFrom('review_reading')
    .innerJoin('application', 'application.dossier_id', 'review_reading.dossier_id')
    .select(eb => eb.fn.countAll<number>().as('count'))
    .where('review_reading.round_id', '=', round)
    .where('application.state', '=', 'sent')
    .where('flagged_at', 'is not', null)
    .where('looked_at', 'is', null)
    .executeTakeFirstOrThrow()
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
    flags: Number(flags.count),
    quiet: review && left ? await countQuiet(tx, review, now) : 0,
    undecided: applications.filter(id => !decided.has(id)).length,
    pool: (await poolOf(tx, round)).length,
    toTell: (await toTell(tx, round)).length,
  }
}

/** Reviewers of a round who have answers to read and have scored none for days. */
async function countQuiet(tx: Tx, review: Review, now: Date): Promise<number> {
  const rows = await openReadings(tx)
    .select(['reader', eb => eb.fn.countAll<number>().as('assigned')])
    .where('review_reading.round_id', '=', review.round_id)
    .groupBy('reader')
    .execute()
  const seen = await lastScores(tx, review.round_id)
  const isQuiet = (row: (typeof rows)[number]) =>
    quietFor({ assigned: Number(row.assigned), lastAt: seen.get(row.reader) }, review.opened_at, now) !== undefined
  return rows.filter(isQuiet).length
}

/** What one reader has still to do in each review that runs. */
export interface OwnReading {
  round: string
  deadline: Date
  next: 'declare' | 'samples' | 'wait' | 'read'
  /** Applications to read. */
  left: number
}

/** What one reader has to do in a review, in words. */
export function sayOwn({ next, left, deadline }: OwnReading): string {
  const texts = {
    declare: 'say whose answers you must not read',
    samples: 'score the samples',
    wait: 'the applications are not given out yet',
    read: `${left.toLocaleString('en-GB')} ${left === 1 ? 'application' : 'applications'} to read by ${sayInstant(deadline)}`,
  }
  return texts[next]
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
    const readings = await openReadings(tx, reader)
      .select('review_reading.id')
      .where('review_reading.round_id', '=', row.round_id)
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
