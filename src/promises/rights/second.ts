import type { Case } from './cases.ts'

const aloneAfterHours = 24
const hour = 60 * 60_000

/** From when the one who decided an erasure may carry it out alone, with a reason. */
export function aloneFrom(one: Pick<Case, 'decided_at'>): Date | undefined {
  return one.decided_at ? new Date(one.decided_at.getTime() + aloneAfterHours * hour) : undefined
}

/**
 * Whether someone may carry out an erasure: it cannot be undone, so another person of data protection than the one who
 * decided does it; after 24 hours they may do it alone, with a reason. Returns why not, in a sentence.
 */
export function whyNotErase(one: Case, by: { id: string }, now: Date, reason: string): string | undefined {
  if (one.matter !== 'erasure' || one.decided_by !== by.id) return undefined
  const from = aloneFrom(one)
  if (!from || now < from) return 'Another person of data protection looks at it and carries it out'
  return reason ? undefined : 'Enter why nobody else could look at it'
}
