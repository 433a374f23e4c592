import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import type { Tx } from '#src/platform/database/database.ts'
import { type House, within } from '#src/promises/house.ts'
import { type Actor, system } from '#src/promises/notice/actor.ts'
import { barPairs } from './bars.ts'
import { connect } from './connect.ts'
import { decisionsOf } from './decisions.ts'
import { type ReadingSoFar, wantedFor } from './needs.ts'
import { note, type Review, readersOf } from './setup.ts'
import { type Pair, type Panel, spread } from './spread.ts'

export interface Assigned {
  given: number
  /** Applications that nobody can be found for, and the sentence that says what would help. */
  short: number
  why: string | undefined
}

/** What is to be read and who may, with the pairs that are given out already. */
export interface Standing extends Panel {
  held: readonly Pair[]
}

const nothing: Assigned = { given: 0, short: 0, why: undefined }

/** Gives out what is still to be read of a round. Safe to repeat. */
export function assign(house: House, by: Actor, round: string): Promise<Assigned> {
  return within(house, { by: system('review'), for: 'administer the panel' }, tx => assignIn(tx, house, by, round))
}

/** The same within a transaction; with `only`, of one application. */
export async function assignIn(tx: Tx, house: House, by: Actor, round: string, only?: string): Promise<Assigned> {
  const review = await tx.selectFrom('review').selectAll().where('round_id', '=', round).forUpdate().executeTakeFirst()
  if (!review?.opened_at) return nothing
  const open = await needsOf(tx, review, only)
  if (!open.size) return nothing
  await barPairs(tx, house, round, [...open.keys()])
  const panel = await panelOf(tx, review, open, only)
  const { pairs, short } = spread(panel, `${review.seed} ${only ?? ''}`)
  const joined = review.readings > 1 && !only ? connect(pairs, panel.barred, panel.held) : pairs
  await give(tx, house, review, joined)
  if (joined.length) await note(tx, house, by, 'readings given out', round, { count: joined.length, short: short.size })
  return { given: joined.length, short: short.size, why: whyShort(panel, short) }
}

/** Writes the pairs down. A reading that its reader had handed back may come back; one that ended otherwise never does. */
async function give(tx: Tx, house: House, review: Review, pairs: readonly Pair[]): Promise<void> {
  const at = house.clock.now()
  const knowing = await knowingPairs(tx, review, pairs)
  const rows = pairs.map(pair => ({
    id: randomUUID() as string,
    round_id: review.round_id,
    dossier_id: pair.application,
    reader: pair.reader,
    state: 'assigned' as const,
    assigned_at: at,
    done_at: null,
    anonymous: !knowing.has(pair.reader) && !knowing.has(`${pair.reader} ${pair.application}`),
    flagged_at: null,
  }))
  for (let from = 0; from < rows.length; from += 2000)
    await tx
      .insertInto('review_reading')
      .values(rows.slice(from, from + 2000))
      .onConflict(on =>
        on
          .columns(['dossier_id', 'reader'])
          .doUpdateSet(eb => ({
            state: 'assigned' as const,
            assigned_at: at,
            anonymous: sql<boolean>`review_reading.anonymous and ${eb.ref('excluded.anonymous')}`,
          }))
          .where('review_reading.state', '=', 'released'),
      )
      .execute()
}

/** Readers who looked while reading, and pairs in which the reader has opened the answers with whose they are. */
async function knowingPairs(tx: Tx, review: Review, pairs: readonly Pair[]): Promise<Set<string>> {
  const overridden = await tx
    .selectFrom('review_override')
    .select('reader')
    .where('round_id', '=', review.round_id)
    .execute()
  const readers = [...new Set(pairs.map(pair => pair.reader))]
  if (!readers.length) return new Set()
  const seen = await tx
    .selectFrom('opening')
    .innerJoin('application', 'application.dossier_id', 'opening.dossier_id')
    .select(['opening.actor', 'opening.dossier_id'])
    .distinct()
    .where('application.round_id', '=', review.round_id)
    .where('opening.actor', 'in', readers)
    .where(sql<boolean>`opening.fields @> array['name', 'answers']`)
    .execute()
  return new Set([...overridden.map(row => row.reader), ...seen.map(row => `${row.actor} ${row.dossier_id}`)])
}

