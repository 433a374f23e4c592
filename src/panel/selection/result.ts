import type { Lottery } from './lottery.ts'
import type { PooledProblem } from './problem.ts'

/** A selection as `panel select --json` writes it; fields may be added, but these keep their meaning. */
export type Selection = {
  objective: string
  size: number
  seed: string
  seconds: { read: number; target: number; decompose: number; total: number }
  types: { features: Record<string, string>; people: string[]; probability: number; weight?: number }[]
  lottery: { probability: number; counts: [typeIndex: number, count: number][] }[]
  selected: string[]
  reserves: string[]
  certificate: {
    optimal: boolean
    gap: number
    bound: number
    stages: [probability: number, typeCount: number][]
    raise: number
    proof: string
    weights?: [type: number, weight: number][][]
  }
  unreachable: { type: number; because: string }[]
  low: { type: number; probability: number; because: string }[]
  commitment: string
  confirmed?: string[]
  /** The most that anyone's chance was allowed to be, where that was asked for. */
  cap?: number
  /** Numbered panels for a draw with dice or balls, and the number drawn, from 1. */
  panels?: string[][]
  panel?: number
}

/** A chance below this part of the even share is called very low. */
const LOW = 0.1

/** Everyone whose chance is zero or very low, with the quota that causes it; known before anybody is drawn. */
export function hardToReach(problem: PooledProblem, lottery: Lottery): Pick<Selection, 'unreachable' | 'low'> {
  const people = problem.count.reduce((sum, count) => sum + count, 0)
  const even = problem.size / people
  const unreachable: Selection['unreachable'] = []
  const low: Selection['low'] = []
  for (const [type, probability] of lottery.chance.entries()) {
    if (probability >= LOW * even) continue
    const because = causeOf(problem, lottery, type)
    if (probability < 1e-9) unreachable.push({ type, because })
    else low.push({ type, probability, because })
  }
  return { unreachable, low }
}

function causeOf(problem: PooledProblem, lottery: Lottery, type: number): string {
  const own = [...problem.rowIndex.subarray(problem.rowStart[type], problem.rowStart[type + 1])]
  const closed = own.find(r => problem.rows[r]?.upper === 0)
  if (closed !== undefined) return `The quota “${problem.rows[closed]?.name}” allows nobody.`
  const holding = lottery.certificate.stages.find(stage => stage.types.includes(type))?.holding ?? []
  const most = (rows: typeof holding) => rows.sort((a, b) => Math.abs(b.price) - Math.abs(a.price))[0]
  const pressing = most(holding.filter(({ row, price }) => price < 0 && own.includes(row) && row > 0))
  const row = problem.rows[pressing?.row ?? -1]
  if (row?.kind === 'quota') return `The quota “${row.name}” allows at most ${row.upper}, and many share those places.`
  if (row) return 'Someone in the same home or pair is needed to meet the quotas.'
  const needed = most(holding.filter(({ row, price }) => price > 0 && !own.includes(row) && row > 0))
  const other = problem.rows[needed?.row ?? -1]
  if (other) return `The quota “${other.name}” needs at least ${other.lower}, and they take the places.`
  return 'No panel that meets all quotas together has a place for them, though no one quota says so.'
}
