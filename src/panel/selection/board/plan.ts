import type { Tx } from '#src/platform/database/database.ts'
import type { House } from '#src/promises/house.ts'
import { record } from '#src/promises/ledger/ledger.ts'
import type { Actor } from '#src/promises/notice/actor.ts'
import type { Round } from '../../recruitment/round.ts'
import { mendsOf } from '../mend.ts'
import { leximinTarget } from '../target.ts'
import { features } from './features.ts'
import { type Field, inWords, poseFor } from './pool.ts'
import { referenceOf, references } from './reference.ts'
import type { PlannedQuota, Trouble } from './tables.ts'

export interface Plan {
  size: number
  reserves: number
  reference: string
  quotas: PlannedQuota[]
}

/** The plan of a round: what an officer saved, or what is proposed from the usual population. */
export async function planOf(tx: Tx, round: Round): Promise<Plan> {
  const row = await tx.selectFrom('selection_plan').selectAll().where('round_id', '=', round.id).executeTakeFirst()
  if (row) return { size: row.size, reserves: row.reserves, reference: row.reference, quotas: row.quotas }
  return proposed(round.targetSize, round.reserveSize, references[0]?.code ?? '')
}

/** Quotas in proportion to a population: the share of the size, rounded down and up. */
export function proposed(size: number, reserves: number, code: string): Plan {
  const { shares, code: reference } = referenceOf(code)
  const quotas = features.flatMap(feature =>
    Object.keys(feature.values).map(value => {
      const share = shares[feature.name]?.[value]
      const due = share === undefined ? undefined : (share / 100) * size
      return {
        feature: feature.name,
        value,
        min: due === undefined ? 0 : Math.floor(due),
        max: due === undefined ? null : Math.ceil(due),
      }
    }),
  )
  return { size, reserves, reference, quotas }
}

/** Saves a plan, with its ledger entry. */
export async function savePlan(tx: Tx, house: House, by: Actor, round: string, plan: Plan): Promise<void> {
  const at = house.clock.now()
  const values = { ...plan, quotas: JSON.stringify(plan.quotas) as unknown as PlannedQuota[] } // jsonb takes its text
  const saved = { ...values, changed_at: at, changed_by: by.id }
  await tx
    .insertInto('selection_plan')
    .values({ round_id: round, ...saved })
    .onConflict(on => on.column('round_id').doUpdateSet(saved))
    .execute()
  await record(tx, {
    actor: by.id,
    role: by.roles[0] ?? 'system',
    purpose: 'administer the panel',
    act: 'selection planned',
    detail: { round, size: plan.size, reserves: plan.reserves, reference: plan.reference },
    at,
  })
}

/** What the quotas do to the pool before anybody is drawn. */
export interface Outlook {
  feasible: boolean
  /** What is wrong with the quotas as they stand, a sentence each. */
  faults: string[]
  trouble: Trouble | undefined
  /** About how many people short the pool is. */
  short: number
  /** Groups whom the quotas leave without any chance, and how many people they are. */
  shutOut: { words: string; people: number }[]
  /** The lowest chance of anyone, of a hundred; undefined while the quotas cannot be met. */
  lowest: number | undefined
}

/** Whether the quotas can be met, and whom they shut out; nobody is drawn. */
export async function outlookOf(field: Field, plan: Plan): Promise<Outlook> {
  const { problem, faults } = poseFor(field, plan.quotas, plan.size)
  const none = { trouble: undefined, short: 0, shutOut: [], lowest: undefined }
  if (!problem) {
    const people = field.candidates.size + field.seated.size
    return { ...none, feasible: false, faults, short: Math.max(0, plan.size - people) }
  }
  const target = leximinTarget(problem)
  if ('conflict' in target) {
    const mends = await mendsOf(problem, 5)
    const [smallest] = mends
    const short = smallest?.changes.reduce((sum, change) => sum + Math.abs(change.from - change.to), 0) ?? 0
    const conflict = target.conflict.flatMap(({ row }) => {
      const bound = problem.rows[row]
      return bound && bound.kind !== 'size' ? [inWords(bound.name)] : []
    })
    return { ...none, feasible: false, faults, short, trouble: { conflict, mends: mends.map(mendInWords) } }
  }
  const shutOut = problem.types.flatMap((type, t) => {
    if ((target.expected[t] ?? 0) > 1e-9) return []
    const words = Object.entries(type.features).map(([name, value]) => wordsFor(name, value))
    return [{ words: words.join(', '), people: type.people.length }]
  })
  const chances = problem.types.map((type, t) => (target.expected[t] ?? 0) / type.people.length)
  return { ...none, feasible: true, faults, shutOut, lowest: 100 * Math.min(...chances) }
}

/** An outlook in one or two sentences, for whoever is typing the quotas. */
export function sayOutlook({ feasible, lowest, shutOut, short, faults, trouble }: Outlook): string {
  if (feasible) {
    const without = shutOut.reduce((sum, one) => sum + one.people, 0)
    const shut = without ? ` ${without} ${without === 1 ? 'person' : 'people'} would have no chance at all.` : ''
    return `These quotas can be met. The lowest chance of anyone would be ${lowest?.toFixed(2)}%.${shut}`
  }
  const [mend] = trouble?.mends ?? []
  const why = faults[0] ?? (mend ? `This would mend it: ${mend.words}.` : '')
  return `No panel meets all these quotas${short ? `, about ${short} people short` : ''}. ${why}`.trim()
}

/** A mend as an officer reads it. */
export function mendInWords(mend: Awaited<ReturnType<typeof mendsOf>>[number]): { words: string; reach: number } {
  const words = mend.changes.map(
    ({ feature, value, bound, from, to }) =>
      `${bound === 'min' ? 'least' : 'most'} of ${wordsFor(feature, value)} from ${from} to ${to}`,
  )
  return { words: words.join('; '), reach: mend.reach }
}

/** The words of a value of a feature. */
export function wordsFor(name: string, value: string): string {
  const feature = features.find(one => one.name === name)
  return feature?.values[value] ?? (value === 'everyone' ? 'Everyone' : `${feature?.says ?? name} not said`)
}