/** What stands in the way, and what would make it possible. */
export function whyShort(panel: Panel, short: ReadonlyMap<string, number>): string | undefined {
  if (!short.size) return undefined
  const need = [...panel.needs.values()].reduce((sum, one) => sum + one, 0)
  const held = [...panel.readers.values()].reduce((sum, one) => sum + one, 0)
  const count = panel.readers.size
  if (!count) return 'There is no reviewer: add one.'
  const most = Math.max(...panel.needs.values())
  if (most > count)
    return `An application needs ${most} readers and there are ${count}: add ${most - count}, or ask for fewer readings.`
  if (need + held > panel.cap * count)
    return `${need} readings are needed and ${count} reviewers can take ${Math.max(0, panel.cap * count - held)} more: raise the cap to ${Math.ceil((need + held) / count)}, or add ${Math.ceil((need + held) / panel.cap) - count} more reviewers.`
  return `${short.size} applications have a conflict of interest, or an earlier reading, with every reviewer who has room: add a reviewer who knows none of these applicants, or raise the cap.`
}

/** How many more readings each application needs: those that stand and are not decided about. */
export async function needsOf(tx: Tx, review: Review, only?: string): Promise<Map<string, number>> {
  const round = review.round_id
  const applications = tx
    .selectFrom('application')
    .select('dossier_id')
    .where('round_id', '=', round)
    .where('state', '=', 'sent')
  const wanted = await (only ? applications.where('dossier_id', '=', only) : applications).execute()
  const decided = await decisionsOf(tx, round, only)
  const query = tx
    .selectFrom('review_reading')
    .select(['id', 'dossier_id', 'state'])
    .where('round_id', '=', round)
    .where('state', 'in', ['assigned', 'done'])
  const all = await (only ? query.where('dossier_id', '=', only) : query).execute()
  const scores = await scoresOf(tx, round, only)
  const readings = new Map<string, ReadingSoFar[]>()
  for (const row of all) {
    const own = readings.get(row.dossier_id) ?? []
    own.push({ state: row.state, scores: scores.get(row.id) ?? new Map() })
    readings.set(row.dossier_id, own)
  }
  const needs = new Map<string, number>()
  for (const { dossier_id: id } of wanted) {
    const has = readings.get(id) ?? []
    const more = wantedFor(review.scale, review.readings, has) - has.length
    if (more > 0 && !decided.has(id)) needs.set(id, more)
  }
  return needs
}

/** Who may read what is needed: conflicts, earlier pairs and loads. */
export async function panelOf(
  tx: Tx,
  review: Review,
  needs: ReadonlyMap<string, number>,
  only?: string,
): Promise<Standing> {
  const round = review.round_id
  const readings = tx.selectFrom('review_reading').where('round_id', '=', round)
  const loads = await readings
    .select(['reader', eb => eb.fn.countAll<number>().as('count')])
    .where('state', 'in', ['assigned', 'done', 'abstained'])
    .groupBy('reader')
    .execute()
  const counts = new Map(loads.map(row => [row.reader, Number(row.count)]))
  const pairs = readings.select(['dossier_id', 'reader', 'state']).where('state', '!=', 'released')
  const had = await (only ? pairs.where('dossier_id', '=', only) : pairs).execute()
  const conflicts = tx.selectFrom('review_conflict').select(['dossier_id', 'reader']).where('round_id', '=', round)
  const apart = await (only ? conflicts.where('dossier_id', '=', only) : conflicts).execute()
  const bars = new Set([...had, ...apart].map(row => `${row.reader} ${row.dossier_id}`))
  return {
    needs,
    readers: new Map((await readersOf(tx, round)).map(one => [one.reader, counts.get(one.reader) ?? 0])),
    cap: review.cap,
    barred: (reader, application) => bars.has(`${reader} ${application}`),
    held: had
      .filter(row => row.state === 'assigned' || row.state === 'done')
      .map(row => ({ reader: row.reader, application: row.dossier_id })),
  }
}

/** Scores of a round under the criteria in force, by reading and question. */
export async function scoresOf(tx: Tx, round: string, only?: string): Promise<Map<string, Map<string, number | null>>> {
  const query = tx
    .selectFrom('review_score')
    .innerJoin('review_reading', 'review_reading.id', 'review_score.reading_id')
    .select(['review_score.reading_id', 'review_score.question', 'review_score.value'])
    .where('review_reading.round_id', '=', round)
    .where('review_score.version', '=', eb =>
      eb
        .selectFrom('review_criteria')
        .select(of => of.fn.max('version').as('version'))
        .where('round_id', '=', round),
    )
  const rows = await (only ? query.where('review_reading.dossier_id', '=', only) : query).execute()
  const found = new Map<string, Map<string, number | null>>()
  for (const row of rows) {
    const own = found.get(row.reading_id)
    if (own) own.set(row.question, row.value)
    else found.set(row.reading_id, new Map([[row.question, row.value]]))
  }
  return found
}
