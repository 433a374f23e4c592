import type { Tx } from '#src/platform/database/database.ts'
import type { House } from '#src/promises/house.ts'
import type { Actor } from '#src/promises/notice/actor.ts'
import { markedIn } from '../list/duplicates.ts'
import { marksOf } from '../list/marks.ts'
import type { Applicant } from './read.ts'

/** A row that looks like another application, by its line, and why. */
export interface Already {
  line: number
  why: string
}

/**
 * Rows that look like an application that is in the round already, or like an earlier row of the file: a file that is
 * taken twice by mistake is seen before anything is. `fresh` are the others.
 */
export async function alreadyHere(
  tx: Tx,
  house: House,
  by: Actor,
  round: string,
  good: readonly Applicant[],
): Promise<{ already: Already[]; fresh: Applicant[] }> {
  const { homes, shared } = await markedIn(tx, house, by, round)
  const lines = new Map<string, number>()
  const already: Already[] = []
  const fresh: Applicant[] = []
  for (const applicant of good) {
    const marks = marksOf(applicant.values, homes)
    const hit = marks.find(({ value }) => shared.has(value) || lines.has(value))
    const { line = 0 } = applicant
    if (hit) {
      const like = shared.has(hit.value) ? 'an application that is here already' : `line ${lines.get(hit.value)}`
      already.push({ line, why: `It has ${hit.because} as ${like}` })
    } else fresh.push(applicant)
    for (const { value } of marks) if (!lines.has(value)) lines.set(value, line)
  }
  return { already, fresh }
}
