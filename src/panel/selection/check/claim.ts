import type { Fault } from '../reading/fault.ts'
import { say } from '../reading/fault.ts'
import { joinConfirmed, readPairs } from '../reading/join.ts'
import { type Pool, readPool } from '../reading/pool.ts'
import { type Quota, readQuotas } from '../reading/quotas.ts'
import { type SelectionFile, selectionFile } from './file.ts'

/** The files that a selection was made from. */
export type Files = { pool: Uint8Array; quotas: Uint8Array; confirmed?: Uint8Array; apart?: Uint8Array }

export type Columns = { id?: string; household?: string[]; passedOver?: string }

/** A selection beside what it was made from. `complain` notes a claim that does not hold, in a sentence. */
export type Claim = {
  selection: SelectionFile
  pool: Pool
  quotas: Quota[]
  /** Index in the pool by id. */
  person: Map<string, number>
  confirmed: Set<number>
  /** Pairs who may not sit together. */
  apart: [number, number][]
  complain: (what: string) => void
}

/** Reads the selection and its files. Where one of them cannot be read, that is all there is to say. */
export function readClaim(json: unknown, files: Files, columns: Columns, wrong: string[]): Claim | undefined {
  const faults: Fault[] = []
  const quotas = readQuotas(files.quotas, 'quotas', faults)
  const shared = { ...columns, homeOf: new Map<string, number>() }
  const alone = readPool(files.pool, 'pool', quotas, shared, faults)
  const { pool, confirmed } = files.confirmed
    ? joinConfirmed(alone, files.confirmed, 'confirmed', quotas, shared, faults)
    : { pool: alone, confirmed: [] }
  const apart = files.apart ? readPairs(files.apart, 'apart', pool, faults) : []
  const parsed = selectionFile.safeParse(json)
  if (!parsed.success) wrong.push('The selection file is not one that panel select wrote.')
  wrong.push(...faults.map(say))
  if (!parsed.success || faults.length) return undefined
  const selection = parsed.data
  const complain = (what: string) => void (wrong.length < 50 && wrong.push(what))
  const person = new Map(pool.ids.map((id, i) => [id, i]))
  for (const id of selection.confirmed)
    if (!confirmed.includes(person.get(id) ?? -1))
      complain(`“${id}” is said to be confirmed, and --confirmed does not.`)
  if (confirmed.length !== new Set(selection.confirmed).size)
    complain('Those confirmed are not all in the selection, or one stands there twice.')
  return { selection, pool, quotas, person, confirmed: new Set(confirmed), apart, complain }
}

/** The values of a person, one for each feature of the pool. */
export function valuesOf(pool: Pool, person: number): string[] {
  return pool.codes.map((codes, f) => pool.values[f]?.[codes[person] ?? 0] ?? '')
}
