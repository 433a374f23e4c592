import { leximinExactly } from './exact.ts'
import { type Face, faceOf, flightOver } from './flight.ts'
import { goldilocksCap } from './goldilocks.ts'
import { landingOver } from './landing.ts'
import { nashExactly, nashTarget } from './nash.ts'
import type { Problem } from './problem.ts'
import { bestPanelOf, highs } from './programme.ts'
import { raiseOf } from './raise.ts'
import { rollFrom } from './random.ts'
import { type Conflict, leximinTarget, type Stage, type Target } from './target.ts'
import { type Panels, tilt } from './tilt.ts'

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

/** Nobody's tolerance: a lottery whose worst shortfall is below this attains its target. */
export const CLOSED = 1e-9

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
  const face = faceOf(problem, target.expected)
  const drawn = writeAsLottery(face, goOn, say)
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
    const { panels, probability, gap } = nashExactly(problem, drawn.panels, gain =>
      goOn() ? pricing.find(gain, secondsLeft()) : 'late',
    )
    pricing.end()
    const told = spell(problem, panels, probability)
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
  const exact = goOn() ? leximinExactly(solver, problem, drawn.panels, cap, secondsLeft, priced) : 'late'
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
  return { objective, ...spell(problem, exact.panels, exact.probability), certificate, seconds: seconds() }
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

/** Panels enough to hold the target in their hull: about 1.3 a type with drift fed back; more are drawn towards the duals. */
const PANELS_A_TYPE = 1.3
const ROUNDS = 30

function writeAsLottery(face: Face, goOn: () => boolean, say: (progress: Progress) => void) {
  const { expected, low, high } = face
  const types = expected.length
  const roll = rollFrom(1)
  const fly = flightOver(face, roll)
  const land = landingOver(face, roll)
  const drift = new Float64Array(types)
  const lean = new Float64Array(types)
  const panels: Int32Array[] = []
  const copies: number[] = []
  const seen = new Map<string, number>()
  const draw = (toward?: Float64Array) => {
    const { x, fractional } = fly(drift, toward)
    for (let t = 0; t < types; t++) lean[t] = toward ? toward[t]! : -drift[t]!
    const counts = land(x, fractional, lean)
    if (!counts) return false
    for (let t = 0; t < types; t++) drift[t]! += counts[t]! - expected[t]!
    const key = counts.join()
    const known = seen.get(key)
    if (known !== undefined) copies[known]!++
    else {
      seen.set(key, panels.length)
      panels.push(counts)
      copies.push(1)
    }
    return known === undefined
  }
  const moving = expected.reduce((sum, _, t) => sum + (low[t]! < high[t]! ? 1 : 0), 0)
  const wanted = Math.ceil(moving * PANELS_A_TYPE) + 20
  let idle = 0
  for (let tries = 0; panels.length < wanted && tries < 3 * wanted && idle < 60 && goOn(); tries++) {
    idle = draw() ? 0 : idle + 1
    if (tries % 50 === 0) say({ step: 'draw', done: panels.length, of: wanted })
  }
  let best = { probability: new Float64Array(), gap: 1, panels: panels.slice() }
  let barren = 0
  for (let round = 0; round < ROUNDS && panels.length && barren < 3; round++) {
    say({ step: 'certify', done: round, of: ROUNDS })
    const tilted = tilt(face, sparse(panels, copies), goOn)
    if (tilted.gap < best.gap)
      best = { probability: tilted.probability as Float64Array<ArrayBuffer>, gap: tilted.gap, panels: panels.slice() }
    if (best.gap <= CLOSED || !goOn()) break
    const noisy = new Float64Array(types)
    const spread = Math.sqrt(tilted.dual.reduce((sum, y) => sum + y * y, 0) / types)
    let better = 0
    for (let k = 0; k < Math.max(20, types / 6) && goOn(); k++) {
      for (let t = 0; t < types; t++) noisy[t] = tilted.dual[t]! + (roll() - 0.5) * spread * (k % 4)
      if (draw(noisy)) better++
    }
    barren = better ? 0 : barren + 1
  }
  return best
}

function sparse(panels: Int32Array[], copies: number[]): Panels {
  const start = new Int32Array(panels.length + 1)
  for (const [i, panel] of panels.entries()) {
    let own = 0
    for (const count of panel) if (count) own++
    start[i + 1] = start[i]! + own
  }
  const type = new Int32Array(start[panels.length]!)
  const count = new Float64Array(type.length)
  let k = 0
  for (const panel of panels)
    for (let t = 0; t < panel.length; t++)
      if (panel[t]) {
        type[k] = t
        count[k++] = panel[t]!
      }
  return { start, type, count, copies: Float64Array.from(copies) }
}

function spell(problem: Problem, panels: Int32Array[], probability: Float64Array) {
  const chance = new Float64Array(problem.count.length)
  const told: Lottery['panels'] = []
  let total = 0
  for (const p of probability) if (p > 1e-14) total += p
  for (const [i, panel] of panels.entries()) {
    if (!(probability[i]! > 1e-14)) continue
    const counts: [number, number][] = []
    for (let t = 0; t < panel.length; t++) if (panel[t]) counts.push([t, panel[t]!])
    told.push({ probability: probability[i]! / total, counts })
    for (const [t, count] of counts) chance[t]! += (count * probability[i]!) / total / problem.count[t]!
  }
  return { panels: told, chance }
}
