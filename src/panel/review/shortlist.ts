import { createHash } from 'node:crypto'
import { type House, within } from '#src/promises/house.ts'
import { system } from '#src/promises/notice/actor.ts'
import { regionOf } from '../recruitment/councils.ts'
import { ageRanges, genders, tenancies, wordsOf } from '../recruitment/options.ts'
import { textOf } from '../recruitment/rounds/desk.ts'
import type { Result } from './results.ts'

/** A shortlist rule: a least mean, or a least score on each question. */
export interface Rule {
  kind: 'mean' | 'each'
  least: number
}

/** The rule that an address or a form names. */
export function readRule(fields: { [field: string]: unknown }): Rule | undefined {
  const least = Number(textOf(fields, 'least') || Number.NaN)
  if (!(least >= 1 && least <= 5)) return undefined
  return { kind: textOf(fields, 'kind') === 'each' ? 'each' : 'mean', least }
}

export function sayRule(rule: Rule): string {
  return `${rule.kind === 'mean' ? 'a mean of at least' : 'a mean on each question of at least'} ${rule.least}`
}

/** Whom a rule takes: only applications whose readings are complete. */
export function shortlisted(results: readonly Result[], rule: Rule): string[] {
  const meets = (one: Result) => (rule.kind === 'mean' ? one.mean : one.least) ?? -1
  return results
    .filter(one => one.readings > 0 && one.waiting === 0 && meets(one) >= rule.least - 1e-9)
    .map(one => one.id)
}

/** Names exactly these people: a preview and its confirmation must be of the same. */
export function digestOf(ids: readonly string[]): string {
  return createHash('sha256')
    .update([...ids].sort().join('\n'))
    .digest('hex')
    .slice(0, 32)
}

const few = 5

export interface Effect {
  group: string
  rows: { words: string; all: string; chosen: string }[]
}

/**
 * How a rule falls on groups of age, gender, region and tenancy: counts, none of fewer than five people, nor one that
 * would tell of fewer than five left out. Never ethnicity, never adjustments.
 */
export async function effectOf(house: House, all: readonly string[], chosen: readonly string[]): Promise<Effect[]> {
  const by = system('review')
  const taken = new Set(chosen)
  const found: Record<'age' | 'gender' | 'area' | 'tenancy', Map<string, { all: number; chosen: number }>> = {
    age: new Map(),
    gender: new Map(),
    area: new Map(),
    tenancy: new Map(),
  }
  const ask = { by, for: 'administer the panel', fields: ['ageRange', 'gender', 'area', 'tenancy'] } as const
  await within(house, { by, for: 'administer the panel' }, tx =>
    house.vault.search(tx, 'panel', ask, all, one => {
      const values = {
        age: wordsOf(ageRanges, one.ageRange),
        gender: wordsOf(genders, one.gender),
        area: regionOf(one.area ?? '') ?? '',
        tenancy: wordsOf(tenancies, one.tenancy),
      }
      for (const [group, words] of Object.entries(values) as [keyof typeof values, string][]) {
        const row = found[group].get(words || 'Not given') ?? { all: 0, chosen: 0 }
        found[group].set(words || 'Not given', { all: row.all + 1, chosen: row.chosen + (taken.has(one.id) ? 1 : 0) })
      }
      return false
    }),
  )
  const titles = { age: 'Age range', gender: 'Gender', area: 'Region', tenancy: 'How they rent or own their home' }
  return (Object.keys(titles) as (keyof typeof titles)[]).map(group => ({
    group: titles[group],
    rows: suppressed([...found[group]].map(([words, counts]) => ({ words, ...counts }))),
  }))
}

/**
 * Groups that are too small to show, or whose chosen or left out are, stand together in one row without their names; the
 * smallest others join them until that row is large enough itself. So nothing from 1 to 4 can be read or worked out from
 * the sums. Where even that fails there is no row.
 */
export function suppressed(rows: readonly Counted[]): Effect['rows'] {
  const shown = rows.filter(row => !tells(row)).sort((a, b) => a.all - b.all)
  let others = rows.filter(tells).reduce(together, { words: othersWords, all: 0, chosen: 0 })
  while (tells(others) && shown.length) others = together(others, shown.shift() ?? others)
  if (tells(others)) return []
  return [...shown.sort((a, b) => (a.words < b.words ? -1 : 1)), ...(others.all ? [others] : [])].map(
    ({ words, all, chosen }) => ({ words, all: String(all), chosen: String(chosen) }),
  )
}

interface Counted {
  words: string
  all: number
  chosen: number
}

const othersWords = 'All others, too few to show apart'

function tells({ all, chosen }: Counted): boolean {
  return [all, chosen, all - chosen].some(count => count > 0 && count < few)
}

function together(a: Counted, b: Counted): Counted {
  return { words: othersWords, all: a.all + b.all, chosen: a.chosen + b.chosen }
}
