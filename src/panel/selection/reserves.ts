import type { Problem } from './problem.ts'

/**
 * The types of reserves, in order: each is the one that can take the place of most members whom the reserves before it
 * cover least, with every quota still met; among equals `pick` chooses.
 */
export function chooseReserves(
  problem: Problem,
  counts: Int32Array,
  wanted: number,
  pick: (below: number) => number,
): number[] {
  const { rows, rowStart, rowIndex, count } = problem
  const types = count.length
  const sums = new Int32Array(rows.length)
  for (let t = 0; t < types; t++)
    for (let k = rowStart[t]!; k < rowStart[t + 1]!; k++) sums[rowIndex[k]!]! += counts[t]!
  const rowsOf = (t: number) => rowIndex.subarray(rowStart[t], rowStart[t + 1])
  const seated = [...counts.keys()].filter(t => counts[t]! > 0)
  const used = counts.slice()
  const covered = new Float64Array(types)
  const chosen: number[] = []
  const mends = new Map<number, number[]>()
  const canReplace = (out: number, into: number) => {
    const leaving = new Set(rowsOf(out))
    const coming = new Set(rowsOf(into))
    for (const r of leaving) if (!coming.has(r) && sums[r]! - 1 < rows[r]!.lower) return false
    for (const r of coming) if (!leaving.has(r) && sums[r]! + 1 > rows[r]!.upper) return false
    return true
  }
  for (let t = 0; t < types; t++)
    if (used[t]! < count[t]!)
      mends.set(
        t,
        seated.filter(out => canReplace(out, t)),
      )
  while (chosen.length < wanted && mends.size) {
    let best = -1
    let most = -1
    let equal = 0
    for (const [t, outs] of mends) {
      let worth = 0
      for (const out of outs) worth += counts[out]! / (1 + covered[out]! / counts[out]!) ** 2
      if (worth > most + 1e-12) {
        best = t
        most = worth
        equal = 1
      } else if (worth > most - 1e-12 && pick(++equal) === 0) best = t
    }
    chosen.push(best)
    for (const out of mends.get(best) ?? []) covered[out]! += 1
    if (++used[best]! >= count[best]!) mends.delete(best)
  }
  return chosen
}
