import type { Fault } from './fault.ts'
import { type Pool, type PoolColumns, readPool } from './pool.ts'
import type { Quota } from './quotas.ts'
import { readTable } from './table.ts'

/**
 * Adds people already confirmed, from a file with the columns of the pool, to the pool; someone in both stands once.
 * Returns their indexes in the joined pool.
 */
export function joinConfirmed(
  pool: Pool,
  bytes: Uint8Array,
  file: string,
  quotas: Quota[],
  columns: PoolColumns,
  faults: Fault[],
): { pool: Pool; confirmed: number[] } {
  const others = readPool(bytes, file, quotas, columns, faults)
  const known = new Map(pool.ids.map((id, i) => [id, i]))
  const confirmed: number[] = []
  const added: number[] = []
  for (const [i, id] of others.ids.entries()) {
    const same = known.get(id)
    if (same === undefined) added.push(i)
    confirmed.push(same ?? pool.ids.length + added.length - 1)
  }
  const values = pool.values.map((list, f) => [...new Set([...list, ...(others.values[f] ?? [])])])
  const codes = pool.codes.map((list, f) => {
    const own = added.map(i => values[f]?.indexOf(others.values[f]?.[others.codes[f]?.[i] ?? 0] ?? '') ?? 0)
    return Int32Array.from([...list, ...own])
  })
  const homes = pool.homes && Int32Array.from([...pool.homes, ...added.map(i => others.homes?.[i] ?? -1)])
  const passedOver = pool.passedOver && Int32Array.from([...pool.passedOver, ...added.map(() => 0)])
  const ids = [...pool.ids, ...added.map(i => others.ids[i] ?? '')]
  return {
    pool: { ...pool, ids, values, codes, ...(homes ? { homes } : {}), ...(passedOver ? { passedOver } : {}) },
    confirmed,
  }
}

/** Reads pairs of ids who may not sit together, two columns under any heading, as indexes in the pool. */
export function readPairs(bytes: Uint8Array, file: string, pool: Pool, faults: Fault[]): [number, number][] {
  const known = new Map(pool.ids.map((id, i) => [id, i]))
  const pairs: [number, number][] = []
  let first = true
  readTable(bytes, file, faults, ({ line, cells }) => {
    if (first) {
      first = false
      return
    }
    const [a, b] = cells.map(id => known.get(id))
    if (cells.length === 2 && a !== undefined && b !== undefined && a !== b) pairs.push([a, b])
    else
      faults.push({
        file,
        line,
        what: 'This is not a pair of two people of the pool.',
        mend: 'Write two ids as the pool has them.',
      })
  })
  return pairs
}
