import type { Tx } from '#src/platform/database/database.ts'
import type { Given } from './adjusted.ts'
import { scoresOf } from './assign.ts'
import { decisionsOf } from './decisions.ts'
import { isSplit, type ReadingSoFar, wantedFor } from './needs.ts'
import { criteriaOf, type Review } from './setup.ts'

export interface Result {
  id: string
  reference: string
  readings: number
  waiting: number
  split: boolean
  flagged: boolean
  /** Mean of the readings, questions by their weights; undefined before the first. */
  mean: number | undefined
  /** The lowest mean of any one question. */
  least: number | undefined
}

export interface ReaderFigures {
  reader: string
  number: number
  left: boolean
  declared: boolean
  done: number
  assigned: number
  abstained: number
  mean: number | undefined
  spread: number | undefined
  /** When they last scored an answer. */
  lastAt: Date | undefined
}

/** What readings of a round have come to: raw, never adjusted. */
export async function resultsOf(tx: Tx, review: Review) {
  const round = review.round_id
  const readings = await tx.selectFrom('review_reading').selectAll().where('round_id', '=', round).execute()
  const scores = await scoresOf(tx, round)
  const { criteria } = await criteriaOf(tx, round)
  const weights = new Map(criteria.map(one => [one.question, one.weight]))
  const decided = await decisionsOf(tx, round)
  const applications = await tx
    .selectFrom('application')
    .select(['dossier_id', 'reference'])
    .where('round_id', '=', round)
    .where('state', '=', 'sent')
    .orderBy('reference')
    .execute()
  const byApplication = new Map<string, typeof readings>()
  for (const reading of readings) {
    const own = byApplication.get(reading.dossier_id)
    if (own) own.push(reading)
    else byApplication.set(reading.dossier_id, [reading])
  }
  const results = applications.map(({ dossier_id: id, reference }): Result => {
    const own = byApplication.get(id) ?? []
    const done: ReadingSoFar[] = own
      .filter(one => one.state === 'done')
      .map(one => ({ state: one.state, scores: scores.get(one.id) ?? new Map() }))
    const means = questionMeans(done)
    const open = own.filter(one => one.state === 'assigned').length
    return {
      id,
      reference,
      readings: done.length,
      waiting: decided.has(id) ? open : Math.max(open, wantedFor(review.scale, review.readings, done) - done.length),
      split: isSplit(done),
      flagged: own.some(one => one.flagged_at && !one.looked_at),
      mean: weighted(means, weights),
      least: means.size ? Math.min(...means.values()) : undefined,
    }
  })
  const people = await tx
    .selectFrom('review_reader')
    .selectAll()
    .where('round_id', '=', round)
    .orderBy('number')
    .execute()
  const lastAt = await lastScores(tx, round)
  const stands = new Set(applications.map(one => one.dossier_id))
  const readers = people.map((one): ReaderFigures => {
    const own = readings.filter(reading => reading.reader === one.reader)
    const values = own
      .filter(reading => reading.state === 'done')
      .flatMap(reading =>
        [...(scores.get(reading.id)?.values() ?? [])].flatMap(value => (value === null ? [] : [value])),
      )
    const count = (state: string) => own.filter(reading => reading.state === state).length
    const mean = meanOf(values)
    return {
      reader: one.reader,
      number: one.number,
      left: one.left_at !== null,
      declared: one.declared_at !== null,
      done: count('done') + count('abstained'),
      assigned: own.filter(reading => reading.state === 'assigned' && stands.has(reading.dossier_id)).length,
      lastAt: lastAt.get(one.reader),
      abstained: count('abstained'),
      mean,
      spread: mean === undefined ? undefined : Math.sqrt(meanOf(values.map(value => (value - mean) ** 2)) ?? 0),
    }
  })
  const distribution = [5, 4, 3, 2, 1].map(value => ({
    value,
    count: readings
      .filter(one => one.state === 'done')
      .reduce((sum, one) => sum + [...(scores.get(one.id)?.values() ?? [])].filter(given => given === value).length, 0),
  }))
  const given = readings.flatMap((one): Given[] => {
    if (one.state !== 'done') return []
    const score = weighted(questionMeans([{ state: one.state, scores: scores.get(one.id) ?? new Map() }]), weights)
    return score === undefined ? [] : [{ application: one.dossier_id, reader: one.reader, score }]
  })
  return { results, readers, distribution, given }
}

/** When each reader last scored an answer. */
export async function lastScores(tx: Tx, round: string): Promise<Map<string, Date>> {
  const rows = await tx
    .selectFrom('review_score')
    .innerJoin('review_reading', 'review_reading.id', 'review_score.reading_id')
    .select(['reader', eb => eb.fn.max('review_score.at').as('at')])
    .where('review_reading.round_id', '=', round)
    .groupBy('reader')
    .execute()
  return new Map(rows.map(row => [row.reader, row.at]))
}

function questionMeans(done: readonly ReadingSoFar[]): Map<string, number> {
  const all = new Map<string, number[]>()
  for (const { scores } of done)
    for (const [question, value] of scores) if (value !== null) all.set(question, [...(all.get(question) ?? []), value])
  return new Map([...all].map(([question, values]) => [question, meanOf(values) ?? 0]))
}

function weighted(means: ReadonlyMap<string, number>, weights: ReadonlyMap<string, number>): number | undefined {
  let sum = 0
  let weight = 0
  for (const [question, mean] of means) {
    sum += mean * (weights.get(question) ?? 0)
    weight += weights.get(question) ?? 0
  }
  return weight ? sum / weight : undefined
}

export function meanOf(values: readonly number[]): number | undefined {
  return values.length ? values.reduce((sum, one) => sum + one, 0) / values.length : undefined
}
