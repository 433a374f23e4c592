import type { Face } from './flight.ts'
import type { Problem } from './problem.ts'

/** How wide the landing looks for a swap, and how often it may be stuck before the flight is given up. */
const WIDTH = 30
const PATIENCE = 12
/** Rows a type from which on swaps are looked for among near twins too, and how many twins. */
const MANY = 9.5
const NEIGHBOURS = 24
/** How many types are looked at for coming in, another lot at each landing and whenever stuck. */
const LOT = 600

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
  const comers = Int32Array.from([...low.keys()].filter(t => low[t]! < high[t]!)).sort(() => roll() - 0.5)
  const some = new Int32Array(Math.min(LOT, comers.length))
  let lot = 0
  let undecided: number[] = []
  let best = 0
  let bestIn = -1
  let bestOut = -1

  return function land(x: Float64Array, fractional: number[], lean: Float64Array): Int32Array | null {
    wish = lean
    undecided = fractional
    let widest = 1e-12
    for (const t of fractional) widest = Math.max(widest, Math.abs(lean[t]!))
    keen = 0.3 / widest
    for (let t = 0; t < types; t++) counts[t] = Math.round(x[t]!)
    for (const t of fractional) counts[t] = Math.floor(x[t]!) + (roll() < x[t]! - Math.floor(x[t]!) ? 1 : 0)
    sums.fill(0)
    for (let t = 0; t < types; t++)
      if (counts[t]) for (let k = rowStart[t]!; k < rowStart[t + 1]!; k++) sums[rowIndex[k]!]! += counts[t]!
    let stuck = 0
    lot += LOT
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
      if (!swap(stuck)) {
        lot += LOT
        if (++stuck > PATIENCE) return null
      }
    }
    return null
  }

  // Looks among those whom the flight left undecided, then among a lot of all, then among near twins of those seated.
  function swap(stuck: number): boolean {
    best = 1e9
    shortlist(undecided, undecided)
    pair()
    if (best > -0.1) {
      for (let n = 0; n < some.length; n++) some[n] = comers[(lot + n) % comers.length]!
      shortlist(some, comers)
      pair()
    }
    if (best > -0.1) pairTwins()
    const kick = best > -0.1 && stuck % 3 === 2
    if (kick) {
      bestIn = ins[Math.floor(roll() * ins.length)] ?? -1
      bestOut = outs[Math.floor(roll() * outs.length)] ?? -1
    }
    if (bestIn >= 0) change(bestIn, 1)
    if (bestOut >= 0) change(bestOut, -1)
    return best < -0.1
  }

  function take(change: number, into: number, out: number) {
    if (change >= best) return
    best = change
    bestIn = into
    bestOut = out
  }

  function pair() {
    for (const i of ins) {
      take(inGain[i]!, i, -1)
      for (let k = rowStart[i]!; k < rowStart[i + 1]!; k++) mark[rowIndex[k]!] = 1
      for (const o of outs) {
        if (o === i) continue
        let change = inGain[i]! + outGain[o]!
        for (let k = rowStart[o]!; k < rowStart[o + 1]!; k++) {
          const r = rowIndex[k]!
          if (mark[r]) change -= up[r]! + down[r]!
        }
        take(change, i, o)
      }
      for (let k = rowStart[i]!; k < rowStart[i + 1]!; k++) mark[rowIndex[k]!] = 0
    }
    for (const o of outs) take(outGain[o]!, -1, o)
  }

  function pairTwins() {
    if (!near) return
    for (const o of comers) {
      if (counts[o]! <= low[o]!) continue
      for (let k = rowStart[o]!; k < rowStart[o + 1]!; k++) mark[rowIndex[k]!] = 1
      for (let n = o * near; n < (o + 1) * near; n++) {
        const i = alike[n]!
        if (i < 0 || counts[i]! >= high[i]!) continue
        let change = outGain[o]! - leaning(i)
        for (let k = rowStart[i]!; k < rowStart[i + 1]!; k++) {
          const r = rowIndex[k]!
          change -= mark[r] ? down[r]! : -up[r]!
        }
        take(change, i, o)
      }
      for (let k = rowStart[o]!; k < rowStart[o + 1]!; k++) mark[rowIndex[k]!] = 0
    }
  }

  function change(t: number, by: number) {
    counts[t]! += by
    for (let k = rowStart[t]!; k < rowStart[t + 1]!; k++) sums[rowIndex[k]!]! += by
  }

  // The types whose coming or going alone mends most, ties in random order.
  function shortlist(coming: ArrayLike<number>, going: ArrayLike<number>) {
    ins.length = 0
    outs.length = 0
    for (let n = 0; n < coming.length; n++) {
      const t = coming[n]!
      if (counts[t]! >= high[t]!) continue
      let gain = 0
      for (let k = rowStart[t]!; k < rowStart[t + 1]!; k++) gain += up[rowIndex[k]!]!
      keep(ins, inGain, t, gain - leaning(t))
    }
    for (let n = 0; n < going.length; n++) {
      const t = going[n]!
      if (counts[t]! <= low[t]!) continue
      let gain = 0
      for (let k = rowStart[t]!; k < rowStart[t + 1]!; k++) gain += down[rowIndex[k]!]!
      keep(outs, outGain, t, gain + leaning(t))
    }
  }

  function leaning(t: number): number {
    return Math.max(-0.4, Math.min(0.4, keen * wish[t]!)) + roll() * 0.05
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
