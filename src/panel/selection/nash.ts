import type { Problem } from './problem.ts'
import type { BestPanel } from './programme.ts'
import type { Target } from './target.ts'

/**
 * The point of the relaxation with the greatest product of chances over all people who can have one, by an interior-point
 * method whose systems have one equation a row. `gap` is proved: no point has a mean logarithm of chances higher by more.
 */
export function nashTarget(problem: Problem, leximin: Target, cap: number): { expected: Float64Array; gap: number } {
  const { count, most, rows, rowStart, rowIndex } = problem
  const types = count.length
  const m = rows.length
  const reachable = leximin.expected.map(x => (x > 1e-9 ? 1 : 0))
  const top = most.map((n, t) => Math.min(n, cap * count[t]!))
  const x = Float64Array.from(leximin.expected, (e, t) =>
    reachable[t] ? Math.min(Math.max(e, 1e-3 * top[t]!), 0.999 * top[t]!) : 0,
  )
  const isEqual = rows.map(row => row.upper - row.lower < 1e-9)
  const s = Float64Array.from(rows, row => (row.lower + row.upper) / 2)
  const dx = new Float64Array(types)
  const matrix = new Float64Array(m * m)
  const right = new Float64Array(m)
  const hx = new Float64Array(types)
  const gx = new Float64Array(types)
  for (let mu = 1; mu > 1e-12; mu *= 0.25)
    for (let step = 0; step < 6; step++) {
      matrix.fill(0)
      for (let r = 0; r < m; r++) right[r] = isEqual[r] ? rows[r]!.lower : s[r]!
      for (let t = 0; t < types; t++) {
        if (!reachable[t]) continue
        const room = top[t]! - x[t]!
        gx[t] = count[t]! / x[t]! - mu / room
        hx[t] = count[t]! / x[t]! ** 2 + mu / room ** 2
        for (let k = rowStart[t]!; k < rowStart[t + 1]!; k++) {
          const r = rowIndex[k]!
          right[r]! -= x[t]! + gx[t]! / hx[t]!
          for (let l = rowStart[t]!; l < rowStart[t + 1]!; l++) matrix[r * m + rowIndex[l]!]! += 1 / hx[t]!
        }
      }
      const gs = new Float64Array(m)
      const hs = new Float64Array(m).fill(Infinity)
      for (let r = 0; r < m; r++) {
        if (!isEqual[r]) {
          const below = s[r]! - rows[r]!.lower
          const above = rows[r]!.upper - s[r]!
          gs[r] = mu / below - mu / above
          hs[r] = mu / below ** 2 + mu / above ** 2
          right[r]! += gs[r]! / hs[r]!
          matrix[r * m + r]! += 1 / hs[r]!
        }
        matrix[r * m + r]! += 1e-13
      }
      const price = solved(matrix, right, m)
      let length = 1
      const limit = (value: number, change: number, room: number) => {
        if (change < 0 && -change * length > 0.95 * value) length = (0.95 * value) / -change
        if (change > 0 && change * length > 0.95 * room) length = (0.95 * room) / change
      }
      for (let t = 0; t < types; t++) {
        if (!reachable[t]) continue
        let along = gx[t]!
        for (let k = rowStart[t]!; k < rowStart[t + 1]!; k++) along += price[rowIndex[k]!]!
        dx[t] = along / hx[t]!
        limit(x[t]!, dx[t]!, top[t]! - x[t]!)
      }
      const ds = Float64Array.from(s, (_, r) => (isEqual[r] ? 0 : (gs[r]! - price[r]!) / hs[r]!))
      for (let r = 0; r < m; r++) if (!isEqual[r]) limit(s[r]! - rows[r]!.lower, ds[r]!, rows[r]!.upper - s[r]!)
      for (let t = 0; t < types; t++) if (reachable[t]) x[t]! += length * dx[t]!
      for (let r = 0; r < m; r++) s[r]! += length * ds[r]!
    }
  return { expected: onRows(x, leximin), gap: gapAt(problem, x, leximin) }
}

