import { type Clause, type ClauseKind, clauses } from '../notice/clauses.ts'
import { everyField, retention } from '../notice/datamap.ts'
import { type PurposeRule, purposes } from '../notice/purposes.ts'
import type { Figure } from './figures.ts'
import { points } from './points.ts'
import type { Results } from './results.ts'
import { rules } from './rules.ts'

export type State = 'kept' | 'kept with a point to settle' | 'recorded' | 'broken' | 'not built yet'

export interface Evidence {
  clause: Clause
  kind: ClauseKind
  state: State
  /** What makes it true: data-map entries, purposes, rules, and where they stand. */
  enforced: { says: string; where: string }[]
  tests: { name: string; file: string; passed: boolean }[]
  figures: Figure[]
  points: { id: string; says: string; today: string }[]
}

/**
 * What stands behind each clause. It cannot be "kept" without something that enforces it and a test of this very program
 * that passed; a failed test or a live figure that is wrong breaks it.
 */
export function evidenceOf(
  results: Results | undefined,
  fingerprint: string,
  figures: ReadonlyMap<Clause, Figure[]>,
): Evidence[] {
  const tests = results?.source === fingerprint ? results.tests : []
  return clauses.map(({ id, kind }) => {
    const own = tests.filter(test => test.name.includes(`[${id}]`))
    const enforced = enforcementOf(id)
    const live = figures.get(id) ?? []
    const open = points.filter(point => point.clauses.includes(id))
    const wrong = own.some(test => !test.passed) || live.some(figure => !figure.ok)
    const proved = own.length > 0 && enforced.length > 0
    const kept: State = open.length ? 'kept with a point to settle' : 'kept'
    const state: State = wrong ? 'broken' : kind === 'fact' ? 'recorded' : proved ? kept : 'not built yet'
    return {
      clause: id,
      kind,
      state,
      enforced,
      tests: own.map(({ name, file, passed }) => ({ name, file, passed })),
      figures: live,
      points: open.map(({ id: point, says, today }) => ({ id: point, says, today })),
    }
  })
}

/** What in the data map, the purposes and the rules carries this clause. */
export function enforcementOf(clause: Clause): { says: string; where: string }[] {
  const promises = 'src/promises/'
  const byPurpose = Object.entries(purposes as Record<string, PurposeRule>)
    .filter(([, rule]) => rule.clause === clause)
    .map(([name]) => ({ says: `Purpose “${name}”`, where: `${promises}notice/purposes.ts` }))
  const byField = everyField()
    .filter(({ rule }) => rule.clause === clause)
    .map(({ kind, field }) => ({ says: `Field “${field}” of a ${kind} record`, where: `${promises}notice/datamap.ts` }))
  const byDate = Object.entries(retention)
    .filter(([, rule]) => rule.clause === clause)
    .map(([kind, rule]) => ({ says: `A ${kind} record ends ${rule.says}`, where: `${promises}notice/datamap.ts` }))
  const byRule = (rules[clause] ?? []).map(({ says, file }) => ({
    says,
    where: file.startsWith('../') ? `src/${file.slice(3)}` : `${promises}${file}`,
  }))
  return [...byRule, ...byPurpose, ...byField, ...byDate]
}
