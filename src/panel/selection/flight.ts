import type { Problem } from './problem.ts'

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
  const { rows, rowStart, rowIndex } = problem
  const expected = target.map((x, t) => (Math.abs(x - Math.round(x)) < 1e-8 * problem.count[t]! ? Math.round(x) : x))
  const low = Int32Array.from(expected, x => Math.floor(x))
  const high = Int32Array.from(expected, x => Math.ceil(x))
  const sumsOf = () => {
    const sums = new Float64Array(rows.length)
    for (let t = 0; t < expected.length; t++)
      for (let k = rowStart[t]!; k < rowStart[t + 1]!; k++) sums[rowIndex[k]!]! += expected[t]!
    return sums
  }
  const sums = sumsOf()
  // Bounds of the target are kept to 3e-11 a type, so a row it is tight at can be off by that for every type.
  const near = Math.max(NEAR, 1e-9 * expected.length)
  const tight = new Map<number, number>()
  for (const [r, { lower, upper }] of rows.entries())
    if (sums[r]! > upper - near) tight.set(r, upper)
    else if (sums[r]! < lower + near) tight.set(r, lower)
  const still = independent([...tight.keys()], problem, low, high)
  for (let again = 0; again < 3; again++) {
    const now = sumsOf()
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
 * The flight of the cube method (Deville and Tillé, Biometrika 91, 2004) in its fast form (Chauvet and Tillé, Computational
 * Statistics 21, 2006): a walk from the target that keeps every row within its bounds until at most as many types as rows
 * are not whole. The elimination is updated at each step, not done again. Of the two ends of a step the one is taken that
 * brings the mean of all panels so far (`drift`) nearer to the target; `toward`, when given, is climbed instead.
 */
export function flightOver(face: Face, roll: () => number) {
  const { problem, expected, low, high, rowLow, rowHigh } = face
  const { rowStart, rowIndex } = problem
  const types = expected.length
  const m = problem.rows.length
  const moving = Int32Array.from([...expected.keys()].filter(t => low[t]! < high[t]!))
  const inverse = new Float64Array(m * m)
  const basis = new Int32Array(m)
  const step = new Float64Array(m)
  const slackLow = new Float64Array(m)
  const slackHigh = new Float64Array(m)
  const sums = new Float64Array(m)
  const x = new Float64Array(types)
  for (let t = 0; t < types; t++)
    for (let k = rowStart[t]!; k < rowStart[t + 1]!; k++) sums[rowIndex[k]!]! += expected[t]!
  for (let r = 0; r < m; r++) {
    const whole = Math.round(sums[r]!)
    const near = Math.abs(sums[r]! - whole) < NEAR
    slackLow[r] = Math.max(rowLow[r]!, near ? whole - 1 : Math.floor(sums[r]!))
    slackHigh[r] = Math.min(rowHigh[r]!, near ? whole + 1 : Math.ceil(sums[r]!))
  }
  const slack = new Float64Array(m)

  return function fly(drift: Float64Array, toward?: Float64Array): { x: Float64Array; fractional: number[] } {
    x.set(expected)
    slack.set(sums)
    inverse.fill(0)
    for (let r = 0; r < m; r++) {
      inverse[r * m + r] = -1
      basis[r] = types + r
    }
    for (let i = moving.length - 1; i > 0; i--) {
      const k = Math.floor(roll() * (i + 1))
      const held = moving[i]!
      moving[i] = moving[k]!
      moving[k] = held
    }
    for (let n = 0; n < moving.length; n++) advance(moving[n]!, drift, toward)
    const fractional: number[] = []
    for (let i = 0; i < m; i++) {
      const t = basis[i]!
      if (t >= types) continue
      const whole = Math.round(x[t]!)
      if (Math.abs(x[t]! - whole) < NEAR) x[t] = whole
      else fractional.push(t)
    }
    return { x, fractional }
  }

  // Type j moves by one unit and the basis by -step; whoever meets a bound first leaves, or j itself becomes whole.
  function advance(j: number, drift: Float64Array, toward: Float64Array | undefined) {
    const from = rowStart[j]!
    const to = rowStart[j + 1]!
    let up = high[j]! - x[j]!
    let down = x[j]! - low[j]!
    let upRow = -1
    let downRow = -1
    const seed = toward ? toward[j]! : 0
    let tilt = toward ? seed : drift[j]! + x[j]! - expected[j]!
    let spread = 1
    for (let i = 0; i < m; i++) {
      let rate = 0
      for (let k = from; k < to; k++) rate += inverse[i * m + rowIndex[k]!]!
      if (rate < 1e-9 && rate > -1e-9) {
        step[i] = 0
        continue
      }
      step[i] = rate
      const b = basis[i]!
      let above: number
      let below: number
      if (b < types) {
        above = high[b]! - x[b]!
        below = x[b]! - low[b]!
        tilt -= rate * (toward ? toward[b]! : drift[b]! + x[b]! - expected[b]!)
        spread += rate * rate
      } else {
        above = slackHigh[b - types]! - slack[b - types]!
        below = slack[b - types]! - slackLow[b - types]!
      }
      const size = rate > 0 ? rate : -rate
      const roomUp = (rate > 0 ? below : above) / size
      const roomDown = (rate > 0 ? above : below) / size
      if (roomUp < up - 1e-12) {
        up = roomUp
        upRow = i
      }
      if (roomDown < down - 1e-12) {
        down = roomDown
        downRow = i
      }
    }
    if (up < 0) up = 0
    if (down < 0) down = 0
    const goUp = toward ? tilt > 0 : 2 * tilt * up + spread * up * up < -2 * tilt * down + spread * down * down
    const length = goUp ? up : -down
    const row = goUp ? upRow : downRow
    x[j]! += length
    for (let i = 0; i < m; i++) {
      if (step[i] === 0) continue
      const b = basis[i]!
      if (b < types) x[b]! -= length * step[i]!
      else slack[b - types]! -= length * step[i]!
    }
    if (row < 0) {
      x[j] = goUp ? high[j]! : low[j]!
      return
    }
    const leaving = basis[row]!
    if (leaving < types) x[leaving] = Math.round(x[leaving]!)
    basis[row] = j
    const scale = 1 / step[row]!
    const base = row * m
    for (let r = 0; r < m; r++) inverse[base + r]! *= scale
    for (let i = 0; i < m; i++) {
      const factor = step[i]!
      if (factor === 0 || i === row) continue
      const at = i * m
      for (let r = 0; r < m; r++) inverse[at + r]! -= factor * inverse[base + r]!
    }
  }
}
