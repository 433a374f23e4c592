import { createHash } from 'node:crypto'
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
