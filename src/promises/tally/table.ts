import { type FieldFor, ruleOf } from '../notice/datamap.ts'
import type { Cells } from './attack.ts'

/** One way to group people: by a field that the notice lets be counted. Whoever left it blank is in "Not said". */
export interface Dimension {
  field: FieldFor<'panel', 'representativeness'>
  name: string
  /** Codes of the groups and their words, in the order shown. */
  groups: Readonly<Record<string, string>>
  /** The group that a value falls in; undefined falls in "Not said". */
  groupOf(value: string): string | undefined
}

/** A table declared beforehand: nobody puts a question of their own. */
export interface Table {
  name: string
  says: string
  dimensions: readonly [Dimension] | readonly [Dimension, Dimension]
}

/** The group of those who did not say. */
export const notSaid = 'not-said'

/** Special categories are shown from ten people on, others from five (law and practice: docs/decisions/0017). */
export function thresholdOf(table: Table): 5 | 10 {
  return table.dimensions.some(one => ruleOf('panel', one.field)?.special) ? 10 : 5
}

/** The groups of a dimension with their words, "Not said" last. */
export function groupsOf(dimension: Dimension): [string, string][] {
  return [...Object.entries(dimension.groups).filter(([code]) => code !== notSaid), [notSaid, 'Not said']]
}

/** The group that someone's value falls in. */
export function groupIn(dimension: Dimension, value: string | undefined): string {
  const group = value === undefined ? undefined : dimension.groupOf(value)
  return group !== undefined && Object.hasOwn(dimension.groups, group) ? group : notSaid
}

/** Names a cell the same in every table that holds it: `region=E12000007&ethnicity=black`; the whole is `''`. */
export function keyOf(parts: readonly { name: string; group: string }[]): string {
  return parts
    .map(part => `${part.name}=${part.group}`)
    .sort()
    .join('&')
}

/** The cells of a table with its totals, by key, and the sums that tie them together. */
export function layOut(table: Table): { keys: string[]; sums: { total: string; parts: string[] }[] } {
  const [down, across] = table.dimensions
  const one = (dimension: Dimension) => groupsOf(dimension).map(([group]) => keyOf([{ name: dimension.name, group }]))
  if (!across) return { keys: [...one(down), ''], sums: [{ total: '', parts: one(down) }] }
  const cell = (d: string, a: string) =>
    keyOf([
      { name: down.name, group: d },
      { name: across.name, group: a },
    ])
  const rows = groupsOf(down).map(([d]) => ({
    total: keyOf([{ name: down.name, group: d }]),
    parts: groupsOf(across).map(([a]) => cell(d, a)),
  }))
  const columns = groupsOf(across).map(([a]) => ({
    total: keyOf([{ name: across.name, group: a }]),
    parts: groupsOf(down).map(([d]) => cell(d, a)),
  }))
  const sums = [...rows, ...columns, { total: '', parts: one(down) }, { total: '', parts: one(across) }]
  return { keys: [...rows.flatMap(row => row.parts), ...one(down), ...one(across), ''], sums }
}

/** Several tables of the same people as one: they share cells, and what one shows tells of another. */
export function joined(
  tables: readonly Table[],
  counts: ReadonlyMap<string, number>,
): { keys: string[]; cells: Cells } {
  const all = tables.map(layOut)
  const keys = [...new Set(all.flatMap(one => one.keys))]
  const index = new Map(keys.map((key, i) => [key, i]))
  const at = (key: string) => index.get(key) ?? 0
  return {
    keys,
    cells: {
      counts: keys.map(key => counts.get(key) ?? 0),
      sums: all.flatMap(one => one.sums).map(sum => ({ total: at(sum.total), parts: sum.parts.map(at) })),
    },
  }
}
