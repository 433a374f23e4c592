import type { Problem } from './problem.ts'
import { rollFrom } from './random.ts'

const TINY = 1e-11
const LOWER = 0
const UPPER = 1
const BASIC = 2

/** A linear programme over counts within bounds: `lower ≤ x ≤ upper` for each type and every row kept. */
export type Simplex = {
  lower: Float64Array
  upper: Float64Array
  /** Counts of the present point, first the types, then the sums of the rows. */
  value: Float64Array
  /** Walks to a point that breaks rows and bounds least; returns by how much it still breaks them (0 when it can be kept). */
  repair(): number
  /** After `repair` found a breach: how fast the least breach grows with each lower bound. Shadow prices of rows in `price`. */
  pressure: Float64Array
  price: Float64Array
  /** From a point that keeps everything, walks to one where the sum of gain × count is greatest. */
  maximise(gain: Float64Array): number
}

/**
 * A bounded primal simplex with an explicit inverse of the basis, for few rows and many types whose coefficients are one.
 * The first phase minimises the sum of breaches, passing breakpoints while that falls; the basis is kept between calls.
 */
export function simplexOf(problem: Problem): Simplex {
  const { rowStart, rowIndex } = problem
  const types = problem.count.length
  const m = problem.rows.length
  const all = types + m
  const lower = new Float64Array(all)
  const upper = new Float64Array(all)
  const value = new Float64Array(all)
  const state = new Uint8Array(all)
  const basis = new Int32Array(m)
  const inverse = new Float64Array(m * m)
  const price = new Float64Array(m)
  const step = new Float64Array(m)
  const pressure = new Float64Array(all)
  const roll = rollFrom(2)
  let sinceFresh = 0
  for (let t = 0; t < types; t++) upper[t] = problem.most[t]!
  for (let r = 0; r < m; r++) {
    lower[types + r] = problem.rows[r]!.lower
    upper[types + r] = problem.rows[r]!.upper
    basis[r] = types + r
    state[types + r] = BASIC
    inverse[r * m + r] = -1
  }

  function settle() {
    const sums = new Float64Array(m)
    for (let j = 0; j < all; j++) {
      if (state[j] === BASIC) continue
      const x = state[j] === LOWER ? lower[j]! : upper[j]!
      value[j] = x
      if (x === 0) continue
      if (j >= types) sums[j - types]! -= x
      else for (let k = rowStart[j]!; k < rowStart[j + 1]!; k++) sums[rowIndex[k]!]! += x
    }
    for (let i = 0; i < m; i++) {
      let x = 0
      for (let r = 0; r < m; r++) x -= inverse[i * m + r]! * sums[r]!
      value[basis[i]!] = x
    }
  }

  function refresh() {
    sinceFresh = 0
    const work = new Float64Array(m * m)
    for (let i = 0; i < m; i++) {
      const j = basis[i]!
      if (j >= types) work[(j - types) * m + i] = -1
      else for (let k = rowStart[j]!; k < rowStart[j + 1]!; k++) work[rowIndex[k]! * m + i] = 1
    }
    invert(work, inverse, m)
  }

  function columnStep(j: number) {
    if (j >= types) for (let i = 0; i < m; i++) step[i] = -inverse[i * m + j - types]!
    else {
      const from = rowStart[j]!
      const to = rowStart[j + 1]!
      for (let i = 0; i < m; i++) {
        let sum = 0
        for (let k = from; k < to; k++) sum += inverse[i * m + rowIndex[k]!]!
        step[i] = Math.abs(sum) < 1e-11 ? 0 : sum
      }
    }
  }

  function priceWith(cost: (j: number) => number) {
    price.fill(0)
    for (let i = 0; i < m; i++) {
      const c = cost(basis[i]!)
      if (c !== 0) for (let r = 0; r < m; r++) price[r]! += c * inverse[i * m + r]!
    }
  }

  function reduced(j: number, cost: number): number {
    if (j >= types) return cost + price[j - types]!
    let sum = cost
    for (let k = rowStart[j]!; k < rowStart[j + 1]!; k++) sum -= price[rowIndex[k]!]!
    return sum
  }

  // After many steps without progress, any eligible column is taken at random (the same each time): that cannot cycle for ever.
  function entering(cost: Float64Array | undefined, stalled: boolean): number {
    let best = -1
    let most = 1e-7
    let eligible = 0
    for (let j = 0; j < all; j++) {
      if (state[j] === BASIC || upper[j]! - lower[j]! < TINY) continue
      const d = reduced(j, cost && j < types ? -cost[j]! : 0)
      const fall = state[j] === LOWER ? -d : d
      if (fall <= (stalled ? 1e-7 : most)) continue
      if (stalled) {
        if (roll() * ++eligible < 1) best = j
      } else {
        best = j
        most = fall
      }
    }
    return best
  }

  function pivot(row: number, j: number, leavesAt: number) {
    const leaving = basis[row]!
    state[leaving] = leavesAt
    value[leaving] = leavesAt === LOWER ? lower[leaving]! : upper[leaving]!
    basis[row] = j
    state[j] = BASIC
    const scale = 1 / step[row]!
    for (let r = 0; r < m; r++) inverse[row * m + r]! *= scale
    for (let i = 0; i < m; i++) {
      const factor = step[i]!
      if (i === row || factor === 0) continue
      for (let r = 0; r < m; r++) inverse[i * m + r]! -= factor * inverse[row * m + r]!
    }
    if (++sinceFresh > 100) {
      refresh()
      settle()
    }
  }

  const events: { at: number; row: number; slope: number; leavesAt: number }[] = []

  // Moves column j into the present point as far as the objective goes on falling; `fall` is its first slope.
  function move(j: number, fall: number, firstPhase: boolean): number {
    columnStep(j)
    const sign = state[j] === LOWER ? 1 : -1
    events.length = 0
    for (let i = 0; i < m; i++) {
      const rate = -sign * step[i]!
      if (Math.abs(rate) < 1e-9) continue
      const b = basis[i]!
      const x = value[b]!
      const slope = firstPhase ? Math.abs(rate) : Infinity
      const low = lower[b]!
      const high = upper[b]!
      if (!firstPhase) {
        // A count that rounding has put just outside its bound still blocks: otherwise it runs away.
        const room = rate > 0 ? high - x : x - low
        events.push({ at: Math.max(0, room) / Math.abs(rate), row: i, slope, leavesAt: rate > 0 ? UPPER : LOWER })
      } else if (rate > 0) {
        if (x < low - TINY) {
          events.push({ at: (low - x) / rate, row: i, slope, leavesAt: LOWER })
          events.push({ at: (high - x) / rate, row: i, slope, leavesAt: UPPER })
        } else if (x <= high + TINY) events.push({ at: Math.max(0, high - x) / rate, row: i, slope, leavesAt: UPPER })
      } else if (x > high + TINY) {
        events.push({ at: (high - x) / rate, row: i, slope, leavesAt: UPPER })
        events.push({ at: (low - x) / rate, row: i, slope, leavesAt: LOWER })
      } else if (x >= low - TINY) events.push({ at: Math.min(0, low - x) / rate, row: i, slope, leavesAt: LOWER })
    }
    events.sort((a, b) => a.at - b.at || Math.abs(step[b.row]!) - Math.abs(step[a.row]!))
    const span = upper[j]! - lower[j]!
    let left = fall
    let stop: (typeof events)[number] | undefined
    for (const event of events) {
      if (event.at >= span) break
      left -= event.slope
      if (left <= TINY) {
        stop = event
        break
      }
    }
    if (stop && !firstPhase)
      for (const event of events)
        if (event.at <= stop.at + 1e-10 && Math.abs(step[event.row]!) > Math.abs(step[stop.row]!)) stop = event
    const length = stop ? stop.at : span
    if (!Number.isFinite(length)) throw new Error('The programme has no bound, which bounded counts cannot give.')
    for (let i = 0; i < m; i++) value[basis[i]!]! -= sign * length * step[i]!
    if (!stop) {
      state[j] = state[j] === LOWER ? UPPER : LOWER
      value[j] = state[j] === LOWER ? lower[j]! : upper[j]!
    } else {
      value[j]! += sign * length
      pivot(stop.row, j, stop.leavesAt)
    }
    return length
  }

  const breachOf = (j: number) => Math.max(0, lower[j]! - value[j]!) + Math.max(0, value[j]! - upper[j]!)
  const side = (j: number) => (value[j]! < lower[j]! - TINY ? -1 : value[j]! > upper[j]! + TINY ? 1 : 0)

  function repair(): number {
    if (sinceFresh > 0) refresh()
    settle()
    let stalls = 0
    let fresh = false
    for (;;) {
      priceWith(side)
      let breached = false
      for (let i = 0; i < m; i++) if (side(basis[i]!) !== 0) breached = true
      if (!breached) return 0
      const j = entering(undefined, stalls > 50)
      if (j < 0) {
        if (sinceFresh > 0 && !fresh) {
          fresh = true
          refresh()
          settle()
          continue
        }
        let sum = 0
        for (let i = 0; i < m; i++) sum += breachOf(basis[i]!)
        for (let t = 0; t < all; t++) {
          const atLower = state[t] === LOWER || upper[t]! - lower[t]! < TINY
          pressure[t] = state[t] === BASIC ? (side(t) < 0 ? 1 : 0) : atLower ? Math.max(0, reduced(t, 0)) : 0
        }
        return sum
      }
      fresh = false
      stalls = move(j, Math.abs(reduced(j, 0)), true) > 1e-12 ? 0 : stalls + 1
    }
  }

  function maximise(gain: Float64Array): number {
    let stalls = 0
    for (;;) {
      priceWith(j => (j < types ? -gain[j]! : 0))
      const j = entering(gain, stalls > 50)
      if (j < 0) break
      stalls = move(j, Math.abs(reduced(j, j < types ? -gain[j]! : 0)), false) > 1e-12 ? 0 : stalls + 1
    }
    let sum = 0
    for (let t = 0; t < types; t++) sum += gain[t]! * value[t]!
    return sum
  }

  return { lower, upper, value, repair, pressure, price, maximise }
}

/** Inverts a square matrix by Gauss and Jordan with row pivoting; the matrix is overwritten. */
function invert(work: Float64Array, into: Float64Array, m: number) {
  into.fill(0)
  for (let i = 0; i < m; i++) into[i * m + i] = 1
  for (let c = 0; c < m; c++) {
    let best = c
    for (let i = c + 1; i < m; i++) if (Math.abs(work[i * m + c]!) > Math.abs(work[best * m + c]!)) best = i
    if (best !== c)
      for (let k = 0; k < m; k++) {
        const a = work[c * m + k]!
        work[c * m + k] = work[best * m + k]!
        work[best * m + k] = a
        const b = into[c * m + k]!
        into[c * m + k] = into[best * m + k]!
        into[best * m + k] = b
      }
    const scale = 1 / work[c * m + c]!
    for (let k = 0; k < m; k++) {
      work[c * m + k]! *= scale
      into[c * m + k]! *= scale
    }
    for (let i = 0; i < m; i++) {
      const factor = work[i * m + c]!
      if (i === c || factor === 0) continue
      for (let k = 0; k < m; k++) {
        work[i * m + k]! -= factor * work[c * m + k]!
        into[i * m + k]! -= factor * into[c * m + k]!
      }
    }
  }
}
