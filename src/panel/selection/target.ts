import type { Problem } from './problem.ts'
import { type Simplex, simplexOf } from './simplex.ts'

/** One step of the leximin: the types that cannot be raised above this chance, and the rows that hold them there. */
export type Stage = { chance: number; types: number[]; holding: { row: number; price: number }[] }

/** The leximin-best point of the relaxation: expected counts of types, the stages that prove it. */
export type Target = { expected: Float64Array; stages: Stage[]; simplex: Simplex }

/** What every panel of the relaxation breaks: rows that cannot all be kept, with their shadow prices. */
export type Conflict = { conflict: { row: number; price: number }[]; breach: number }

// A settled type keeps its expected count less this: without it, rounding of one stage makes the next contradict it.
const SLACK = 1e-13

export type Bounds = { cap?: number; onStage?: (settled: number) => void }

/**
 * Leximin over {rows kept, 0 ≤ x ≤ n}: raise the lowest chance as far as it goes, fix those who cannot go further, repeat
 * (Flanigan, Gölz, Gupta, Hennig and Procaccia, Nature 596, 2021, with panels relaxed to points). The highest common
 * chance is found by Newton's method from above on the least breach, which is convex in the chance, so it ends exactly.
 */
export function leximinTarget(problem: Problem, bounds: Bounds = {}): Target | Conflict {
  const { count, weight, most } = problem
  const types = count.length
  const simplex = simplexOf(problem)
  const { lower, upper, pressure, price } = simplex
  const cap = bounds.cap ?? 1
  for (let t = 0; t < types; t++) upper[t] = Math.min(most[t]!, cap * count[t]!)
  const breach = simplex.repair()
  if (breach > 1e-7) return { conflict: pressed(price), breach }
  const open = new Uint8Array(types).fill(1)
  let remaining = types
  const stages: Stage[] = []
  while (remaining > 0) {
    let weighed = 0
    let left = problem.size
    for (let t = 0; t < types; t++)
      if (open[t]) weighed += count[t]! * weight[t]!
      else left -= lower[t]!
    let level = left / weighed
    for (let t = 0; t < types; t++) if (open[t]) level = Math.min(level, upper[t]! / (count[t]! * weight[t]!))
    let tight: number[] = []
    let holding: Stage['holding'] = []
    for (let round = 0; ; round++) {
      for (let t = 0; t < types; t++) if (open[t]) lower[t] = Math.min(level * weight[t]! * count[t]!, upper[t]!)
      const short = simplex.repair()
      if (short <= 1e-10) {
        const full = typesWhere(t => open[t] === 1 && upper[t]! - lower[t]! < 1e-12)
        if (round) tight = [...new Set([...tight, ...full])]
        else tight = level < left / weighed ? full : typesWhere(t => open[t] === 1)
        break
      }
      let slope = 0
      for (let t = 0; t < types; t++) if (open[t]) slope += pressure[t]! * weight[t]! * count[t]!
      if (slope < 1e-9) break
      tight = typesWhere(t => open[t] === 1 && pressure[t]! > 1e-6)
      holding = pressed(price)
      const next = level - short / slope
      if (!(next < level)) break
      level = Math.max(0, next)
      if (round > 200) break
    }
    if (!tight.length) tight = raisedNone(simplex, open, types)
    for (const t of tight) {
      open[t] = 0
      lower[t] = Math.max(0, lower[t]! - SLACK)
    }
    remaining -= tight.length
    stages.push({ chance: Math.min(1, Math.max(0, level)), types: tight, holding })
    bounds.onStage?.(types - remaining)
  }
  simplex.repair()
  return { expected: Float64Array.from(simplex.value.subarray(0, types), x => Math.max(0, x)), stages, simplex }

  function typesWhere(is: (t: number) => boolean): number[] {
    const list: number[] = []
    for (let t = 0; t < types; t++) if (is(t)) list.push(t)
    return list
  }
}

function pressed(price: Float64Array): Stage['holding'] {
  const list: Stage['holding'] = []
  for (const [row, value] of price.entries()) if (Math.abs(value) > 1e-7) list.push({ row, price: value })
  return list
}

// The sure way when no dual shows anything: a type is fixed when a programme that raises it alone cannot.
function raisedNone(simplex: Simplex, open: Uint8Array, types: number): number[] {
  const tight: number[] = []
  for (let t = 0; t < types; t++) {
    if (!open[t]) continue
    const gain = new Float64Array(types)
    gain[t] = 1
    simplex.repair()
    if (simplex.maximise(gain) <= simplex.lower[t]! + 1e-9) tight.push(t)
  }
  if (!tight.length)
    throw new Error('No type could be fixed and none is tight: the target programme contradicts itself.')
  return tight
}
