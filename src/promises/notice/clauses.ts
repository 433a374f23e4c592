/**
 * The clauses of the published privacy notice, by the ids that code, tests and pages refer to. The words of the notice
 * are not here: a draft in our own words comes from the data map, and the approved text is loaded by the DPO.
 */
export type Clause = `N-${string}`

/** promise: enforced here; fact: kept true through registers; display: shown; lead: opens a list. */
export type ClauseKind = 'promise' | 'fact' | 'display' | 'lead'

const displays = [1, 37, 61, 69, 71, 74, 76, 77, 78]
const facts = [2, 36, 58, 59, 60, 68]
const leads = [5, 32, 41, 75]

/** N-01 to N-78, each with its kind. Ids are never renumbered; a new version adds N-79 and on. */
export const clauses: readonly { id: Clause; kind: ClauseKind }[] = Array.from({ length: 78 }, (_, at) => {
  const number = at + 1
  const kind = displays.includes(number)
    ? 'display'
    : facts.includes(number)
      ? 'fact'
      : leads.includes(number)
        ? 'lead'
        : 'promise'
  return { id: `N-${String(number).padStart(2, '0')}`, kind }
})
