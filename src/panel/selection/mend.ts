import type { Problem } from './problem.ts'
import { highs } from './programme.ts'
import { leximinTarget } from './target.ts'

/** One way to make quotas that conflict possible. `reach` counts the people who would then have a chance. */
export type Mend = {
  changes: { feature: string; value: string; bound: 'min' | 'max'; from: number; to: number }[]
  reach: number
  withinFlex: boolean
}

type Change = { row: number; bound: 'min' | 'max'; by: number }

/**
 * The smallest changes to the quotas that make a panel possible: first the smallest of all, then, for each quota it touches,
 * the smallest that leaves that one alone. Within the flex limits where that is possible, beyond them where it is not.
 */
export async function mendsOf(problem: Problem, seconds = 20): Promise<Mend[]> {
  const end = performance.now() + seconds * 1000
  for (const withinFlex of [true, false]) {
    const first = await smallest(problem, withinFlex, [], seconds)
    if (!first) continue
    const found = [first]
    for (const spared of first) {
      if (found.length > 4 || performance.now() > end) break
      const other = await smallest(problem, withinFlex, [spared], (end - performance.now()) / 1000)
      if (other && !found.some(known => spell(known) === spell(other))) found.push(other)
    }
    return found.map(changes => describe(problem, changes, withinFlex)).sort((a, b) => sizeOf(a) - sizeOf(b))
  }
  return []
}

const spell = (changes: Change[]) => changes.map(({ row, bound, by }) => `${row} ${bound} ${by}`).join()
const sizeOf = (mend: Mend) => mend.changes.reduce((sum, { from, to }) => sum + Math.abs(from - to), 0)

async function smallest(problem: Problem, withinFlex: boolean, spared: Change[], seconds: number) {
  const solver = await highs()
  const { rows, rowStart, rowIndex, most } = problem
  const inf = solver.infinity
  const types = most.length
  const model = solver.createModel()
  try {
    model.options.set({ output_flag: false, time_limit: Math.max(0.1, seconds), mip_rel_gap: 0, random_seed: 1 })
    for (const row of rows) {
      const none = { indices: [], values: [] }
      model.addRow(row.kind === 'quota' ? row.lower : row.lower, row.kind === 'quota' ? inf : row.upper, none)
      if (row.kind === 'quota') model.addRow(-inf, row.upper, none)
    }
    const at: number[] = []
    let next = 0
    for (const row of rows) {
      at.push(next)
      next += row.kind === 'quota' ? 2 : 1
    }
    for (let t = 0; t < types; t++) {
      const indices: number[] = []
      for (const r of rowIndex.subarray(rowStart[t], rowStart[t + 1])) {
        indices.push(at[r]!)
        if (rows[r]!.kind === 'quota') indices.push(at[r]! + 1)
      }
      model.addCol(0, 0, most[t]!, { indices, values: new Float64Array(indices.length).fill(1) })
      model.changeColIntegrality(t, solver.constants.variableType.integer)
    }
    const slack: Omit<Change, 'by'>[] = []
    for (const [r, row] of rows.entries()) {
      if (row.kind !== 'quota' || !row.quota) continue
      const { min, max, minFlex, maxFlex } = row.quota
      const down = withinFlex && minFlex !== undefined ? min - minFlex : min
      const up = withinFlex && maxFlex !== undefined ? maxFlex - max : problem.size
      for (const [bound, room, sign] of [
        ['min', down, 1],
        ['max', up, -1],
      ] as const) {
        const keep = spared.some(change => change.row === r && change.bound === bound)
        model.addCol(1, 0, keep ? 0 : Math.max(0, room), { indices: [at[r]! + (sign > 0 ? 0 : 1)], values: [sign] })
        model.changeColIntegrality(types + slack.length, solver.constants.variableType.integer)
        slack.push({ row: r, bound })
      }
    }
    model.run()
    if (model.getModelStatus() !== solver.constants.modelStatus.optimal) return null
    const { colValue } = model.getSolution()
    return slack.flatMap((change, i) => {
      const by = Math.round(colValue[types + i]!)
      return by > 0 ? [{ ...change, by }] : []
    })
  } finally {
    model.dispose()
  }
}

function describe(problem: Problem, changes: Change[], withinFlex: boolean): Mend {
  const rows = problem.rows.map(row => ({ ...row }))
  const told: Mend['changes'] = []
  for (const { row, bound, by } of changes) {
    const { quota } = rows[row]!
    if (bound === 'min') rows[row]!.lower -= by
    else rows[row]!.upper += by
    const from = quota![bound]
    told.push({
      feature: quota!.feature,
      value: quota!.value,
      bound,
      from,
      to: bound === 'min' ? from - by : from + by,
    })
  }
  const target = leximinTarget({ ...problem, rows })
  let reach = 0
  if (!('conflict' in target)) for (const [t, x] of target.expected.entries()) if (x > 1e-9) reach += problem.count[t]!
  return { changes: told, reach, withinFlex }
}
