import loadHighs from 'highs'
import type { Problem } from './problem.ts'

// The package's types are CommonJS and hide the function under `default`; what Node imports is the function itself.
const load = loadHighs as unknown as typeof loadHighs.default

export type Highs = Awaited<ReturnType<typeof load>>

let loading: Promise<Highs> | undefined

/** The solver for whole-number programmes, loaded once when first needed; most selections never need it. */
export function highs(): Promise<Highs> {
  loading ??= load({ print: () => {}, printErr: () => {} })
  return loading
}

export type BestPanel = { counts: Int32Array; value: number; bound: number }

/**
 * The panel with the greatest sum of gain × count, with the proved bound on it; null when no panel keeps every row, and
 * "late" when the seconds given ended before either was shown.
 */
export function bestPanelOf(solver: Highs, problem: Problem) {
  const { optimal, infeasible, unboundedOrInfeasible } = solver.constants.modelStatus
  const types = problem.count.length
  const model = solver.createModel({
    numCols: types,
    numRows: problem.rows.length,
    sense: solver.constants.objectiveSense.maximize,
    colCost: new Float64Array(types),
    colLower: new Float64Array(types),
    colUpper: problem.most,
    rowLower: Float64Array.from(problem.rows, row => row.lower),
    rowUpper: Float64Array.from(problem.rows, row => row.upper),
    matrix: {
      format: 'csc',
      numRows: problem.rows.length,
      numCols: types,
      starts: problem.rowStart,
      indices: problem.rowIndex,
      values: new Float64Array(problem.rowIndex.length).fill(1),
    },
    integrality: new Int32Array(types).fill(solver.constants.variableType.integer),
  })
  model.options.set({ output_flag: false, mip_rel_gap: 0, mip_abs_gap: 1e-9, random_seed: 1 })
  return {
    find(gain: Float64Array, seconds: number): BestPanel | null | 'late' {
      model.changeColsCost({ kind: 'range', from: 0, to: types - 1 }, gain)
      model.options.set('time_limit', model.getRunTime() + Math.max(0.05, seconds))
      model.run()
      const status = model.getModelStatus()
      if (status === infeasible || status === unboundedOrInfeasible) return null
      if (status !== optimal) return 'late'
      const counts = Int32Array.from(model.getSolution().colValue, x => Math.round(x))
      let value = 0
      for (let t = 0; t < types; t++) value += gain[t]! * counts[t]!
      return { counts, value, bound: Number(model.info.get('mip_dual_bound')) }
    },
    end: () => model.dispose(),
  }
}
