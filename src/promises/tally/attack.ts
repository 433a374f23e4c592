import loadHighs from 'highs'

// The package's types are CommonJS and hide the function under `default`; what Node imports is the function itself.
const load = loadHighs as unknown as typeof loadHighs.default
let loading: ReturnType<typeof load> | undefined

function solverOf(): ReturnType<typeof load> {
  loading ??= load({ print: () => {}, printErr: () => {} })
  return loading
}

/** A table of counts: cells by index, totals among them, and the sums that every reader knows to hold. */
export interface Cells {
  counts: readonly number[]
  /** Each total is the sum of its parts. */
  sums: readonly { total: number; parts: readonly number[] }[]
}

/** What someone who reads the published cells can work out about the others. */
export interface Attacker {
  /** The least and the most that a cell which is not shown can be. */
  interval(cell: number): [number, number]
  end(): void
}

/**
 * An attacker who knows every shown cell exactly, that counts are not negative, that the sums hold, and the cells in
 * `knows`: two linear programmes a cell give what is left unknown (the audit of Willenborg and de Waal, 2001). What is
 * published is rounded besides, so a real reader knows less.
 */
export async function attacker(cells: Cells, hidden: ReadonlySet<number>, knows?: number): Promise<Attacker> {
  const solver = await solverOf()
  const n = cells.counts.length
  const isOpen = (cell: number) => hidden.has(cell) && cell !== knows
  const model = solver.createModel({
    numCols: n,
    numRows: cells.sums.length,
    sense: solver.constants.objectiveSense.minimize,
    colCost: new Float64Array(n),
    colLower: Float64Array.from(cells.counts, (count, cell) => (isOpen(cell) ? 0 : count)),
    colUpper: Float64Array.from(cells.counts, (count, cell) => (isOpen(cell) ? Number.POSITIVE_INFINITY : count)),
    rowLower: new Float64Array(cells.sums.length),
    rowUpper: new Float64Array(cells.sums.length),
    matrix: sumsMatrix(cells, n, cell => [[cell, 1]]),
  })
  model.options.set({ output_flag: false })
  const { optimal } = solver.constants.modelStatus
  const bound = (cell: number, cost: 1 | -1) => {
    model.changeColCost(cell, cost)
    model.run()
    const found = model.getModelStatus() === optimal ? (model.getSolution().colValue[cell] ?? 0) : undefined
    model.changeColCost(cell, 0)
    return found
  }
  return {
    interval: cell => {
      if (!isOpen(cell)) return [cells.counts[cell] ?? 0, cells.counts[cell] ?? 0]
      return [tidy(bound(cell, 1) ?? 0), tidy(bound(cell, -1) ?? Number.POSITIVE_INFINITY)]
    },
    end: () => model.dispose(),
  }
}

/**
 * The cheapest cells that can move together so that `cell` moves by `by` and every sum still holds: hiding them leaves
 * an attacker at least that far off (Kelly, Golden and Assad, 1992). Cells of infinite cost stay; undefined when the
 * cell cannot move.
 */
export async function movingWith(
  cells: Cells,
  cell: number,
  by: number,
  cost: (cell: number) => number,
): Promise<number[] | undefined> {
  const solver = await solverOf()
  const n = cells.counts.length
  const each = (of: (cell: number) => number) => [...cells.counts.keys()].map(of)
  const most = (one: number) => (cost(one) === Number.POSITIVE_INFINITY ? 0 : Number.POSITIVE_INFINITY)
  const price = (one: number) => (cost(one) === Number.POSITIVE_INFINITY ? 0 : cost(one))
  const up = each(one => (one === cell ? by : most(one)))
  const down = each(one => (one === cell ? 0 : Math.min(most(one), cells.counts[one] ?? 0)))
  const model = solver.createModel({
    numCols: 2 * n,
    numRows: cells.sums.length,
    sense: solver.constants.objectiveSense.minimize,
    colCost: Float64Array.from([...each(price), ...each(price)]),
    colLower: Float64Array.from({ length: 2 * n }, (_, column) => (column === cell ? by : 0)),
    colUpper: Float64Array.from([...up, ...down]),
    rowLower: new Float64Array(cells.sums.length),
    rowUpper: new Float64Array(cells.sums.length),
    matrix: sumsMatrix(cells, 2 * n, one => [
      [one, 1],
      [one + n, -1],
    ]),
  })
  model.options.set({ output_flag: false })
  try {
    model.run()
    if (model.getModelStatus() !== solver.constants.modelStatus.optimal) return undefined
    const moved = model.getSolution().colValue
    return [...cells.counts.keys()].filter(one => Math.abs((moved[one] ?? 0) - (moved[one + n] ?? 0)) > 1e-7)
  } finally {
    model.dispose()
  }
}

/** The sums as rows of a programme: parts less total is nought. `columns` says which columns stand for a cell. */
function sumsMatrix(cells: Cells, numCols: number, columns: (cell: number) => [number, number][]) {
  const starts = [0]
  const indices: number[] = []
  const values: number[] = []
  const add = (cell: number, sign: number) => {
    for (const [column, value] of columns(cell)) {
      indices.push(column)
      values.push(value * sign)
    }
  }
  for (const { total, parts } of cells.sums) {
    for (const part of parts) add(part, 1)
    add(total, -1)
    starts.push(indices.length)
  }
  return {
    format: 'csr' as const,
    numRows: cells.sums.length,
    numCols,
    starts: Int32Array.from(starts),
    indices: Int32Array.from(indices),
    values: Float64Array.from(values),
  }
}

function tidy(value: number): number {
  return Math.round(value * 1e6) / 1e6
}
