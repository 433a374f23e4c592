import { andMore, type Fault } from './fault.ts'
import type { Quota } from './quotas.ts'
import { readTable } from './table.ts'

/** The people who can be selected. `codes[f][i]` is the index in `values[f]` of person i's value of feature f. */
export type Pool = {
  ids: string[]
  features: string[]
  values: string[][]
  codes: Int32Array[]
  /** The home of each person as a number, when homes are read; -1 for someone whose home is not known. */
  homes?: Int32Array
  /** How often each person was passed over in earlier draws, when that column is read. */
  passedOver?: Int32Array
}

/** What a person who did not say is given: a value outside every quota. */
export const NOT_STATED = 'Not stated'

/** Which columns hold what; `homeOf` numbers homes alike in files read after one another. */
export type PoolColumns = { id?: string; household?: string[]; passedOver?: string; homeOf?: Map<string, number> }

/** Reads the pool against its quotas, and names every row that cannot be used; see `Fault`. */
export function readPool(
  bytes: Uint8Array,
  file: string,
  quotas: Quota[],
  columns: PoolColumns,
  faults: Fault[],
): Pool {
  const features = [...new Set(quotas.map(quota => quota.feature))]
  const values = features.map(feature => quotas.filter(quota => quota.feature === feature).map(quota => quota.value))
  const index = values.map(list => new Map(list.map((value, code) => [value, code])))
  const codes: number[][] = features.map(() => [])
  const ids: string[] = []
  const homes: number[] = []
  const homeOf = columns.homeOf ?? new Map<string, number>()
  const passedOver: number[] = []
  const firstLine = new Map<string, number>()
  const unknown = new Map<string, { fault: Fault; count: number }>()
  let at: { features: number[]; id: number; household: number[]; passedOver: number } | undefined
  const note = (key: string, fault: Fault) => {
    const known = unknown.get(key)
    if (known) known.count++
    else unknown.set(key, { fault, count: 1 })
  }
  readTable(bytes, file, faults, ({ line, cells }) => {
    if (!at) {
      at = columnsIn(cells, features, columns, file, line, faults)
      return
    }
    const id = at.id < 0 ? String(ids.length + 1) : (cells[at.id] ?? '')
    if (at.id >= 0) {
      if (!id) note('no id', { file, line, what: 'The id is empty.', mend: 'Give every person an id of their own.' })
      const before = firstLine.get(id)
      if (id && before)
        faults.push({
          file,
          line,
          what: `The id “${id}” stands on line ${before} too.`,
          mend: 'Delete one of the rows.',
        })
      else firstLine.set(id, line)
    }
    ids.push(id)
    for (const [f, column] of at.features.entries()) {
      if (column < 0) continue
      const value = cells[column] ?? ''
      let code = index[f]?.get(value)
      if (code === undefined && value === NOT_STATED) {
        code = values[f]?.push(value) as number
        index[f]?.set(value, --code)
      }
      if (code === undefined) {
        const feature = features[f]
        const what = value ? `“${value}” is not a value of “${feature}” in the quotas` : `“${feature}” is empty`
        const fix = `or write “${NOT_STATED}” for someone who did not say.`
        const mend = value ? `Correct it, add a quota for it, ${fix}` : `Fill it in, ${fix}`
        note(JSON.stringify([f, value]), { file, line, what, mend })
      }
      codes[f]?.push(code ?? 0)
    }
    if (columns.passedOver !== undefined) {
      const text = cells[at.passedOver] ?? ''
      if (!/^\d{0,4}$/.test(text)) {
        const what = `“${text}” in “${columns.passedOver}” is not how often someone was passed over`
        note(`passed over ${text}`, {
          file,
          line,
          what,
          mend: 'Write a whole number in digits, or leave it empty for never.',
        })
      }
      passedOver.push(Number(text) || 0)
    }
    if (columns.household) {
      const home = at.household.map(column => (cells[column] ?? '').toLowerCase().replaceAll(/\s+/g, ' '))
      if (home.every(part => part === '')) homes.push(-1)
      else {
        const key = JSON.stringify(home)
        const number = homeOf.get(key) ?? homeOf.size
        homeOf.set(key, number)
        homes.push(number)
      }
    }
  })
  for (const { fault, count } of unknown.values())
    faults.push({ ...fault, what: `${fault.what.replace(/\.$/, '')}${andMore(count)}.` })
  if (at && !ids.length)
    faults.push({ file, what: 'There is nobody in the pool.', mend: 'Add a row for each person below the heading.' })
  return {
    ids,
    features,
    values,
    codes: codes.map(list => Int32Array.from(list)),
    ...(columns.household ? { homes: Int32Array.from(homes) } : {}),
    ...(columns.passedOver === undefined ? {} : { passedOver: Int32Array.from(passedOver) }),
  }
}

function columnsIn(
  heading: string[],
  features: string[],
  columns: PoolColumns,
  file: string,
  line: number,
  faults: Fault[],
) {
  const find = (name: string, why: string, mend: string) => {
    const place = heading.indexOf(name)
    if (place < 0) faults.push({ file, line, what: `There is no column “${name}”${why}.`, mend })
    else if (heading.indexOf(name, place + 1) >= 0)
      faults.push({ file, line, what: `Two columns are named “${name}”.`, mend: 'Rename or delete one of them.' })
    return place
  }
  const inQuotas = 'Add it to the pool, or take its quotas out. Capital letters count.'
  const inOption = `The columns are: ${heading.join(', ')}.`
  return {
    features: features.map(feature => find(feature, ', which the quotas name', inQuotas)),
    id: columns.id
      ? find(columns.id, ' to take ids from', inOption)
      : features.includes('id')
        ? -1
        : heading.indexOf('id'),
    passedOver:
      columns.passedOver === undefined
        ? -1
        : find(columns.passedOver, ' of how often people were passed over', inOption),
    household: (columns.household ?? []).map(name => find(name, ' to tell homes by', inOption)),
  }
}
