import type { Problem } from './problem.ts'
import { bestPanelOf, type Highs } from './programme.ts'
import type { Stage } from './target.ts'

/** A lottery found by column generation, with what is proved of it. */
export type Exact = {
  panels: Int32Array[]
  probability: Float64Array
  stages: Stage[]
  /** Proved: nobody's lowest chance can be above `bound`; `raise` is by how much anyone's could still go up. */
  bound: number
  gap: number
  raise: number
  /** For each stage, weights on the chances of types whose weighted sum no panel takes above that of this lottery. */
  weights: [type: number, weight: number][][]
}

/**
 * Leximin over whole panels by column generation, for a target that no lottery attains: at each stage the master programme
 * raises the lowest chance over the panels at hand, and a whole-number programme looks for a panel that would raise it
 * further or proves that there is none (Flanigan, Gölz, Gupta, Hennig and Procaccia, Nature 596, 2021).
 * Null when no panel at all meets the quotas.
 */
export function leximinExactly(
  solver: Highs,
  problem: Problem,
  start: Int32Array[],
  cap: number,
  secondsLeft: () => number,
  onStage: (settled: number) => void = () => {},
): Exact | null | 'late' {
  const types = problem.count.length
  const pricing = bestPanelOf(solver, problem)
  const panels = start.slice()
  const seen = new Set(panels.map(panel => panel.join()))
  const open = new Uint8Array(types).fill(1)
  const fixed = new Float64Array(types)
  const stages: Stage[] = []
  let probability: Float64Array = new Float64Array(panels.length)
  let bound = 1
  let raise = 0
  const weights: Exact['weights'] = []
  try {
    if (!panels.length) {
      const any = pricing.find(new Float64Array(types), secondsLeft())
      if (any === null || any === 'late') return any
      panels.push(any.counts)
      seen.add(any.counts.join())
    }
    const master = masterOver(solver, problem, cap)
    try {
      for (const panel of panels) master.add(panel)
      let remaining = types
      while (remaining > 0) {
        master.stage(open, fixed)
        let answer = master.solve()
        let upper = 1
        for (;;) {
          const found = pricing.find(answer.gain, secondsLeft())
          if (found === null) throw new Error('A panel was at hand and the pricing programme says there is none.')
          if (found === 'late') {
            probability = answer.probability
            if (!stages.length) bound = Math.min(bound, upper)
            return {
              panels,
              probability,
              stages,
              bound,
              gap: stages.length ? 0 : Math.max(0, bound - answer.level),
              raise: bound,
              weights,
            }
          }
          upper = Math.min(upper, answer.level + Math.max(0, found.bound - answer.worth))
          if (found.value <= answer.worth + 1e-9 || seen.has(found.counts.join())) {
            raise = Math.max(raise, found.bound - answer.worth)
            break
          }
          seen.add(found.counts.join())
          panels.push(found.counts)
          master.add(found.counts)
          answer = master.solve()
        }
        if (!stages.length) bound = upper
        let tight: number[] = []
        for (let t = 0; t < types; t++) if (open[t] && answer.weight[t]! > 1e-6) tight.push(t)
        if (!tight.length) for (let t = 0; t < types; t++) if (open[t]) tight.push(t)
        tight = tight.sort((a, b) => a - b)
        for (const t of tight) {
          open[t] = 0
          fixed[t] = Math.max(0, answer.level - 1e-10)
        }
        remaining -= tight.length
        weights.push(
          [...answer.gain.keys()].flatMap(t =>
            answer.gain[t] ? [[t, answer.gain[t]! * problem.count[t]! * problem.weight[t]!] as [number, number]] : [],
          ),
        )
        stages.push({ chance: answer.level, types: tight, holding: [] })
        probability = answer.probability
        onStage(types - remaining)
      }
      return { panels, probability, stages, bound, gap: 0, raise: Math.max(0, raise), weights }
    } finally {
      master.end()
    }
  } finally {
    pricing.end()
  }
}

type Answer = { level: number; worth: number; gain: Float64Array; weight: Float64Array; probability: Float64Array }

// Rows: one a type (chance less level, or chance alone once settled), one for the sum of probabilities, one a type for a cap.
function masterOver(solver: Highs, problem: Problem, cap: number) {
  const types = problem.count.length
  const inf = solver.infinity
  const capped = cap < 1
  const rows = types + 1 + (capped ? types : 0)
  const model = solver.createModel()
  model.options.set({
    output_flag: false,
    solver: 'simplex',
    presolve: 'off',
    primal_feasibility_tolerance: 1e-10,
    dual_feasibility_tolerance: 1e-10,
  })
  model.changeObjectiveSense(solver.constants.objectiveSense.maximize)
  for (let r = 0; r < rows; r++) {
    const none = { indices: [], values: [] }
    if (r < types) model.addRow(0, inf, none)
    else if (r === types) model.addRow(1, 1, none)
    else model.addRow(-inf, cap, none)
  }
  const every = Int32Array.from({ length: types }, (_, t) => t)
  model.addCol(1, 0, 1, { indices: every, values: new Float64Array(types).fill(-1) })
  const over = capped ? 1 : 0
  if (capped)
    model.addCol(-1000, 0, inf, {
      indices: every.map(t => types + 1 + t),
      values: new Float64Array(types).fill(-1),
    })
  let count = 0
  return {
    add(panel: Int32Array) {
      const indices: number[] = []
      const values: number[] = []
      for (let t = 0; t < types; t++)
        if (panel[t]) {
          indices.push(t)
          values.push(panel[t]! / (problem.count[t]! * problem.weight[t]!))
        }
      indices.push(types)
      values.push(1)
      if (capped)
        for (let t = 0; t < types; t++)
          if (panel[t]) {
            indices.push(types + 1 + t)
            values.push(panel[t]! / problem.count[t]!)
          }
      model.addCol(0, 0, inf, { indices, values })
      count++
    },
    stage(open: Uint8Array, fixed: Float64Array) {
      for (let t = 0; t < types; t++) {
        model.changeCoefficient(t, 0, open[t] ? -1 : 0)
        model.changeRowBounds(t, open[t] ? 0 : fixed[t]!, inf)
      }
    },
    solve(): Answer {
      model.run()
      const { colValue, rowDual } = model.getSolution()
      const gain = new Float64Array(types)
      const weight = new Float64Array(types)
      for (let t = 0; t < types; t++) {
        weight[t] = Math.max(0, -rowDual[t]!)
        gain[t] = weight[t]! / (problem.count[t]! * problem.weight[t]!)
        if (capped) gain[t]! -= Math.max(0, rowDual[types + 1 + t]!) / problem.count[t]!
      }
      const probability = new Float64Array(count)
      let total = 0
      for (let i = 0; i < count; i++) total += probability[i] = Math.max(0, colValue[1 + over + i]!)
      for (let i = 0; i < count; i++) probability[i]! /= total
      return { level: colValue[0]!, worth: rowDual[types]!, gain, weight, probability }
    },
    end: () => model.dispose(),
  }
}
