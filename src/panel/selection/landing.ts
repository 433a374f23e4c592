import type { Face } from './flight.ts'
import type { Problem } from './problem.ts'

/** How wide the landing looks for a swap, and how often it may be stuck before the flight is given up. */
const WIDTH = 30
const PATIENCE = 12
/** Rows a type from which on swaps are looked for among near twins too, and how many twins. */
const MANY = 9.5
const NEIGHBOURS = 24

/**
 * Makes a whole panel of a flight's end: rounds what is left, then swaps one person out and one in while a row is broken,
 * always the swap that mends most. Returns null when it stays stuck; a new flight is cheaper than a long search.
 */
export function landingOver(face: Face, roll: () => number) {
  const { problem, low, high, rowLow, rowHigh } = face
  const { rowStart, rowIndex } = problem
  const types = low.length
  const m = problem.rows.length
  const counts = new Int32Array(types)
  const sums = new Int32Array(m)
  const up = new Int32Array(m)
  const down = new Int32Array(m)
  const mark = new Uint8Array(m)
  const near = rowIndex.length > MANY * types ? Math.min(NEIGHBOURS, types - 1) : 0
  const alike = neighboursOf(problem, low, high, near, roll)
  const ins: number[] = []
  const outs: number[] = []
  const inGain = new Float64Array(types)
  const outGain = new Float64Array(types)
  let wish: Float64Array = inGain
  let keen = 0

  return function land(x: Float64Array, fractional: number[], lean: Float64Array): Int32Array | null {
    wish = lean
    let widest = 1e-12
    for (const t of fractional) widest = Math.max(widest, Math.abs(lean[t]!))
    keen = 0.3 / widest
    for (let t = 0; t < types; t++) counts[t] = Math.round(x[t]!)
    for (const t of fractional) counts[t] = Math.floor(x[t]!) + (roll() < x[t]! - Math.floor(x[t]!) ? 1 : 0)
    sums.fill(0)
    for (let t = 0; t < types; t++)
      if (counts[t]) for (let k = rowStart[t]!; k < rowStart[t + 1]!; k++) sums[rowIndex[k]!]! += counts[t]!
    let stuck = 0
    for (let round = 0; round < 200; round++) {
      let broken = 0
      for (let r = 0; r < m; r++) {
        const s = sums[r]!
        const short = rowLow[r]! - s
        const over = s - rowHigh[r]!
        if (short > 0) broken += short
        if (over > 0) broken += over
        up[r] = short > 0 ? -1 : over >= 0 ? 1 : 0
        down[r] = over > 0 ? -1 : short >= 0 ? 1 : 0
      }
      if (broken === 0) return counts.slice()
      if (!swap(stuck)) if (++stuck > PATIENCE) return null
    }
    return null
  }

  function swap(stuck: number): boolean {
    shortlist()
    let best = 1e9
    let bestIn = -1
    let bestOut = -1
    for (const i of ins) {
      if (inGain[i]! < best) {
        best = inGain[i]!
        bestIn = i
        bestOut = -1
      }
      for (let k = rowStart[i]!; k < rowStart[i + 1]!; k++) mark[rowIndex[k]!] = 1
      for (const o of outs) {
        if (o === i) continue
        let change = inGain[i]! + outGain[o]!
        for (let k = rowStart[o]!; k < rowStart[o + 1]!; k++) {
          const r = rowIndex[k]!
          if (mark[r]) change -= up[r]! + down[r]!
        }
        if (change < best) {
          best = change
          bestIn = i
          bestOut = o
        }
      }
      for (let k = rowStart[i]!; k < rowStart[i + 1]!; k++) mark[rowIndex[k]!] = 0
    }
    for (let o = 0; o < types; o++) {
      if (counts[o]! <= low[o]!) continue
      for (let k = rowStart[o]!; k < rowStart[o + 1]!; k++) mark[rowIndex[k]!] = 1
      for (let n = o * near; n < (o + 1) * near; n++) {
        const i = alike[n]!
        if (i < 0 || counts[i]! >= high[i]!) continue
        let change = inGain[i]! + outGain[o]!
        for (let k = rowStart[i]!; k < rowStart[i + 1]!; k++) {
          const r = rowIndex[k]!
          if (mark[r]) change -= up[r]! + down[r]!
        }
        if (change < best) {
          best = change
          bestIn = i
          bestOut = o
        }
      }
      for (let k = rowStart[o]!; k < rowStart[o + 1]!; k++) mark[rowIndex[k]!] = 0
    }
    for (const o of outs)
      if (outGain[o]! < best) {
        best = outGain[o]!
        bestIn = -1
        bestOut = o
      }
    const kick = best > -0.1 && stuck % 3 === 2
    if (kick) {
      bestIn = ins[Math.floor(roll() * ins.length)] ?? -1
      bestOut = outs[Math.floor(roll() * outs.length)] ?? -1
    }
    if (bestIn >= 0) change(bestIn, 1)
    if (bestOut >= 0) change(bestOut, -1)
    return best < -0.1
  }

  function change(t: number, by: number) {
    counts[t]! += by
    for (let k = rowStart[t]!; k < rowStart[t + 1]!; k++) sums[rowIndex[k]!]! += by
  }

  // The types whose coming or going alone mends most, ties in random order.
  function shortlist() {
    ins.length = 0
    outs.length = 0
    for (let t = 0; t < types; t++) {
      const canIn = counts[t]! < high[t]!
      const canOut = counts[t]! > low[t]!
      if (!canIn && !canOut) continue
      let gainIn = 0
      let gainOut = 0
      for (let k = rowStart[t]!; k < rowStart[t + 1]!; k++) {
        gainIn += up[rowIndex[k]!]!
        gainOut += down[rowIndex[k]!]!
      }
      const lean = Math.max(-0.4, Math.min(0.4, keen * wish[t]!)) + roll() * 0.05
      if (canIn) keep(ins, inGain, t, gainIn - lean)
      if (canOut) keep(outs, outGain, t, gainOut + lean)
    }
  }

  function keep(list: number[], gain: Float64Array, t: number, value: number) {
    gain[t] = value
    if (list.length === WIDTH && value >= gain[list[WIDTH - 1]!]!) return
    let at = list.length < WIDTH ? list.length : WIDTH - 1
    for (; at > 0 && gain[list[at - 1]!]! > value; at--) list[at] = list[at - 1]!
    list[at] = t
  }
}

