import { type Claim, valuesOf } from './claim.ts'

/** What every panel keeps: the seats of these types add up to `lower` at least and `upper` at most. */
export type Row = { name: string; lower: number; upper: number; types: Set<number> }

/** Size, quotas, homes and pairs, written again from the files. */
export function rowsOf(
  { selection, pool, quotas, person, confirmed, apart }: Claim,
  typeOf: Map<number, number>,
): Row[] {
  const all = selection.types.map((_, t) => t)
  const places = selection.size - confirmed.size
  const rows: Row[] = [{ name: 'size', lower: places, upper: places, types: new Set(all) }]
  const first = selection.types.map(({ people }) => valuesOf(pool, person.get(people[0] ?? '') ?? 0))
  for (const { feature, value, min, max } of quotas) {
    const f = pool.features.indexOf(feature)
    const had = [...confirmed].filter(i => valuesOf(pool, i)[f] === value).length
    const types = new Set(all.filter(t => first[t]?.[f] === value))
    rows.push({ name: `${feature}: ${value}`, lower: min - had, upper: max - had, types })
  }
  rows.push(...homeRows(pool.homes, typeOf))
  for (const pair of apart) {
    const types = new Set(pair.flatMap(i => typeOf.get(i) ?? []))
    if (types.size === 2) rows.push({ name: 'two who may not sit together', lower: 0, upper: 1, types })
  }
  return rows
}

/** The rows that so many seats of each type break, a sentence each. */
export function broken(rows: Row[], seats: ReadonlyMap<number, number>): string[] {
  return rows.flatMap(({ name, lower, upper, types }) => {
    let sum = 0
    for (const [t, n] of seats) if (types.has(t)) sum += n
    return sum < lower || sum > upper ? [`has ${sum} of “${name}”, outside ${lower} to ${upper}.`] : []
  })
}

// Homes of the same make-up are one row: as many of their people can sit as there are such homes.
function homeRows(homes: Int32Array | undefined, typeOf: Map<number, number>): Row[] {
  const living = new Map<number, Set<number>>()
  const people = new Map<number, number>()
  for (const [i, type] of typeOf) {
    const home = homes?.[i] ?? -1
    if (home < 0) continue
    living.set(home, (living.get(home) ?? new Set()).add(type))
    people.set(home, (people.get(home) ?? 0) + 1)
  }
  const alike = new Map<string, Row>()
  for (const [home, types] of living) {
    if ((people.get(home) ?? 0) < 2) continue
    const key = [...types].sort((a, b) => a - b).join()
    const row = alike.get(key) ?? { name: 'one person a home', lower: 0, upper: 0, types }
    alike.set(key, { ...row, upper: row.upper + 1 })
  }
  return [...alike.values()]
}
