import { attacker, type Cells, movingWith } from './attack.ts'

export interface Rule {
  /** The least width of what an attacker is left with about a cell that is too small to show. */
  width: number
  /** The cells of one sum that are not shown hold at least this many people together. */
  together?: number
  /** Someone who is alone in a cell knows it; the others stay safe from them too. */
  loners?: boolean
  /** Cells that were shown before: they are public, and hiding them again hides nothing. */
  shown?: ReadonlySet<number>
}

/**
 * The cells not to show: those that are too small (`small`), and few others that keep an attacker from working them out.
 * Others are added by what they cost to hide, the people in them; then each is given back that is not needed. When
 * nothing keeps a small cell safe, no cell is shown.
 */
export async function protect(cells: Cells, small: Iterable<number>, rule: Rule): Promise<Set<number>> {
  const first = new Set(small)
  const hidden = new Set(first)
  for (;;) {
    const weak = await weakness(cells, first, hidden, rule)
    if (!weak) break
    const others = (await companions(cells, weak, hidden, rule)).filter(cell => !hidden.has(cell))
    if (!others.length) return new Set(cells.counts.keys())
    for (const cell of others) hidden.add(cell)
  }
  const added = [...hidden].filter(cell => !first.has(cell)).sort((a, b) => people(cells, b) - people(cells, a))
  for (const cell of added) {
    hidden.delete(cell)
    if (await weakness(cells, first, hidden, rule)) hidden.add(cell)
  }
  return hidden
}

/** A cell that is not safe yet: from whom (someone alone in a cell), and how much further off an attacker must be. */
type Weak = { sum: number } | { cell: number; knows: number | undefined; by: number }

async function weakness(
  cells: Cells,
  first: ReadonlySet<number>,
  hidden: ReadonlySet<number>,
  rule: Rule,
): Promise<Weak | undefined> {
  for (const [sum, { total, parts }] of cells.sums.entries()) {
    const unseen = parts.filter(part => hidden.has(part))
    if (!unseen.length || (unseen.length === parts.length && hidden.has(total))) continue
    if (unseen.reduce((all, part) => all + people(cells, part), 0) < (rule.together ?? 0)) return { sum }
  }
  const loners = rule.loners ? [...hidden].filter(cell => people(cells, cell) === 1) : []
  for (const knows of [undefined, ...loners]) {
    const reader = await attacker(cells, hidden, knows)
    try {
      for (const cell of first) {
        if (cell === knows) continue
        const [least, most] = reader.interval(cell)
        if (most - least < rule.width) return { cell, knows, by: rule.width - (people(cells, cell) - least) }
      }
    } finally {
      reader.end()
    }
  }
  return undefined
}

/** The cheapest cells to hide beside a weak one: totals only when nothing else is left. */
async function companions(cells: Cells, weak: Weak, hidden: ReadonlySet<number>, rule: Rule): Promise<number[]> {
  const totals = new Set(cells.sums.map(sum => sum.total))
  const cost = (cell: number) => {
    if (hidden.has(cell)) return 0
    if (rule.shown?.has(cell)) return Number.POSITIVE_INFINITY
    return 1 + people(cells, cell) + (totals.has(cell) ? 1e6 : 0)
  }
  if ('sum' in weak) {
    const sum = cells.sums[weak.sum]
    const open = sum ? [...sum.parts, sum.total].filter(cell => !hidden.has(cell) && !rule.shown?.has(cell)) : []
    return open.sort((a, b) => cost(a) - cost(b)).slice(0, 1)
  }
  const known = (cell: number) => (cell === weak.knows ? Number.POSITIVE_INFINITY : cost(cell))
  return (await movingWith(cells, weak.cell, weak.by, known)) ?? []
}

function people(cells: Cells, cell: number): number {
  return cells.counts[cell] ?? 0
}
