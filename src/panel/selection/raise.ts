import type { Problem } from './problem.ts'
import type { Target } from './target.ts'

/**
 * The raise check: for the types of each level, a programme tries to raise them without lowering anyone at or below.
 * Returns the most that any chance can go up, with every bound as the target keeps it (3e-11 of a seat below its level);
 * the sum over a level bounds each of its types, and is split only where it is not small.
 */
export function raiseOf(problem: Problem, target: Target, cap: number, goOn: () => boolean): number {
  const { simplex, stages } = target
  const { count, most } = problem
  const types = count.length
  const held = Float64Array.from(simplex.lower.subarray(0, types))
  simplex.lower.fill(0, 0, types)
  for (let t = 0; t < types; t++) simplex.upper[t] = Math.min(most[t]!, cap * count[t]!)
  let worst = 0
  for (const stage of stages) {
    for (const t of stage.types) simplex.lower[t] = held[t]!
    const gain = new Float64Array(types)
    let level = 0
    for (const t of stage.types) {
      gain[t] = 1 / count[t]!
      level += held[t]! / count[t]!
    }
    simplex.repair()
    const together = simplex.maximise(gain) - level
    if (together <= 1e-7) worst = Math.max(worst, together)
    else
      for (const t of stage.types) {
        if (!goOn()) break
        const alone = new Float64Array(types)
        alone[t] = 1 / count[t]!
        worst = Math.max(worst, simplex.maximise(alone) - held[t]! / count[t]!)
      }
  }
  return worst
}
