import type { Face } from './flight.ts'

/** Panels as sparse rows: panel i holds `count[k]` of type `type[k]` for k from `start[i]` up to `start[i + 1]`. */
export type Panels = { start: Int32Array; type: Int32Array; count: Float64Array; copies: Float64Array }

/** How a lottery over given panels comes out: its probabilities, and the largest shortfall of anyone's chance. */
export type Tilted = { probability: Float64Array; gap: number; dual: Float64Array; separated: boolean }

/**
 * Writes the target as a lottery over the panels at hand: the one of greatest entropy, found by Newton's method on its dual
 * (minimise log Σ exp(y·(x − target))), each system solved by conjugate gradients, so that no matrix is ever formed. When
 * the target is outside their hull, `dual` is a direction in which every panel falls short, and `separated` says so.
 */
export function tilt(face: Face, panels: Panels, goOn: () => boolean): Tilted {
  const { expected, still, problem, low, high } = face
  const types = expected.length
  const n = panels.copies.length
  const y = new Float64Array(types)
  const trial = new Float64Array(types)
  const score = new Float64Array(n)
  const probability = new Float64Array(n)
  const mean = new Float64Array(types)
  const gradient = new Float64Array(types)
  const direction = new Float64Array(types)
  const scale = Float64Array.from(problem.count, count => 1 / count)
  let value = evaluate(y)
  let separated = false
  for (let round = 0; round < 80 && goOn(); round++) {
    let worst = 0
    for (let t = 0; t < types; t++) {
      gradient[t] = low[t]! < high[t]! ? mean[t]! - expected[t]! : 0
      worst = Math.max(worst, Math.abs(gradient[t]!) * scale[t]!)
    }
    for (const direction of still) {
      let along = 0
      for (let t = 0; t < types; t++) along += gradient[t]! * direction[t]!
      for (let t = 0; t < types; t++) gradient[t]! -= along * direction[t]!
    }
    if (worst < 1e-13) break
    solve(worst)
    let slope = 0
    for (let t = 0; t < types; t++) slope += gradient[t]! * direction[t]!
    let length = 1
    let next = value
    for (; length > 1e-8; length /= 2) {
      for (let t = 0; t < types; t++) trial[t] = y[t]! - length * direction[t]!
      next = evaluate(trial)
      if (next <= value - 1e-4 * length * slope + 1e-15) break
    }
    if (length <= 1e-8) {
      evaluate(y)
      break
    }
    const gained = value - next
    y.set(trial)
    value = next
    // A log-sum below that of the least likely panel alone means that every panel falls short in direction y.
    separated = highest(y) < -1e-6
    if (separated) break
    if (gained < 1e-16 && worst < 1e-10) break
    if (round > 12 && worst > 1e-4 && value < -15) break
  }
  evaluate(y)
  let gap = 0
  for (let t = 0; t < types; t++) gap = Math.max(gap, (expected[t]! - mean[t]!) * scale[t]!)
  return { probability, gap, dual: y, separated }

  function highest(at: Float64Array): number {
    let base = 0
    for (let t = 0; t < types; t++) base += at[t]! * expected[t]!
    let most = -Infinity
    for (let i = 0; i < n; i++) {
      let s = -base
      for (let k = panels.start[i]!; k < panels.start[i + 1]!; k++) s += at[panels.type[k]!]! * panels.count[k]!
      if (s > most) most = s
    }
    return most
  }

  function evaluate(at: Float64Array): number {
    let base = 0
    for (let t = 0; t < types; t++) base += at[t]! * expected[t]!
    let most = -Infinity
    for (let i = 0; i < n; i++) {
      let s = 0
      for (let k = panels.start[i]!; k < panels.start[i + 1]!; k++) s += at[panels.type[k]!]! * panels.count[k]!
      score[i] = s
      if (s > most) most = s
    }
    let total = 0
    for (let i = 0; i < n; i++) {
      probability[i] = panels.copies[i]! * Math.exp(score[i]! - most)
      total += probability[i]!
    }
    mean.fill(0)
    for (let i = 0; i < n; i++) {
      const p = probability[i]! / total
      probability[i] = p
      for (let k = panels.start[i]!; k < panels.start[i + 1]!; k++) mean[panels.type[k]!]! += p * panels.count[k]!
    }
    return Math.log(total) + most - base
  }

  // Conjugate gradients on the covariance of the panels, preconditioned by its diagonal.
  function solve(worst: number) {
    const diagonal = new Float64Array(types)
    for (let i = 0; i < n; i++)
      for (let k = panels.start[i]!; k < panels.start[i + 1]!; k++)
        diagonal[panels.type[k]!]! += probability[i]! * panels.count[k]! ** 2
    for (let t = 0; t < types; t++) diagonal[t] = Math.max(diagonal[t]! - mean[t]! ** 2, 1e-12)
    const residual = gradient.slice()
    const z = new Float64Array(types)
    const p = new Float64Array(types)
    const image = new Float64Array(types)
    direction.fill(0)
    let old = 0
    let first = 0
    const accuracy = Math.min(0.1, Math.max(1e-6, worst * 100)) ** 2
    for (let round = 0; round < 400; round++) {
      let now = 0
      for (let t = 0; t < types; t++) {
        z[t] = residual[t]! / diagonal[t]!
        now += residual[t]! * z[t]!
      }
      if (!round) first = now
      if (now <= accuracy * first || now < 1e-40) break
      const beta = round ? now / old : 0
      for (let t = 0; t < types; t++) p[t] = z[t]! + beta * p[t]!
      old = now
      covariance(p, image)
      let curve = 0
      for (let t = 0; t < types; t++) curve += p[t]! * image[t]!
      if (curve <= 1e-300) break
      const alpha = now / curve
      for (let t = 0; t < types; t++) {
        direction[t]! += alpha * p[t]!
        residual[t]! -= alpha * image[t]!
      }
    }
  }

  function covariance(v: Float64Array, into: Float64Array) {
    let base = 0
    for (let t = 0; t < types; t++) base += v[t]! * mean[t]!
    into.fill(0)
    for (let i = 0; i < n; i++) {
      let s = -base
      for (let k = panels.start[i]!; k < panels.start[i + 1]!; k++) s += v[panels.type[k]!]! * panels.count[k]!
      s *= probability[i]!
      for (let k = panels.start[i]!; k < panels.start[i + 1]!; k++) into[panels.type[k]!]! += s * panels.count[k]!
    }
  }
}
