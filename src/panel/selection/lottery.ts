import { CLOSED, type Seats, seatsOf, writeAsLottery } from './decompose.ts'
import { leximinExactly } from './exact.ts'
import { goldilocksCap } from './goldilocks.ts'
import { nashExactly, nashTarget } from './nash.ts'
import type { Problem } from './problem.ts'
import { bestPanelOf, highs } from './programme.ts'
import { raiseOf } from './raise.ts'
import { type Conflict, leximinTarget, type Stage, type Target } from './target.ts'

export type Objective = 'leximin' | 'maximin' | 'nash' | 'goldilocks'

/** What is proved of a lottery. `bound`: nobody's lowest chance can be above it; `raise`: what the raise check found. */
export type Certificate = {
  optimal: boolean
  gap: number
  bound: number
  stages: Stage[]
  raise: number
  /** How it was proved: the relaxation's target was written as a lottery, or panels were priced one by one. */
  proof: 'relaxation' | 'pricing'
  /** With pricing: for each stage, weights on chances whose sum no panel takes higher; anyone can check them. */
  weights?: [type: number, weight: number][][]
}

/** Panels with probabilities, the chance of a person of each type, and what is proved. */
export type Lottery = {
  objective: Objective
  panels: { probability: number; counts: [type: number, count: number][] }[]
  chance: Float64Array
  certificate: Certificate
  seconds: { target: number; decompose: number }
}

export type Wishes = {
  objective?: Objective
  /** The most anyone's chance may be. */
  cap?: number
  /** Seconds until the best answer so far is given with its proved gap. */
  timeLimit?: number
  onProgress?: (progress: Progress) => void
  isCancelled?: () => boolean
}

export type Progress = { step: 'target' | 'draw' | 'certify' | 'price' | 'check'; done: number; of: number }

/** Relax, draw, certify; price when that does not close. A conflict is returned when quotas and size cannot all be kept. */
export async function findLottery(problem: Problem, wishes: Wishes = {}): Promise<Lottery | Conflict> {
  const objective = wishes.objective ?? 'leximin'
  const started = performance.now()
  const limit = (wishes.timeLimit ?? Infinity) * 1000
  const goOn = () => !wishes.isCancelled?.() && performance.now() - started < limit
  const secondsLeft = () => Math.min(3600, (limit - (performance.now() - started)) / 1000)
  const say = wishes.onProgress ?? (() => {})
  const types = problem.count.length
  const target = targetFor(problem, objective, wishes.cap ?? 1, settled =>
    say({ step: 'target', done: settled, of: types }),
  )
  if ('conflict' in target) return target
  const cap = target.cap
  const targeted = performance.now()
  const drawn = writeAsLottery(problem, target.expected, goOn, say)
  const seconds = () => ({ target: (targeted - started) / 1000, decompose: (performance.now() - targeted) / 1000 })
  const bound = target.stages[0]?.chance ?? 0
  if (drawn.gap <= CLOSED) {
    say({ step: 'check', done: 0, of: 1 })
    const told = spell(problem, drawn.panels, drawn.probability)
    const raise = objective === 'leximin' ? raiseOf(problem, target, cap, goOn) : 0
    const certificate: Certificate = {
      optimal: target.gap < 1e-7,
      gap: Math.max(target.gap, shortfall(problem, target.expected, told.chance)),
      bound,
      stages: target.stages,
      raise,
      proof: 'relaxation',
    }
    return { objective, ...told, certificate, seconds: seconds() }
  }
  say({ step: 'price', done: 0, of: types })
  const solver = await highs()
  if (objective === 'nash' && goOn() && drawn.panels.length) {
    const pricing = bestPanelOf(solver, problem)
    const { panels, probability, gap } = nashExactly(problem, wholeOf(problem, drawn.panels), gain =>
      goOn() ? pricing.find(gain, secondsLeft()) : 'late',
    )
    pricing.end()
    const told = spell(problem, panels.map(seatsOf), probability)
    const certificate: Certificate = {
      optimal: gap < 1e-6,
      gap,
      bound: Math.min(...told.chance),
      stages: [],
      raise: 0,
      proof: 'pricing',
    }
    return { objective, ...told, certificate, seconds: seconds() }
  }
  const priced = (settled: number) => say({ step: 'price', done: settled, of: types })
  const exact = goOn()
    ? leximinExactly(solver, problem, wholeOf(problem, drawn.panels), cap, secondsLeft, priced)
    : 'late'
  if (exact === null) return { conflict: [], breach: 0 }
  if (exact === 'late') {
    if (!drawn.panels.length) return { conflict: [], breach: Number.NaN }
    const certificate: Certificate = {
      optimal: false,
      gap: drawn.gap,
      bound,
      stages: target.stages,
      raise: drawn.gap,
      proof: 'relaxation',
    }
    return { objective, ...spell(problem, drawn.panels, drawn.probability), certificate, seconds: seconds() }
  }
  const finished = exact.stages.reduce((sum, stage) => sum + stage.types.length, 0) === types
  const certificate: Certificate = {
    optimal: finished && objective !== 'goldilocks',
    gap: finished ? 0 : Math.max(exact.gap, exact.raise),
    bound: exact.bound,
    stages: exact.stages,
    raise: exact.raise,
    weights: exact.weights,
    proof: 'pricing',
  }
  return { objective, ...spell(problem, exact.panels.map(seatsOf), exact.probability), certificate, seconds: seconds() }
}

/** By how much the chance of the worst off of all types falls short of a target. */
function shortfall(problem: Problem, expected: Float64Array, chance: Float64Array): number {
  let worst = 0
  for (let t = 0; t < chance.length; t++) worst = Math.max(worst, expected[t]! / problem.count[t]! - chance[t]!)
  return worst
}

type Aim = Target & { cap: number; gap: number }

// Maximin is answered by the leximin, which is one of its best points and the fairest of them.
function targetFor(
  problem: Problem,
  objective: Objective,
  cap: number,
  onStage: (settled: number) => void,
): Aim | Conflict {
  const leximin = leximinTarget(problem, { cap, onStage })
  if ('conflict' in leximin) return leximin
  if (objective === 'nash') return { ...leximin, ...nashTarget(problem, leximin, cap), cap }
  if (objective !== 'goldilocks') return { ...leximin, cap, gap: 0 }
  const balanced = goldilocksCap(problem, leximin, cap)
  const under = leximinTarget(problem, { cap: balanced, onStage })
  return 'conflict' in under ? { ...leximin, cap, gap: 1 } : { ...under, cap: balanced, gap: 0 }
}

function spell(problem: Problem, panels: Seats[], probability: Float64Array) {
  const chance = new Float64Array(problem.count.length)
  const told: Lottery['panels'] = []
  let total = 0
  for (const p of probability) if (p > 1e-14) total += p
  for (const [i, seats] of panels.entries()) {
    if (!(probability[i]! > 1e-14)) continue
    const counts: [number, number][] = []
    for (let k = 0; k < seats.length; k += 2) counts.push([seats[k]!, seats[k + 1]!])
    told.push({ probability: probability[i]! / total, counts: counts.sort((a, b) => a[0] - b[0]) })
    for (const [t, count] of counts) chance[t]! += (count * probability[i]!) / total / problem.count[t]!
  }
  return { panels: told, chance }
}

function wholeOf(problem: Problem, panels: Seats[]): Int32Array[] {
  return panels.map(seats => {
    const counts = new Int32Array(problem.count.length)
    for (let k = 0; k < seats.length; k += 2) counts[seats[k]!] = seats[k + 1]!
    return counts
  })
}
