import { faceOf, flightOver } from './flight.ts'
import { thinned } from './halve.ts'
import { landingOver } from './landing.ts'
import type { Progress } from './lottery.ts'
import type { Problem } from './problem.ts'
import { rollFrom } from './random.ts'
import { type Panels, tilt } from './tilt.ts'

/** A panel as the types that sit in it and how many of each: type, count, type, count. */
export type Seats = Int32Array

/** Panels with probabilities; `gap` is the largest shortfall of anyone's chance from the target. */
export type Written = { panels: Seats[]; probability: Float64Array; gap: number }

/** Nobody's tolerance: a lottery whose worst shortfall is below this attains its target. */
export const CLOSED = 1e-9

/** Panels enough to hold the target in their hull: about 1.3 a type with drift fed back; more are drawn towards the duals. */
const PANELS_A_TYPE = 1.3
const ROUNDS = 30

/** Draws panels around a target, finds their best lottery, and draws more towards its duals until it closes. */
export function writeAsLottery(
  problem: Problem,
  target: Float64Array,
  goOn: () => boolean,
  say: (progress: Progress) => void,
): Written {
  const roll = rollFrom(1)
  const face = faceOf(problem, target)
  const { expected, low, high } = face
  const types = expected.length
  const flights = thinned(face, roll).map(start => flightOver(start, roll))
  const land = landingOver(face, roll)
  const drift = new Float64Array(types)
  const lean = new Float64Array(types)
  const panels: Seats[] = []
  const copies: number[] = []
  const seen = new Map<string, number>()
  let turn = 0
  const draw = (toward?: Float64Array) => {
    const { x, fractional } = flights[turn++ % flights.length]!(drift, toward)
    for (let t = 0; t < types; t++) lean[t] = toward ? toward[t]! : -drift[t]!
    const counts = land(x, fractional, lean)
    if (!counts) return false
    for (let t = 0; t < types; t++) drift[t]! += counts[t]! - expected[t]!
    const seats = seatsOf(counts)
    const key = seats.join()
    const known = seen.get(key)
    if (known !== undefined) copies[known]!++
    else {
      seen.set(key, panels.length)
      panels.push(seats)
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
  let best: Written = { probability: new Float64Array(), gap: 1, panels: [] }
  let barren = 0
  for (let round = 0; round < ROUNDS && panels.length && barren < 3; round++) {
    say({ step: 'certify', done: round, of: ROUNDS })
    const tilted = tilt(face, sparse(panels, copies), goOn)
    if (tilted.gap < best.gap) best = { probability: tilted.probability, gap: tilted.gap, panels: panels.slice() }
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

export function seatsOf(counts: Int32Array): Seats {
  const seats: number[] = []
  for (let t = 0; t < counts.length; t++) if (counts[t]) seats.push(t, counts[t]!)
  return Int32Array.from(seats)
}

function sparse(panels: Seats[], copies: number[]): Panels {
  const start = new Int32Array(panels.length + 1)
  for (const [i, seats] of panels.entries()) start[i + 1] = start[i]! + seats.length / 2
  const type = new Int32Array(start[panels.length]!)
  const count = new Float64Array(type.length)
  let at = 0
  for (const seats of panels)
    for (let k = 0; k < seats.length; k += 2) {
      type[at] = seats[k]!
      count[at++] = seats[k + 1]!
    }
  return { start, type, count, copies: Float64Array.from(copies) }
}
