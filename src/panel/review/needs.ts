import type { Scale } from './tables.ts'

export interface ReadingSoFar {
  state: string
  /** Scores by question; null is a choice not to score. */
  scores: ReadonlyMap<string, number | null>
}

/** The top of a scale. */
export const topOf = (scale: Scale): number => (scale === 'three' ? 3 : 5)

/** Whether two readings of an answer lie two or more apart. */
export function isSplit(readings: readonly ReadingSoFar[]): boolean {
  const all = new Map<string, number[]>()
  for (const { scores } of readings)
    for (const [question, value] of scores) if (value !== null) all.set(question, [...(all.get(question) ?? []), value])
  return [...all.values()].some(values => Math.max(...values) - Math.min(...values) >= 2)
}

/**
 * How many readings an application is to have, from those that are done: the round's number; two where the first, in
 * words, is anything but suitable, or left an answer unscored; one more where nobody has scored some answer; one more where
 * two lie two or more apart, three at least.
 */
export function wantedFor(scale: Scale, readings: number, done: readonly ReadingSoFar[]): number {
  const finished = done.filter(one => one.state === 'done')
  const isDoubtful = (value: number | null) => value === null || value < topOf(scale)
  const doubtful = finished.some(one => [...one.scores.values()].some(isDoubtful))
  const wanted = scale === 'three' && doubtful ? Math.max(readings, 2) : readings
  if (isSplit(finished)) return Math.max(wanted, 3, readings + 1)
  return lacksScore(finished) ? Math.max(wanted, finished.length + 1) : wanted
}

/** Whether every reader so far chose not to score one of the answers. */
function lacksScore(finished: readonly ReadingSoFar[]): boolean {
  const asked = new Set(finished.flatMap(one => [...one.scores.keys()]))
  return [...asked].some(question => finished.every(one => (one.scores.get(question) ?? null) === null))
}
