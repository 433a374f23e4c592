import type { Problem } from './problem.ts'
import { walkOver } from './walk.ts'

const NEAR = 1e-7

/** Whole counts around a target: where each type and each row may go. */
export type Face = {
  problem: Problem
  expected: Float64Array
  low: Int32Array
  high: Int32Array
  rowLow: Int32Array
  rowHigh: Int32Array
  /** Directions (orthonormal, over types) in which no panel of the face differs from another. */
  still: Float64Array[]
}

/**
 * The panels near a target: counts are the floor or ceiling of it, and rows tight at it stay tight (they must).
 * The target is put exactly on its tight rows: an error of 1e-9 there would send the certifying programme to infinity.
 */
export function faceOf(problem: Problem, target: Float64Array): Face {
  const { rows } = problem
  const expected = target.map((x, t) => (Math.abs(x - Math.round(x)) < 1e-8 * problem.count[t]! ? Math.round(x) : x))
  const low = Int32Array.from(expected, x => Math.floor(x))
  const high = Int32Array.from(expected, x => Math.ceil(x))
  const sums = sumsOf(problem, expected)
  // Bounds of the target are kept to a rounding error a type, so a row it is tight at can be off by that for every type.
  const near = Math.max(NEAR, 1e-9 * expected.length)
  const tight = new Map<number, number>()
  for (const [r, { lower, upper }] of rows.entries())
    if (sums[r]! > upper - near) tight.set(r, upper)
    else if (sums[r]! < lower + near) tight.set(r, lower)
  const still = independent([...tight.keys()], problem, low, high)
  for (let again = 0; again < 3; again++) {
    const now = sumsOf(problem, expected)
    for (const { direction, combination } of still) {
      let off = 0
      for (const [r, factor] of combination) off += factor * (tight.get(r)! - now[r]!)
      for (let t = 0; t < expected.length; t++) expected[t]! += off * direction[t]!
    }
  }
  return {
    problem,
    expected,
    low,
    high,
    rowLow: Int32Array.from(rows, ({ lower }, r) => tight.get(r) ?? lower),
    rowHigh: Int32Array.from(rows, ({ upper }, r) => tight.get(r) ?? upper),
    still: still.map(({ direction }) => direction),
  }
}

/** The sum of each row at a point. */
export function sumsOf({ rows, rowStart, rowIndex }: Problem, x: Float64Array): Float64Array {
  const sums = new Float64Array(rows.length)
  for (let t = 0; t < x.length; t++) for (let k = rowStart[t]!; k < rowStart[t + 1]!; k++) sums[rowIndex[k]!]! += x[t]!
  return sums
}

// Gram and Schmidt over the tight rows, remembering what combination of rows each direction is.
function independent(tight: number[], problem: Problem, low: Int32Array, high: Int32Array) {
  const found: { direction: Float64Array; combination: Map<number, number> }[] = []
  const vectors = new Map(tight.map(r => [r, new Float64Array(low.length)]))
  for (let t = 0; t < low.length; t++)
    if (low[t]! < high[t]!)
      for (let k = problem.rowStart[t]!; k < problem.rowStart[t + 1]!; k++) {
        const vector = vectors.get(problem.rowIndex[k]!)
        if (vector) vector[t] = 1
      }
  for (const [r, direction] of vectors) {
    const combination = new Map([[r, 1]])
    const before = lengthOf(direction)
    for (let again = 0; again < 2; again++)
      for (const other of found) {
        let along = 0
        for (let t = 0; t < direction.length; t++) along += direction[t]! * other.direction[t]!
        for (let t = 0; t < direction.length; t++) direction[t]! -= along * other.direction[t]!
        for (const [row, factor] of other.combination)
          combination.set(row, (combination.get(row) ?? 0) - along * factor)
      }
    const length = lengthOf(direction)
    if (length < 1e-8 * Math.max(1, before)) continue
    for (let t = 0; t < direction.length; t++) direction[t]! /= length
    for (const [row, factor] of combination) combination.set(row, factor / length)
    found.push({ direction, combination })
  }
  return found
}

function lengthOf(vector: Float64Array): number {
  let sum = 0
  for (const x of vector) sum += x * x
  return Math.sqrt(sum)
}

/**
 * The flight of the cube method (Deville and Tillé, Biometrika 91, 2004): a walk from the target that keeps every row within
 * its bounds until at most as many types as rows are not whole.
 */
export function flightOver(face: Face, roll: () => number) {
  const { problem, expected, low, high, rowLow, rowHigh } = face
  const types = expected.length
  const m = problem.rows.length
  const sums = sumsOf(problem, expected)
  const sumLow = new Float64Array(m)
  const sumHigh = new Float64Array(m)
  for (let r = 0; r < m; r++) {
    const whole = Math.round(sums[r]!)
    const near = Math.abs(sums[r]! - whole) < NEAR
    sumLow[r] = Math.max(rowLow[r]!, near ? whole - 1 : Math.floor(sums[r]!))
    sumHigh[r] = Math.min(rowHigh[r]!, near ? whole + 1 : Math.ceil(sums[r]!))
  }
  const walk = walkOver(problem, { from: expected, low, high, sums, sumLow, sumHigh }, roll)
  return function fly(drift: Float64Array, toward?: Float64Array): { x: Float64Array; fractional: number[] } {
    const { x, basis } = walk(drift, toward)
    const fractional: number[] = []
    for (const t of basis) {
      if (t >= types) continue
      const whole = Math.round(x[t]!)
      if (Math.abs(x[t]! - whole) < NEAR) x[t] = whole
      else fractional.push(t)
    }
    return { x, fractional }
  }
}
