import type { Problem } from './problem.ts'

/** Where a walk begins and how far types and sums of rows may go. */
export type Room = {
  from: Float64Array
  low: Int32Array | Float64Array
  high: Int32Array | Float64Array
  sums: Float64Array
  sumLow: Float64Array
  sumHigh: Float64Array
}

/**
 * A walk that keeps every row within its bounds until at most as many types as rows are off theirs: the flight of the cube
 * method in its fast form (Chauvet and Tillé, Computational Statistics 21, 2006). The elimination is updated at each step,
 * not done again. Of the two ends of a step the one is taken that brings the mean of all walks so far (`drift`) nearer to
 * the start; `toward`, when given, is climbed instead. Types in `basis` may have stopped short of a bound.
 */
export function walkOver(problem: Problem, room: Room, roll: () => number) {
  const { from, low, high, sums, sumLow, sumHigh } = room
  const { rowStart, rowIndex } = problem
  const types = from.length
  const m = problem.rows.length
  const moving = Int32Array.from([...from.keys()].filter(t => low[t]! < high[t]!))
  const inverse = new Float64Array(m * m)
  const basis = new Int32Array(m)
  const step = new Float64Array(m)
  const slack = new Float64Array(m)
  const x = new Float64Array(types)

  return function walk(drift: Float64Array, toward?: Float64Array): { x: Float64Array; basis: Int32Array } {
    x.set(from)
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
    return { x, basis }
  }

  // Type j moves by one unit and the basis by -step; whoever meets a bound first leaves, or j itself becomes whole.
  function advance(j: number, drift: Float64Array, toward: Float64Array | undefined) {
    const start = rowStart[j]!
    const end = rowStart[j + 1]!
    let up = high[j]! - x[j]!
    let down = x[j]! - low[j]!
    let upRow = -1
    let downRow = -1
    const seed = toward ? toward[j]! : 0
    let tilt = toward ? seed : drift[j]! + x[j]! - from[j]!
    let spread = 1
    for (let i = 0; i < m; i++) {
      let rate = 0
      for (let k = start; k < end; k++) rate += inverse[i * m + rowIndex[k]!]!
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
        tilt -= rate * (toward ? toward[b]! : drift[b]! + x[b]! - from[b]!)
        spread += rate * rate
      } else {
        above = sumHigh[b - types]! - slack[b - types]!
        below = slack[b - types]! - sumLow[b - types]!
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
    if (leaving < types)
      x[leaving] = x[leaving]! - low[leaving]! < high[leaving]! - x[leaving]! ? low[leaving]! : high[leaving]!
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
