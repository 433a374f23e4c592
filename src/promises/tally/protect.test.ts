import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { attacker, type Cells } from './attack.ts'
import { protect } from './protect.ts'

/** A table with its margins: rows × columns, then row totals, column totals and the whole, as cells in reading order. */
function withMargins(inner: readonly (readonly number[])[]): Cells & { at(row: number, column: number): number } {
  const rows = inner.length
  const columns = inner[0]?.length ?? 0
  const sum = (all: readonly number[]) => all.reduce((a, b) => a + b, 0)
  const full = [...inner.map(row => [...row, sum(row)])]
  full.push(Array.from({ length: columns + 1 }, (_, c) => sum(full.map(row => row[c] ?? 0))))
  const at = (row: number, column: number) => row * (columns + 1) + column
  const range = (n: number) => Array.from({ length: n }, (_, i) => i)
  return {
    counts: full.flat(),
    sums: [
      ...range(rows + 1).map(r => ({ total: at(r, columns), parts: range(columns).map(c => at(r, c)) })),
      ...range(columns + 1).map(c => ({ total: at(rows, c), parts: range(rows).map(r => at(r, c)) })),
    ],
    at,
  }
}

async function interval(cells: Cells, hidden: Iterable<number>, cell: number): Promise<[number, number]> {
  const reader = await attacker(cells, new Set(hidden))
  try {
    return reader.interval(cell)
  } finally {
    reader.end()
  }
}

const simple = withMargins([
  [30, 47, 64, 89],
  [90, 124, 5, 31],
  [92, 100, 59, 85],
  [800, 991, 651, 685],
])
const [w, x, y, z] = [0, 1, 2, 3] as const
const [a, b, c, d] = [0, 1, 2, 3] as const
const small = [
  [w, a],
  [w, b],
  [w, c],
  [x, a],
  [x, c],
  [y, b],
  [y, d],
  [z, b],
  [z, d],
].map(([row, column]) => simple.at(row!, column!))

test('two cells a line are not enough: the attacker still finds one exactly, and one cell more hides it', async () => {
  assert.deepEqual(await interval(simple, small, simple.at(w, b)), [47, 47])
  assert.deepEqual(await interval(simple, [...small, simple.at(x, d)], simple.at(w, b)), [0, 78])
  const hidden = await protect(simple, small, { width: 1 })
  assert.equal(hidden.size, small.length + 1)
})

test('the fewest people are hidden beside a small cell', async () => {
  const table = withMargins([
    [18, 2],
    [14, 19],
    [12, 10],
    [11, 14],
  ])
  const hidden = await protect(table, [table.at(0, 1)], { width: 3 })
  assert.deepEqual([...hidden].sort(), [table.at(0, 1), table.at(0, 0), table.at(2, 0), table.at(2, 1)].sort())
})

test('someone who is alone in a cell does not work out the others', async () => {
  const line: Cells = { counts: [1, 2, 1, 4], sums: [{ total: 3, parts: [0, 1, 2] }] }
  const added = async (rule: object) => (await protect(line, [0, 2], { width: 1, ...rule })).size - 2
  assert.equal(await added({}), 0)
  assert.equal(await added({ loners: true }), 1)
  assert.equal(await added({ together: 3 }), 1)
  assert.equal(await added({ together: 5 }), 2)
})

test('where what was released earlier gives a small cell away, nothing of the new table is shown', async () => {
  // Of 24 people 20 were named before, and so was the whole: hiding them again would hide nothing.
  const line: Cells = { counts: [4, 20, 24], sums: [{ total: 2, parts: [0, 1] }] }
  const hidden = async (shown: number[]) => [...(await protect(line, [0], { width: 10, shown: new Set(shown) }))].sort()
  assert.deepEqual(await hidden([1, 2]), [0, 1, 2])
  assert.deepEqual(await hidden([1]), [0, 2], 'the whole is hidden instead of what is public')
  assert.deepEqual(await hidden([]), [0, 1], 'without an earlier release one neighbour is enough')
})

test('the audit gives the published bounds', async () => {
  // Totals 9, 7 and 16 down, 7 | 3 | 6 across; the two columns on the left are hidden.
  const table = withMargins([
    [3, 3, 3],
    [4, 0, 3],
  ])
  const hidden = [table.at(0, 0), table.at(0, 1), table.at(1, 0), table.at(1, 1)]
  assert.deepEqual(await interval(table, hidden, table.at(0, 0)), [3, 6])
})

test('whatever the counts, no small cell is left within reach of any reader', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(fc.integer({ min: 0, max: 60 }), { minLength: 3, maxLength: 3 }), {
        minLength: 2,
        maxLength: 5,
      }),
      async inner => {
        const table = withMargins(inner)
        const first = [...table.counts.keys()].filter(cell => table.counts[cell]! < 10)
        const hidden = await protect(table, first, { width: 10, loners: true })
        for (const knows of [undefined, ...[...hidden].filter(cell => table.counts[cell] === 1)]) {
          if (hidden.size === table.counts.length) continue
          const reader = await attacker(table, hidden, knows)
          for (const cell of first) {
            if (cell === knows) continue
            const [least, most] = reader.interval(cell)
            assert.ok(most - least >= 10 && least <= table.counts[cell]! && table.counts[cell]! <= most)
          }
          reader.end()
        }
      },
    ),
    { numRuns: 60 },
  )
})