// The interior point may be a rounding error off a row; a simplex with bounds an error wide around it puts it back.
function onRows(x: Float64Array, { simplex }: Target): Float64Array {
  const lower = simplex.lower.slice()
  const upper = simplex.upper.slice()
  for (let wide = 1e-10; wide < 1e-4; wide *= 10) {
    for (let t = 0; t < x.length; t++) {
      simplex.lower[t] = Math.max(0, x[t]! - wide)
      simplex.upper[t] = Math.min(upper[t]!, x[t]! + wide)
    }
    if (simplex.repair() === 0) {
      const point = Float64Array.from(simplex.value.subarray(0, x.length), value => Math.max(0, value))
      simplex.lower.set(lower)
      simplex.upper.set(upper)
      return point
    }
  }
  throw new Error('The interior point did not come near the quotas.')
}

// Concavity: if no point has a greater sum of n·y/x than the sum of n, no point has a greater product.
function gapAt(problem: Problem, x: Float64Array, { simplex }: Target): number {
  const types = x.length
  const lower = simplex.lower.slice()
  simplex.lower.fill(0, 0, types)
  const gain = Float64Array.from(x, (value, t) => (value > 1e-9 ? problem.count[t]! / value : 0))
  const people = problem.count.reduce((sum, n, t) => sum + (x[t]! > 1e-9 ? n : 0), 0)
  simplex.repair()
  const best = simplex.maximise(gain)
  simplex.lower.set(lower)
  return Math.max(0, (best - people) / people)
}

/** Nash over whole panels when its point is out of reach: shares are adjusted panel by panel, and panels priced in. */
export function nashExactly(
  problem: Problem,
  start: Int32Array[],
  price: (gain: Float64Array) => BestPanel | null | 'late',
): { panels: Int32Array[]; probability: Float64Array; gap: number } {
  const types = problem.count.length
  const panels = start.slice()
  const people = () => problem.count.reduce((sum, n, t) => sum + (panels.some(panel => panel[t]) ? n : 0), 0)
  const reach = (t: number) => price(Float64Array.from({ length: types }, (_, i) => (i === t ? 1 : 0)))
  for (let t = 0; t < types; t++)
    if (!panels.some(panel => panel[t])) {
      const found = reach(t)
      if (found && found !== 'late' && found.value > 0) panels.push(found.counts)
    }
  let probability: Float64Array = new Float64Array(panels.length).fill(1 / panels.length)
  for (let round = 0; ; round++) {
    const all = people()
    const expected = new Float64Array(types)
    for (let pass = 0; pass < 3000; pass++) {
      expected.fill(0)
      for (const [i, panel] of panels.entries())
        for (let t = 0; t < types; t++) expected[t]! += probability[i]! * panel[t]!
      let most = 0
      for (const [i, panel] of panels.entries()) {
        let worth = 0
        for (let t = 0; t < types; t++) if (panel[t]) worth += (problem.count[t]! * panel[t]!) / expected[t]!
        probability[i]! *= worth / all
        most = Math.max(most, worth / all - 1)
      }
      if (most < 1e-10) break
    }
    const found = price(expected.map((x, t) => (x > 0 ? problem.count[t]! / x : 0)))
    if (!found || found === 'late') return { panels, probability, gap: 1 }
    const gap = found.bound / all - 1
    if (gap < 1e-7 || round > 500) return { panels, probability, gap: Math.max(0, gap) }
    panels.push(found.counts)
    const share = 1 / (panels.length + 1)
    probability = Float64Array.from(panels, (_, i) => (i < probability.length ? probability[i]! * (1 - share) : share))
  }
}

/** Solves a symmetric positive system by elimination; the matrix is overwritten. */
function solved(matrix: Float64Array, right: Float64Array, m: number): Float64Array {
  const y = right.slice()
  for (let c = 0; c < m; c++) {
    const pivot = matrix[c * m + c]!
    if (pivot < 1e-14) continue
    for (let i = c + 1; i < m; i++) {
      const factor = matrix[i * m + c]! / pivot
      if (factor === 0) continue
      for (let k = c; k < m; k++) matrix[i * m + k]! -= factor * matrix[c * m + k]!
      y[i]! -= factor * y[c]!
    }
  }
  for (let c = m - 1; c >= 0; c--) {
    const pivot = matrix[c * m + c]!
    if (pivot < 1e-14) {
      y[c] = 0
      continue
    }
    let sum = y[c]!
    for (let k = c + 1; k < m; k++) sum -= matrix[c * m + k]! * y[k]!
    y[c] = sum / pivot
  }
  return y
}
