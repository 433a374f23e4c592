import type { Problem } from './problem.ts'
import type { Target } from './target.ts'

/**
 * The cap on chances that balances too high against too low: it minimises highest ÷ even + even ÷ lowest over the
 * relaxation (Baharav and Flanigan, "Fair, manipulation-robust, and transparent sortition", EC 2024). Leximin is then found under it.
 */
export function goldilocksCap(problem: Problem, leximin: Target, most: number): number {
  const { count } = problem
  const { simplex } = leximin
  const types = count.length
  const lower = simplex.lower.slice()
  const upper = simplex.upper.slice()
  const people = count.reduce((sum, n) => sum + n, 0)
  const even = problem.size / people
  const lowest = Math.min(...leximin.stages.map(stage => stage.chance).filter(chance => chance > 1e-9))
  const holds = (least: number, cap: number) => {
    for (let t = 0; t < types; t++) {
      const high = Math.min(problem.most[t]!, cap * count[t]!)
      simplex.lower[t] = leximin.expected[t]! > 1e-9 ? Math.min(least * count[t]!, high) : 0
      simplex.upper[t] = high
    }
    return simplex.repair() < 1e-9
  }
  const capFor = (least: number) => {
    let low = Math.max(least, even * 0.999)
    let high = most
    for (let i = 0; i < 26 && high - low > 1e-9; i++) {
      const middle = (low + high) / 2
      if (holds(least, middle)) high = middle
      else low = middle
    }
    return high
  }
  const cost = (least: number) => capFor(least) / even + even / least
  const golden = (Math.sqrt(5) - 1) / 2
  let from = lowest / 20
  let to = lowest
  let left = to - golden * (to - from)
  let right = from + golden * (to - from)
  let leftCost = cost(left)
  let rightCost = cost(right)
  for (let i = 0; i < 26; i++) {
    if (leftCost < rightCost) {
      to = right
      right = left
      rightCost = leftCost
      left = to - golden * (to - from)
      leftCost = cost(left)
    } else {
      from = left
      left = right
      leftCost = rightCost
      right = from + golden * (to - from)
      rightCost = cost(right)
    }
  }
  const least = cost(lowest) <= Math.min(leftCost, rightCost) ? lowest : (from + to) / 2
  const cap = capFor(least)
  simplex.lower.set(lower)
  simplex.upper.set(upper)
  return cap
}
