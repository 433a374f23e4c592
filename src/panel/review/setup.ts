import { randomUUID } from 'node:crypto'
import type { Selectable } from 'kysely'
import type { Tx } from '#src/platform/database/database.ts'
import type { Tables } from '#src/platform/database/tables.ts'
import type { House } from '#src/promises/house.ts'
import { type Detail, record } from '#src/promises/ledger/ledger.ts'
import type { Actor } from '#src/promises/notice/actor.ts'
import './tables.ts'
import type { Criterion, Scale } from './tables.ts'

export type Review = Selectable<Tables['review']>

/** How an officer wants a round to be read. */
export interface ReviewPlan {
  scale: Scale
  readings: number
  cap: number
  deadline: Date
  criteria: Criterion[]
  readers: string[]
  /** Why it is changed after scoring began: readers read again, and see this. */
  because?: string
}

/** Why a review cannot be set up so: all of it, by field of the form, in one sentence each. */
export class CannotPlan extends Error {
  readonly faults: Record<string, string>
  constructor(faults: Record<string, string>) {
    super(Object.values(faults).join('. '))
    this.faults = faults
  }
}

/** What is wrong with a plan by itself. Numbers that were none are NaN, and so is a deadline that was no day. */
function faultsIn({ readings, cap, readers, criteria, deadline }: ReviewPlan): Record<string, string> {
  const faults: Record<string, string> = {}
  const isWhole = (number: number, least: number, most: number) =>
    Number.isInteger(number) && number >= least && number <= most
  if (!isWhole(readings, 1, 5)) faults.readings = 'Readings for each application must be a whole number from 1 to 5'
  else if (readers.length && readings > readers.length)
    faults.readings = `Each application needs ${readings} readers and there are ${readers.length}: select more, or ask for fewer readings`
  if (!isWhole(cap, 1, 100_000)) faults.cap = 'The most for one reviewer must be a whole number from 1 to 100000'
  if (Number.isNaN(deadline.getTime())) faults.deadline = 'Enter the last day for reading, like 31 March 2027'
  if (!readers.length) faults.readers = 'Select at least one reviewer'
  for (const [at, { weight }] of criteria.entries())
    if (!isWhole(weight, 0, 100)) faults[`weight${at + 1}`] = 'A weight must be a whole number from 0 to 100'
  if (criteria.every(one => one.weight === 0)) faults.weight1 = 'At least one question must have a weight above 0'
  return faults
}

export async function reviewOf(tx: Tx, round: string): Promise<Review | undefined> {
  return tx.selectFrom('review').selectAll().where('round_id', '=', round).executeTakeFirst()
}

/** The criteria in force, and their version. */
export async function criteriaOf(
  tx: Tx,
  round: string,
): Promise<{ version: number; criteria: Criterion[]; because: string | null }> {
  const row = await tx
    .selectFrom('review_criteria')
    .selectAll()
    .where('round_id', '=', round)
    .orderBy('version', 'desc')
    .executeTakeFirst()
  return row ?? { version: 0, criteria: [], because: null }
}

/** The reviewers of a round by their numbers; those who left are not among them. */
export async function readersOf(tx: Tx, round: string): Promise<Selectable<Tables['review_reader']>[]> {
  return tx
    .selectFrom('review_reader')
    .selectAll()
    .where('round_id', '=', round)
    .where('left_at', 'is', null)
    .orderBy('number')
    .execute()
}

/**
 * Sets a review up, or changes it. Criteria that change are a new version; once someone has scored, a change needs a
 * reason and asks for every reading again. Throws CannotPlan.
 */
export async function planReview(tx: Tx, house: House, by: Actor, round: string, plan: ReviewPlan): Promise<void> {
  const faults = faultsIn(plan)
  const before = await tx.selectFrom('review').selectAll().where('round_id', '=', round).forUpdate().executeTakeFirst()
  if (plan.deadline <= house.clock.now() && plan.deadline.getTime() !== before?.deadline.getTime())
    faults.deadline = 'The last day for reading must be today or later'
  const settings = { scale: plan.scale, readings: plan.readings, cap: plan.cap, deadline: plan.deadline }
  const scored = before && (await hasScores(tx, round))
  const { version, criteria } = await criteriaOf(tx, round)
  const isNew =
    JSON.stringify(inOrder(criteria)) !== JSON.stringify(inOrder(plan.criteria)) || before?.scale !== plan.scale
  if (scored && isNew && !plan.because)
    faults.because = 'Scoring has begun: enter why the criteria change. Everyone reads again'
  if (Object.keys(faults).length) throw new CannotPlan(faults)
  if (before) await tx.updateTable('review').set(settings).where('round_id', '=', round).execute()
  else
    await tx
      .insertInto('review')
      .values({
        ...settings,
        round_id: round,
        seed: randomUUID(),
        calibrating_at: null,
        opened_at: null,
      })
      .execute()
  if (isNew)
    await tx
      .insertInto('review_criteria')
      .values({
        round_id: round,
        version: version + 1,
        criteria: JSON.stringify(plan.criteria) as unknown as Criterion[], // the checked edge: jsonb goes in as text
        made_at: house.clock.now(),
        made_by: by.id,
        because: plan.because || null,
      })
      .execute()
  // Samples scored on another scale say nothing of this one: they are scored again.
  if (before && before.scale !== plan.scale)
    await tx.deleteFrom('review_sample').where('round_id', '=', round).execute()
  if (scored && isNew) await readAgain(tx, round)
  await addReaders(tx, round, plan.readers)
  await note(tx, house, by, 'review set up', round, { version: isNew ? version + 1 : version, readings: plan.readings })
}

/** Scores given under earlier criteria are kept, under their version; their readings are to be done again. */
async function readAgain(tx: Tx, round: string): Promise<void> {
  await tx
    .updateTable('review_reading')
    .set({ state: 'assigned', done_at: null })
    .where('round_id', '=', round)
    .where('state', 'in', ['done', 'abstained'])
    .execute()
}

async function addReaders(tx: Tx, round: string, readers: readonly string[]): Promise<void> {
  const held = await tx.selectFrom('review_reader').selectAll().where('round_id', '=', round).execute()
  let number = held.length
  for (const reader of readers) {
    const old = held.find(one => one.reader === reader)
    if (old?.left_at)
      await tx
        .updateTable('review_reader')
        .set({ left_at: null })
        .where('round_id', '=', round)
        .where('reader', '=', reader)
        .execute()
    if (!old) {
      number++
      const row = { round_id: round, reader, number, declared_at: null, left_at: null }
      await tx.insertInto('review_reader').values(row).execute()
    }
  }
}

export async function hasScores(tx: Tx, round: string): Promise<boolean> {
  const row = await tx
    .selectFrom('review_score')
    .innerJoin('review_reading', 'review_reading.id', 'review_score.reading_id')
    .select('review_score.question')
    .where('review_reading.round_id', '=', round)
    .executeTakeFirst()
  return row !== undefined
}

/** jsonb gives keys back in its own order. */
function inOrder(criteria: readonly Criterion[]) {
  return criteria.map(({ question, name, weight, values }) => [question, name, weight, values])
}

export function note(tx: Tx, house: House, by: Actor, act: string, round: string, detail: Detail = {}): Promise<void> {
  return record(tx, {
    actor: by.id,
    role: by.roles[0] ?? 'system',
    purpose: 'review applications',
    act,
    detail: { round, ...detail },
    at: house.clock.now(),
  })
}
