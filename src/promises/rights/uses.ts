import { ruleOf } from '../notice/datamap.ts'
import { type Purpose, purposes } from '../notice/purposes.ts'

/** Every value serves the rights, claims and keeping, and may be asked for by others: that is said once, not under each. */
const everywhere: readonly Purpose[] = [
  'exercise rights',
  'answer access requests',
  'defend claims',
  'store',
  'answer law enforcement',
  'answer legal representatives',
  'answer safeguarding',
  'answer other requests',
]
export const standsElsewhere = (purpose: Purpose): boolean => everywhere.includes(purpose)

/** What a value of its own is used for, in the words after "to". */
export function usesOf(field: string): string[] {
  const own = ruleOf('panel', field)?.purposes.filter(purpose => !standsElsewhere(purpose)) ?? []
  return own.map(purpose => purposes[purpose].says)
}
