import type { Claim } from './claim.ts'
import type { Programme } from './programme.ts'

/** By how much of itself the balance may be missed. */
const MISSED = 1e-4

/**
 * Checks that no lottery has highest ÷ even + even ÷ lowest below this one’s. Whoever’s lowest chance lies between two
 * numbers keeps the lower one as a floor, and may have no higher chance than leaves the sum below: where nothing keeps
 * both, no lottery is in between. What is not shut out that way is halved and looked at again.
 */
export function checkBalance({ selection, complain }: Claim, programme: Programme, chance: Float64Array): void {
  const sizes = selection.types.map(({ people }) => people.length)
  const reached = chance.filter(c => c > 1e-9)
  const even = (selection.size - selection.confirmed.length) / sizes.reduce((sum, n) => sum + n, 0)
  const sum = Math.max(...chance) / even + even / Math.min(...reached)
  const below = sum * (1 - MISSED)
  const nothing = new Float64Array(sizes.length)
  const isShut = (from: number, to: number): boolean => {
    const highest = Math.min(selection.cap, (below - even / to) * even)
    if (highest < from) return true
    for (const [t, n] of sizes.entries()) programme.bound(t, chance[t]! > 1e-9 ? from * n : 0, highest * n)
    if (programme.most(nothing) === 'none') return true
    if (to - from < 1e-6 * even) return false
    const middle = (from + to) / 2
    return isShut(from, middle) && isShut(middle, to)
  }
  if (!isShut(even / sum, even)) complain('Another lottery balances the highest and the lowest chance better.')
  for (const [t, n] of sizes.entries()) programme.bound(t, 0, Math.max(...chance) * n)
}
