import { type Clause, type ClauseKind, clauses } from '../notice/clauses.ts'
import { everyField, kinds, retention, subjects } from '../notice/datamap.ts'
import { type PurposeRule, purposes } from '../notice/purposes.ts'
import { anchor } from '../registers/register.ts'
import type { Figure } from './figures.ts'
import { missing } from './missing.ts'
import { points } from './points.ts'
import type { Results } from './results.ts'
import { rules } from './rules.ts'

export type State = 'kept' | 'kept with a point to settle' | 'recorded' | 'broken' | 'not built yet'

export interface Evidence {
  clause: Clause
  kind: ClauseKind
  state: State
  /** Why it is not said to be kept, where it is not built yet. */
  why: string | undefined
  /** What makes it true: data-map entries, purposes, rules. */
  enforced: Enforced[]
  tests: { name: string; file: string; passed: boolean }[]
  figures: Figure[]
  points: { id: string; says: string; today: string }[]
}

export interface Enforced {
  says: string
  /** The file of the program in which it stands. */
  where: string
  /** The page that shows it: an entry of a register, or the rule itself. */
  link: string
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
    const there = kind === 'fact' ? 'recorded' : proved ? kept : 'not built yet'
    const state: State = wrong ? 'broken' : missing[id] ? 'not built yet' : there
    return {
      clause: id,
      kind,
      state,
      why: state === 'not built yet' ? (missing[id] ?? 'No test of this version has proved it') : undefined,
      enforced,
      tests: own.map(({ name, file, passed }) => ({ name, file, passed })),
      figures: live,
      points: open.map(({ id: point, says, today }) => ({ id: point, says, today })),
    }
  })
}

/** What in the data map, the purposes and the rules carries this clause, each with the page that shows it. */
export function enforcementOf(clause: Clause): Enforced[] {
  const file = (where: string) => `/staff/protection/evidence/rule?file=${encodeURIComponent(where)}`
  const entry = (register: string, name: string) => `/staff/protection/registers/${register}#${anchor(name)}`
  const [purposesFile, mapFile] = ['src/promises/notice/purposes.ts', 'src/promises/notice/datamap.ts']
  const fieldsFile = (kind: string) => `src/promises/notice/fields/${kind}.ts`
  const byPurpose = Object.values(purposes as Record<string, PurposeRule>)
    .filter(rule => rule.clause === clause)
    .map(({ says }) => ({ says: `Purpose: to ${says}`, where: purposesFile, link: entry('processing', says) }))
  const byField = everyField()
    .filter(({ rule }) => rule.clause === clause)
    .map(({ kind, field, rule }) => ({
      says: `Data map, ${subjects[kind].toLowerCase()}: ${rule.says}`,
      where: fieldsFile(kind),
      link: entry('fields', `${kind} ${field}`),
    }))
  const byDate = kinds
    .filter(kind => retention[kind].clause === clause)
    .map(kind => ({
      says: `Retention, ${subjects[kind].toLowerCase()}: ends ${retention[kind].says}`,
      where: mapFile,
      link: entry('retention', subjects[kind]),
    }))
  const byRule = (rules[clause] ?? []).map(({ says, file: path }) => {
    const where = path.startsWith('../') ? `src/${path.slice(3)}` : `src/promises/${path}`
    return { says, where, link: file(where) }
  })
  return [...byRule, ...byPurpose, ...byField, ...byDate]
}
