import { randomUUID } from 'node:crypto'
import type { Tx } from '#src/platform/database/database.ts'
import { type House, within } from '#src/promises/house.ts'
import { type Actor, system } from '#src/promises/notice/actor.ts'
import { connect } from './connect.ts'
import { type ReadingSoFar, wantedFor } from './needs.ts'
import { note, type Review, readersOf } from './setup.ts'
import { type Panel, spread } from './spread.ts'

export interface Assigned {
  given: number
  /** Applications that nobody can be found for, and the sentence that says what would help. */
  short: number
  why: string | undefined
}

/** Gives out what is still to be read, of a whole round or of one application. Safe to repeat. */
export function assign(house: House, by: Actor, round: string, only?: string): Promise<Assigned> {
  return within(house, { by: system('review'), for: 'administer the panel' }, tx =>
    assignIn(tx, house, by, round, only),
  )
}

/** The same within a transaction. */
export async function assignIn(tx: Tx, house: House, by: Actor, round: string, only?: string): Promise<Assigned> {
  const review = await tx.selectFrom('review').selectAll().where('round_id', '=', round).forUpdate().executeTakeFirst()
  if (!review?.opened_at) return { given: 0, short: 0, why: undefined }
  if (!only) await barTypists(tx, house, round)
  const panel = await panelOf(tx, review, only)
  const { pairs, short } = spread(panel, `${review.seed} ${only ?? ''}`)
  const joined = review.readings > 1 && !only ? connect(pairs, panel.barred) : pairs
  const at = house.clock.now()
  const overridden = await tx.selectFrom('review_override').select('reader').where('round_id', '=', round).execute()
  const knowing = new Set(overridden.map(row => row.reader))
  const rows = joined.map(pair => ({
    id: randomUUID() as string,
    round_id: round,
    dossier_id: pair.application,
    reader: pair.reader,
    state: 'assigned' as const,
    assigned_at: at,
    done_at: null,
    anonymous: !knowing.has(pair.reader),
    flagged_at: null,
  }))
  for (let from = 0; from < rows.length; from += 2000)
    await tx
      .insertInto('review_reading')
      .values(rows.slice(from, from + 2000))
      .execute()
  if (rows.length) await note(tx, house, by, 'readings given out', round, { count: rows.length, short: short.size })
  return { given: rows.length, short: short.size, why: whyShort(panel, short) }
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

/** What is to be read and who may: conflicts, earlier pairs and loads. */
export async function panelOf(tx: Tx, review: Review, only?: string): Promise<Panel> {
  const round = review.round_id
  const applications = tx
    .selectFrom('application')
    .select('dossier_id')
    .where('round_id', '=', round)
    .where('state', '=', 'sent')
  const wanted = await (only ? applications.where('dossier_id', '=', only) : applications).execute()
  const all = await tx
    .selectFrom('review_reading')
    .select(['id', 'dossier_id', 'reader', 'state'])
    .where('round_id', '=', round)
    .execute()
  const scores = await scoresOf(tx, round, only)
  const readings = new Map<string, ReadingSoFar[]>()
  const load = new Map((await readersOf(tx, round)).map(one => [one.reader, 0]))
  const bars = new Set<string>()
  for (const row of all) {
    bars.add(`${row.reader} ${row.dossier_id}`)
    if (row.state === 'assigned' || row.state === 'done') {
      if (load.has(row.reader)) load.set(row.reader, (load.get(row.reader) ?? 0) + 1)
      readings.set(row.dossier_id, [
        ...(readings.get(row.dossier_id) ?? []),
        { state: row.state, scores: scores.get(row.id) ?? new Map() },
      ])
    }
  }
  const conflicts = await tx
    .selectFrom('review_conflict')
    .select(['dossier_id', 'reader'])
    .where('round_id', '=', round)
    .execute()
  for (const row of conflicts) bars.add(`${row.reader} ${row.dossier_id}`)
  const needs = new Map<string, number>()
  for (const { dossier_id: id } of wanted) {
    const has = readings.get(id) ?? []
    const more = wantedFor(review.scale, review.readings, has) - has.length
    if (more > 0) needs.set(id, more)
  }
  return {
    needs,
    readers: load,
    cap: review.cap,
    barred: (reader, application) => bars.has(`${reader} ${application}`),
  }
}

/** Scores of a round by reading and question. */
export async function scoresOf(tx: Tx, round: string, only?: string): Promise<Map<string, Map<string, number | null>>> {
  const query = tx
    .selectFrom('review_score')
    .innerJoin('review_reading', 'review_reading.id', 'review_score.reading_id')
    .select(['review_score.reading_id', 'review_score.question', 'review_score.value'])
    .where('review_reading.round_id', '=', round)
  const rows = await (only ? query.where('review_reading.dossier_id', '=', only) : query).execute()
  const found = new Map<string, Map<string, number | null>>()
  for (const row of rows)
    found.set(row.reading_id, (found.get(row.reading_id) ?? new Map()).set(row.question, row.value))
  return found
}

/** Whoever typed an application in never reads it. */
async function barTypists(tx: Tx, house: House, round: string): Promise<void> {
  const rows = await tx
    .selectFrom('application')
    .select(['dossier_id', 'entered_by'])
    .where('round_id', '=', round)
    .where('entered_by', 'is not', null)
    .execute()
  const at = house.clock.now()
  const bars = rows.flatMap(row =>
    row.entered_by
      ? [{ round_id: round, dossier_id: row.dossier_id, reader: row.entered_by, how: 'typed in' as const, at }]
      : [],
  )
  for (let from = 0; from < bars.length; from += 2000)
    await tx
      .insertInto('review_conflict')
      .values(bars.slice(from, from + 2000))
      .onConflict(on => on.doNothing())
      .execute()
}
