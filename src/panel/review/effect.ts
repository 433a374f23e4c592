import { createHmac } from 'node:crypto'
import { type House, within } from '#src/promises/house.ts'
import { system } from '#src/promises/notice/actor.ts'
import { regionOf } from '../recruitment/councils.ts'
import { ageRanges, genders, tenancies, wordsOf } from '../recruitment/options.ts'
import { digestOf } from './shortlist.ts'

/** What is shown is a multiple of this many people. */
const step = 5
/** The fewest people who are a group of their own, and the fewest a choice must take and leave out to be shown at all. */
const least = 10

export interface Effect {
  group: string
  rows: { words: string; all: string; chosen: string }[]
}

export interface Counted {
  words: string
  all: number
  chosen: number
}

/**
 * How a choice falls on groups of age, gender, region and tenancy: counts in fives. Never ethnicity, never adjustments.
 * The seed is the review's own, and is shown to nobody.
 */
export async function effectOf(
  house: House,
  seed: string,
  all: readonly string[],
  chosen: readonly string[],
): Promise<Effect[]> {
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
  const dice = { all: diceOf(seed, all), chosen: diceOf(seed, chosen) }
  return (Object.keys(titles) as (keyof typeof titles)[]).map(group => ({
    group: titles[group],
    rows: inFives(
      [...found[group]].map(([words, counts]) => ({ words, ...counts })),
      dice,
    ),
  }))
}

/** Throws a die for a row: the same for the same row of the same choice, and a new one for any other choice. */
export type Dice = (row: string) => number

/**
 * Counts by group, in fives, with some chance added. Which groups stand apart hangs on who applied alone, and every count
 * is thrown anew for another choice. So rules that differ by one person cannot be compared to tell that person's groups.
 * There is no row where a choice takes, or leaves out, only a few.
 */
export function inFives(rows: readonly Counted[], dice: { all: Dice; chosen: Dice }): Effect['rows'] {
  const whole = rows.reduce(together, { words: '', all: 0, chosen: 0 })
  if (!whole.all || [whole.all, whole.chosen, whole.all - whole.chosen].some(isFew)) return []
  return apart(rows).map(({ words, all, chosen }) => {
    const applied = inStep(all, dice.all(words))
    const shown = Math.min(applied, inStep(chosen, dice.chosen(words)))
    return { words, all: String(applied), chosen: shown ? String(shown) : 'few or none' }
  })
}

/** Groups of ten or more by name; the rest as one, with the smallest others until it is large enough itself. */
function apart(rows: readonly Counted[]): Counted[] {
  const named = rows.filter(row => !isFew(row.all)).sort((a, b) => b.all - a.all)
  let others = rows.filter(row => isFew(row.all)).reduce(together, { words: othersWords, all: 0, chosen: 0 })
  while (isFew(others.all)) others = together(others, named.pop() ?? others)
  return [...named.sort((a, b) => (a.words < b.words ? -1 : 1)), ...(others.all ? [others] : [])]
}

const othersWords = 'All others, too few to show apart'

function isFew(count: number): boolean {
  return count > 0 && count < least
}

function together(a: Counted, b: Counted): Counted {
  return { words: othersWords, all: a.all + b.all, chosen: a.chosen + b.chosen }
}

/** The nearest five to a count that chance has moved by less than five. */
function inStep(count: number, thrown: number): number {
  return Math.max(0, step * Math.round((count + thrown) / step))
}

/** Dice from -4 to 4 that nobody can throw again who does not know the seed. */
export function diceOf(seed: string, ids: readonly string[]): Dice {
  const key = `${seed} ${digestOf(ids)}`
  return row => (createHmac('sha256', key).update(row).digest().readUInt32LE() % (2 * step - 1)) - (step - 1)
}
