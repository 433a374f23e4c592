import type { Pool } from './reading/pool.ts'
import type { Quota } from './reading/quotas.ts'

/** What every panel keeps: the sum of the counts of its types lies between `lower` and `upper`. */
export type Row = {
  kind: 'size' | 'quota' | 'home' | 'pair'
  name: string
  lower: number
  upper: number
  quota?: Quota
}

/** A selection over types: people of one type have the same features, the same class of home and the same weight. */
export type Problem = {
  size: number
  rows: Row[]
  /** People in each type. */
  count: Int32Array
  /** The most of each type a panel can hold on its own. */
  most: Float64Array
  /** What a chance is divided by before chances are compared: 1, or more for people passed over before. */
  weight: Float64Array
  /** Rows of type t: `rowIndex` from `rowStart[t]` up to `rowStart[t + 1]`; every coefficient is one. */
  rowStart: Int32Array
  rowIndex: Int32Array
}

/** A problem with the people behind it. */
export type PooledProblem = Problem & {
  pool: Pool
  types: { features: Record<string, string>; people: Int32Array }[]
  typeOf: Int32Array
  confirmed: number[]
}

export type Circumstances = {
  /** Persons (indexes in the pool) already confirmed; they count towards size and quotas and are not drawn. */
  confirmed?: number[]
  /** Pairs of persons who may not sit together. */
  apart?: [number, number][]
}

/** Groups a pool into types and writes size, quotas, homes and pairs as rows over them; nothing about a person is lost. */
export function pose(pool: Pool, quotas: Quota[], size: number, circumstances: Circumstances = {}): PooledProblem {
  const { confirmed = [], apart = [] } = circumstances
  const { passedOver } = pool
  const people = pool.ids.length
  const out = new Uint8Array(people)
  for (const person of confirmed) out[person] = 1
  const base = baseTypes(pool, passedOver)
  const { homeClass, cliques } = companions(pool, base, apart, confirmed, out)
  const typeOf = new Int32Array(people).fill(-1)
  const index = new Map<string | number, number>()
  const members: number[][] = []
  for (let person = 0; person < people; person++) {
    if (out[person]) continue
    const home = homeClass.get(person)
    const key = home === undefined ? (base[person] ?? 0) : `${base[person]}/${home}`
    let type = index.get(key)
    if (type === undefined) {
      type = members.length
      index.set(key, type)
      members.push([])
    }
    typeOf[person] = type
    members[type]?.push(person)
  }
  const rows: Row[] = [{ kind: 'size', name: 'size', lower: size - confirmed.length, upper: size - confirmed.length }]
  const rowOf = new Map<string, number>()
  for (const quota of quotas) {
    const f = pool.features.indexOf(quota.feature)
    const code = pool.values[f]?.indexOf(quota.value) ?? -1
    let had = 0
    for (const person of confirmed) if (pool.codes[f]?.[person] === code) had++
    rowOf.set(`${f}/${code}`, rows.length)
    const name = `${quota.feature}: ${quota.value}`
    rows.push({ kind: 'quota', name, lower: Math.max(0, quota.min - had), upper: quota.max - had, quota })
  }
  const touching: number[][] = members.map(list => {
    const first = list[0] ?? 0
    const own = [0]
    for (let f = 0; f < pool.features.length; f++) {
      const row = rowOf.get(`${f}/${pool.codes[f]?.[first]}`)
      if (row !== undefined) own.push(row)
    }
    return own
  })
  const cliqueRows = new Map<string, { row: number; homes: Set<number> }>()
  const most = Float64Array.from(members, list => list.length)
  for (const [number, clique] of cliques.entries()) {
    const types = [...new Set(clique.people.map(person => typeOf[person] ?? -1))].sort((a, b) => a - b)
    const key = types.join()
    const known = cliqueRows.get(key)
    if (known) known.homes.add(number)
    else {
      cliqueRows.set(key, { row: rows.length, homes: new Set([number]) })
      rows.push({ kind: clique.kind, name: clique.kind, lower: 0, upper: 1 })
      for (const type of types) touching[type]?.push(rows.length - 1)
    }
  }
  for (const [key, { row, homes }] of cliqueRows) {
    const bound = rows[row]
    if (bound) bound.upper = homes.size
    for (const type of key.split(',').map(Number)) most[type] = Math.min(most[type] ?? 0, homes.size)
  }
  const rowStart = new Int32Array(members.length + 1)
  for (const [type, own] of touching.entries()) rowStart[type + 1] = (rowStart[type] ?? 0) + own.length
  return {
    size: size - confirmed.length,
    rows,
    count: Int32Array.from(members, list => list.length),
    most,
    weight: Float64Array.from(members, list => 1 + (passedOver?.[list[0] ?? 0] ?? 0)),
    rowStart,
    rowIndex: Int32Array.from(touching.flat()),
    pool,
    confirmed,
    typeOf,
    types: members.map(list => ({ features: featuresOf(pool, list[0] ?? 0), people: Int32Array.from(list) })),
  }
}

function featuresOf(pool: Pool, person: number): Record<string, string> {
  return Object.fromEntries(
    pool.features.map((feature, f) => [feature, pool.values[f]?.[pool.codes[f]?.[person] ?? 0] ?? '']),
  )
}

function baseTypes(pool: Pool, passedOver?: Int32Array): Int32Array {
  const type = new Int32Array(pool.ids.length)
  const columns = [...pool.codes, ...(passedOver ? [passedOver] : [])]
  for (const codes of columns) {
    const radix = codes.reduce((high, code) => Math.max(high, code), 0) + 1
    const dense = new Map<number, number>()
    for (let i = 0; i < type.length; i++) {
      const key = (type[i] ?? 0) * radix + (codes[i] ?? 0)
      let known = dense.get(key)
      if (known === undefined) {
        known = dense.size
        dense.set(key, known)
      }
      type[i] = known
    }
  }
  return type
}

// A home whose members meet nobody else is a class with every home of the same make-up: its members are interchangeable
// with theirs. Anyone named in a pair is a type of one, and so are the people they live with.
function companions(pool: Pool, base: Int32Array, apart: [number, number][], confirmed: number[], out: Uint8Array) {
  const homes = new Map<number, number[]>()
  for (const [person, home] of (pool.homes ?? new Int32Array()).entries()) {
    if (home < 0) continue
    const list = homes.get(home)
    if (list) list.push(person)
    else homes.set(home, [person])
  }
  for (const person of confirmed) for (const other of homes.get(pool.homes?.[person] ?? -1) ?? []) out[other] = 1
  for (const [a, b] of apart) {
    if (confirmed.includes(a)) out[b] = 1
    if (confirmed.includes(b)) out[a] = 1
  }
  const named = new Set(apart.flat())
  const homeClass = new Map<number, string>()
  const cliques: { kind: 'home' | 'pair'; people: number[] }[] = []
  for (const person of named) if (!out[person]) homeClass.set(person, `person ${person}`)
  for (const list of homes.values()) {
    const living = list.filter(person => !out[person])
    if (living.length < 2) continue
    const single = living.some(person => named.has(person))
    const make = living.map(person => base[person] ?? 0).sort((a, b) => a - b)
    for (const person of living) homeClass.set(person, single ? `person ${person}` : make.join('+'))
    cliques.push({ kind: 'home', people: living })
  }
  for (const [a, b] of apart) if (!out[a] && !out[b]) cliques.push({ kind: 'pair', people: [a, b] })
  return { homeClass, cliques }
}