// For each type the types most like it: where features are many, only a swap between near twins mends one row and breaks none.
function neighboursOf(
  problem: Problem,
  low: Int32Array,
  high: Int32Array,
  near: number,
  roll: () => number,
): Int32Array {
  const { rowStart, rowIndex } = problem
  const types = low.length
  const alike = new Int32Array(types * near).fill(-1)
  const bit = new Uint8Array(problem.rows.length)
  const moving = Int32Array.from([...low.keys()].filter(t => low[t]! < high[t]!))
  const shared = new Float64Array(near)
  for (const t of moving) {
    for (let k = rowStart[t]!; k < rowStart[t + 1]!; k++) bit[rowIndex[k]!] = 1
    shared.fill(-1)
    const base = t * near
    for (const other of moving) {
      if (other === t) continue
      let same = 0
      for (let k = rowStart[other]!; k < rowStart[other + 1]!; k++) same += bit[rowIndex[k]!]!
      if (same <= shared[near - 1]!) continue
      same += roll() * 0.5
      let at = near - 1
      for (; at > 0 && shared[at - 1]! < same; at--) {
        shared[at] = shared[at - 1]!
        alike[base + at] = alike[base + at - 1]!
      }
      shared[at] = same
      alike[base + at] = other
    }
    for (let k = rowStart[t]!; k < rowStart[t + 1]!; k++) bit[rowIndex[k]!] = 0
  }
  return alike
}
