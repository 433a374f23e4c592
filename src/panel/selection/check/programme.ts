import loadHighs from 'highs'
import type { Row } from './rows.ts'

// The package's types are CommonJS and hide the function under `default`; what Node imports is the function itself.
const load = loadHighs as unknown as typeof loadHighs.default

/** Seats of each type between bounds, with every row kept: what a programme over them can reach at most. */
export type Programme = {
  /** Bounds of the seats of one type. */
  bound(type: number, lower: number, upper: number): void
  /** The most that the sum of gain × seats can be, by a proved bound; “none” when nothing keeps every row. */
  most(gain: Float64Array): number | 'none' | 'unsure'
  end(): void
}

/** A programme over the rows, with at most `upper` seats of each type; in whole seats, or in any. */
export async function programmeOver(rows: Row[], upper: Float64Array, whole: boolean): Promise<Programme> {
  const solver = await load({ print: () => {}, printErr: () => {} })
  const types = upper.length
  const starts = [0]
  const indices: number[] = []
  for (let t = 0; t < types; t++) {
    for (const [r, row] of rows.entries()) if (row.types.has(t)) indices.push(r)
    starts.push(indices.length)
  }
  const model = solver.createModel({
    numCols: types,
    numRows: rows.length,
    sense: solver.constants.objectiveSense.maximize,
    colCost: new Float64Array(types),
    colLower: new Float64Array(types),
    colUpper: upper,
    rowLower: Float64Array.from(rows, row => row.lower),
    rowUpper: Float64Array.from(rows, row => row.upper),
    matrix: { format: 'csc', numRows: rows.length, numCols: types, starts, indices, values: indices.map(() => 1) },
  })
  model.options.set({ output_flag: false, primal_feasibility_tolerance: 1e-10, dual_feasibility_tolerance: 1e-10 })
  if (whole) {
    for (let t = 0; t < types; t++) model.changeColIntegrality(t, solver.constants.variableType.integer)
    model.options.set({ mip_rel_gap: 0, mip_abs_gap: 1e-9 })
  }
  return {
    bound: (type, lower, most) => void model.changeColBounds(type, lower, most),
    most(gain) {
      model.changeColsCost({ kind: 'range', from: 0, to: types - 1 }, gain)
      model.run()
      const status = model.getModelStatus()
      if (status === solver.constants.modelStatus.infeasible) return 'none'
      if (status !== solver.constants.modelStatus.optimal) return 'unsure'
      return whole ? Number(model.info.get('mip_dual_bound')) : model.getObjectiveValue()
    },
    end: () => model.dispose(),
  }
}
