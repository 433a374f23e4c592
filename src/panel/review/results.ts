import type { Tx } from '#src/platform/database/database.ts'
import { verdictsOf } from './decisions.ts'
import { planOf } from './plan.ts'
import type { Verdict } from './tables.ts'

/** How one application was read: means by question, and the lowest of them. */
export interface Result {
  id: string
  reference: string
  readings: number
  /** Mean score by question; absent where everyone abstained. */
  means: Map<string, number>
  lowest: number | undefined
  mean: number | undefined
  isSplit: boolean
  verdict: Verdict
}

export interface ReaderResult {
  staff: string
  open: number
  done: number
  mean: number | undefined
  spread: number | undefined
  left: boolean
}

/** How far the reading of a round is, by application and by reader; raw means, nothing adjusted. */
export async function resultsOf(
  tx: Tx,
  round: string,
): Promise<{ results: Result[]; readers: ReaderResult[]; flags: number }> {
  const plan = await planOf(tx, round)
  const applications = await tx
    .selectFrom('application')
    .select(['dossier_id', 'reference'])
    .where('round_id', '=', round)
    .where('state', '=', 'sent')
    .orderBy('reference')
    .execute()
  const readings = await tx
    .selectFrom('review_reading')
    .select(['id', 'dossier_id', 'staff_id', 'state', 'flagged'])
    .where('round_id', '=', round)
    .where('state', '!=', 'ended')
    .execute()
  const scores = await tx
    .selectFrom('review_score')
    .innerJoin('review_reading', 'review_reading.id', 'review_score.reading_id')
    .select(['dossier_id', 'staff_id', 'question_id', 'score'])
    .where('review_reading.round_id', '=', round)
    .where('review_reading.state', '=', 'done')
    .execute()
  const verdicts = await verdictsOf(tx, round)
  const byPerson = new Map<string, typeof scores>()
  for (const one of scores) byPerson.set(one.dossier_id, [...(byPerson.get(one.dossier_id) ?? []), one])
  const doneOf = new Map<string, number>()
  for (const one of readings)
    if (one.state === 'done') doneOf.set(one.dossier_id, (doneOf.get(one.dossier_id) ?? 0) + 1)
  const results = applications.map(({ dossier_id, reference }) => {
    const own = byPerson.get(dossier_id) ?? []
    const means = new Map<string, number>()
    let isSplit = false
    for (const { question } of plan?.criteria ?? []) {
      const given = own.flatMap(one => (one.question_id === question && one.score !== null ? [one.score] : []))
      if (given.length) means.set(question, meanOf(given))
      if (given.length > 1 && Math.max(...given) - Math.min(...given) >= 2) isSplit = true
    }
    const all = [...means.values()]
    return {
      id: dossier_id,
      reference,
      readings: doneOf.get(dossier_id) ?? 0,
      means,
      lowest: all.length ? Math.min(...all) : undefined,
      mean: all.length ? meanOf(all) : undefined,
      isSplit,
      verdict: verdicts.get(dossier_id) ?? ('undecided' as const),
    }
  })
  const people = await tx
    .selectFrom('review_reader')
    .select(['staff_id', 'left_at'])
    .where('round_id', '=', round)
    .execute()
  const readers = people.map(({ staff_id, left_at }) => {
    const given = scores.flatMap(one => (one.staff_id === staff_id && one.score !== null ? [one.score] : []))
    const own = readings.filter(one => one.staff_id === staff_id)
    const mean = given.length ? meanOf(given) : undefined
    const spread = mean === undefined ? undefined : Math.sqrt(meanOf(given.map(one => (one - mean) ** 2)))
    const count = (state: string) => own.filter(one => one.state === state).length
    return { staff: staff_id, open: count('open'), done: count('done'), mean, spread, left: left_at !== null }
  })
  return { results, readers, flags: readings.filter(one => one.flagged).length }
}

function meanOf(all: readonly number[]): number {
  return all.reduce((sum, one) => sum + one, 0) / all.length
}
