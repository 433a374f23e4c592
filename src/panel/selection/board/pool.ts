import type { Tx } from '#src/platform/database/database.ts'
import type { House } from '#src/promises/house.ts'
import type { Actor } from '#src/promises/notice/actor.ts'
import { applicantsOf } from '../../recruitment/application.ts'
import { type PooledProblem, pose } from '../problem.ts'
import { agree } from '../reading/agree.ts'
import { type Fault, say } from '../reading/fault.ts'
import { joinConfirmed } from '../reading/join.ts'
import { type PoolColumns, readPool } from '../reading/pool.ts'
import { readQuotas } from '../reading/quotas.ts'
import { drawFields, type Feature, features, valueIn } from './features.ts'
import type { PlannedQuota } from './tables.ts'

/** Those who can be drawn, with what the draw may know of each; nobody counts as opened, since nobody is shown. */
export type Candidates = Map<string, Record<string, string>>

/** Who can be drawn in a round: the pool of the review, where there was one, else everyone whose application stands. */
export type PoolOf = (tx: Tx, round: string) => Promise<string[]>

/** Looks up the pool's features by machine: one entry in the ledger for the look. */
export async function candidatesOf(
  tx: Tx,
  house: House,
  by: Actor,
  round: string,
  poolOf: PoolOf = applicantsOf,
): Promise<Candidates> {
  const found: Candidates = new Map()
  const ask = { by, for: 'administer the panel', fields: drawFields } as const
  await house.vault.search(tx, 'panel', ask, await poolOf(tx, round), values => {
    found.set(values.id, Object.fromEntries(features.map(feature => [feature.name, valueIn(feature, values)])))
    return false
  })
  return new Map([...found].sort(([a], [b]) => (a < b ? -1 : 1)))
}

/** Those whom a draw is made from and around. */
export interface Field {
  candidates: Candidates
  /** Those who hold a place already: they count towards size and quotas, and are not drawn. */
  seated: Candidates
  /** How often each candidate stood in an accepted draw of the round and was not drawn: they gain by it. */
  passedOver: ReadonlyMap<string, number>
}

export interface Posed {
  problem: PooledProblem | undefined
  /** What stops it before any solver is asked, a sentence each. */
  faults: string[]
  files: { pool: Buffer; quotas: Buffer; confirmed?: Buffer }
  columns: PoolColumns
}

/** Whether a quota keeps anything from a panel of this size. */
export function bounds({ min, max }: PlannedQuota, size: number): boolean {
  return min > 0 || (max !== null && max < size)
}

/** The features that a draw with these quotas reads: those with a quota that bounds anything. */
export function readFor(quotas: readonly PlannedQuota[], size: number): Feature[] {
  return features.filter(feature => quotas.some(one => one.feature === feature.name && bounds(one, size)))
}

/**
 * Writes pool, quotas and those seated as the files of the command, and reads them as it does. Only features with a quota
 * that bounds anything stand in them, so that everyone else is alike to the draw.
 */
export function poseFor(
  { candidates, seated, passedOver }: Field,
  quotas: readonly PlannedQuota[],
  size: number,
): Posed {
  const bounding = readFor(quotas, size)
  const rows = bounding.flatMap(feature =>
    Object.keys(feature.values).map(value => {
      const own = quotas.find(one => one.feature === feature.name && one.value === value)
      return [feature.name, value, own?.min ?? 0, own?.max ?? size].join(',')
    }),
  )
  if (!bounding.length) rows.push(['everyone', 'everyone', size, size].join(','))
  const names = bounding.length ? bounding.map(feature => feature.name) : ['everyone']
  const file = (people: Candidates) => {
    const cells = (id: string, values: Record<string, string>) => [
      id,
      ...names.map(name => values[name] ?? 'everyone'),
      passedOver.get(id) ?? 0,
    ]
    const lines = [['id', ...names, PASSED_OVER], ...[...people].map(([id, values]) => cells(id, values))]
    return Buffer.from(`${lines.map(line => (passedOver.size ? line : line.slice(0, -1)).join(',')).join('\n')}\n`)
  }
  const files = {
    pool: file(candidates),
    quotas: Buffer.from(`${['feature,value,min,max', ...rows].join('\n')}\n`),
    ...(seated.size ? { confirmed: file(seated) } : {}),
  }
  const columns: PoolColumns = { id: 'id', ...(passedOver.size ? { passedOver: PASSED_OVER } : {}) }
  const faults: Fault[] = []
  const read = readQuotas(files.quotas, 'quotas', faults)
  const alone = readPool(files.pool, 'pool', read, columns, faults)
  const { pool, confirmed } = files.confirmed
    ? joinConfirmed(alone, files.confirmed, 'pool', read, columns, faults)
    : { pool: alone, confirmed: [] }
  agree(pool, read, size, { pool: 'pool', quotas: 'quotas' }, faults)
  const problem = faults.length ? undefined : pose(pool, read, size, { confirmed })
  return { problem, faults: faults.map(fault => inWords(say({ ...fault, file: '' }))), files, columns }
}

const PASSED_OVER = 'passed_over'

/** Codes in a sentence of the engine, as the words of the page. */
export function inWords(sentence: string): string {
  let said = sentence.replace(/^(, line \d+)?:\s*/, '')
  for (const feature of features)
    for (const [code, words] of Object.entries(feature.values))
      said = said.replaceAll(`${feature.name}: ${code}`, `${feature.says}: ${words}`)
  for (const feature of features) said = said.replaceAll(`“${feature.name}”`, `“${feature.says}”`)
  return said
    .replace('The mins of', 'The least numbers of')
    .replace('The maxes of', 'The most numbers of')
    .replace('its min to', 'its least number to')
}
