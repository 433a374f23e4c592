import { randomUUID } from 'node:crypto'
import type { Tx } from '#src/platform/database/database.ts'
import { record } from '../ledger/ledger.ts'
import type { Actor } from '../notice/actor.ts'
import type { FieldFor } from '../notice/datamap.ts'
import { membersOf, type Population, populationsOf } from './population.ts'
import { protect } from './protect.ts'
import { groupIn, joined, keyOf, layOut, type Table, thresholdOf } from './table.ts'

declare module '#src/platform/database/tables.ts' {
  interface Tables {
    release: {
      id: string
      population_id: string
      table_name: string
      threshold: number
      cells: Record<string, number | null>
      released_at: Date
      released_by: string
    }
  }
}

/** A table as it may be shown: counts rounded to the nearest five; null where a group is too small, or guards one. */
export interface Release {
  population: Population
  table: Table
  threshold: number
  releasedAt: Date
  cells: ReadonlyMap<string, number | null>
}

/** Counting these people by this table would tell of a few of them. */
export class TooClose extends Error {}

export type CountableField = FieldFor<'panel', 'representativeness'>
/** Values of the living members of a population, by dossier: given by the vault, and never passed on. */
export type ReadValues = (
  fields: readonly CountableField[],
  ids: readonly string[],
) => Promise<Map<string, Partial<Record<CountableField, string>>>>

/**
 * Counts a frozen population by a declared table, and releases what may be shown: groups below the threshold are not,
 * nor what would tell them (also for whoever is alone in a group, and from every table of these people released
 * before), nor what differs by a few people from what was released of others. A release is frozen: the same question
 * gets the same answer.
 */
export async function tallyOver(
  tx: Tx,
  by: Actor,
  population: Population,
  table: Table,
  declared: readonly Table[],
  read: ReadValues,
  at: Date,
): Promise<Release> {
  const before = await releasesOf(tx, population, declared)
  const same = before.find(one => one.table.name === table.name)
  if (same) return same
  const threshold = thresholdOf(table)
  const tables = [table, ...before.map(one => one.table)]
  const people = await countable(tx, population, tables, read)
  const { keys, cells } = joined(tables, counts(people, tables))
  const whole = people.size
  const own = new Set(layOut(table).keys)
  const shown = new Set<number>()
  const small = new Set<number>()
  const close = await closeTo(tx, population, table, declared, read, people, threshold)
  for (const [i, key] of keys.entries()) {
    const count = cells.counts[i] ?? 0
    const earlier = before.flatMap(one => (one.cells.has(key) ? [one.cells.get(key) ?? null] : []))
    if (earlier.some(value => value !== null)) shown.add(i)
    else if (earlier.length) small.add(i)
    else if (key !== '' && isSmall(count, whole, threshold)) small.add(i)
    else if (own.has(key) && close.has(key)) small.add(i)
  }
  const rule = { width: threshold, together: threshold, loners: true, shown }
  const hidden = whole < threshold ? new Set(keys.keys()) : await protect(cells, small, rule)
  const published: Record<string, number | null> = {}
  for (const [i, key] of keys.entries())
    if (own.has(key)) published[key] = hidden.has(i) ? null : toFive(cells.counts[i] ?? 0)
  await tx
    .insertInto('release')
    .values({
      id: randomUUID(),
      population_id: population.id,
      table_name: table.name,
      threshold,
      cells: JSON.stringify(published) as unknown as Record<string, number | null>,
      released_at: at,
      released_by: by.id,
    })
    .execute()
  await record(tx, {
    actor: by.id,
    role: by.roles[0] ?? 'system',
    purpose: 'representativeness',
    act: 'counted',
    count: whole,
    detail: { population: population.id, table: table.name },
    at,
  })
  return { population, table, threshold, releasedAt: at, cells: new Map(Object.entries(published)) }
}

/** What was released of a population, by the tables declared now. */
export async function releasesOf(tx: Tx, population: Population, declared: readonly Table[]): Promise<Release[]> {
  const rows = await tx.selectFrom('release').selectAll().where('population_id', '=', population.id).execute()
  return rows.flatMap(row => {
    const table = declared.find(one => one.name === row.table_name)
    if (!table) return []
    const cells = new Map(Object.entries(row.cells))
    return [{ population, table, threshold: row.threshold, releasedAt: row.released_at, cells }]
  })
}

/**
 * Cells whose people differ, or may differ, by a few from those of a table that was released of another population of the same round:
 * the two counts side by side would tell of the few. Throws TooClose when the populations themselves do.
 */
async function closeTo(
  tx: Tx,
  population: Population,
  table: Table,
  declared: readonly Table[],
  read: ReadValues,
  people: People,
  threshold: number,
): Promise<Set<string>> {
  const close = new Set<string>()
  for (const other of await populationsOf(tx, population.of)) {
    if (other.id === population.id) continue
    const released = await releasesOf(tx, other, declared)
    if (!released.length) continue
    const others = await countable(tx, other, [table], read)
    const only = (a: People, b: People) => new Map([...a].filter(([id]) => !b.has(id)))
    const [joinedSince, leftSince] = [only(people, others), only(others, people)]
    // Those of the other group who were erased since, or are set aside: where they stood nobody knows any more.
    const unseen = Math.max(0, other.size - others.size)
    const differ = joinedSince.size + leftSince.size + unseen
    if (differ === 0) continue
    if (differ < threshold)
      throw new TooClose(
        `Fewer than ${threshold} people differ from a group that was counted before, so its counts stand.`,
      )
    const shown = new Set(released.flatMap(one => [...one.cells].filter(([, value]) => value !== null).map(([k]) => k)))
    const [more, less] = [counts(joinedSince, [table]), counts(leftSince, [table])]
    for (const key of layOut(table).keys) {
      const apart = (more.get(key) ?? 0) + (less.get(key) ?? 0)
      if (shown.has(key) && key !== '' && apart + unseen > 0 && apart < threshold) close.add(key)
    }
  }
  return close
}

type People = Map<string, Partial<Record<CountableField, string>>>

async function countable(tx: Tx, population: Population, tables: readonly Table[], read: ReadValues): Promise<People> {
  const fields = [...new Set(tables.flatMap(table => table.dimensions.map(one => one.field)))]
  return read(fields, await membersOf(tx, population.id))
}

function counts(people: People, tables: readonly Table[]): Map<string, number> {
  const found = new Map<string, number>()
  const add = (keys: ReadonlySet<string>) => {
    for (const key of keys) found.set(key, (found.get(key) ?? 0) + 1)
  }
  for (const values of people.values()) {
    const keys = new Set<string>([''])
    for (const table of tables) {
      const parts = table.dimensions.map(one => ({ name: one.name, group: groupIn(one, values[one.field]) }))
      for (const part of parts) keys.add(keyOf([part]))
      keys.add(keyOf(parts))
    }
    add(keys)
  }
  return found
}

/** Too few to show; and for special categories also nobody, or everybody, since both tell of each person. */
function isSmall(count: number, whole: number, threshold: number): boolean {
  if (threshold >= 10) return count < threshold || count === whole
  return count > 0 && count < threshold
}

function toFive(count: number): number {
  return Math.round(count / 5) * 5
}
