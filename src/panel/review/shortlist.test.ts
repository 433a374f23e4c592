import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { suppressed } from './shortlist.ts'

const groups = fc.array(
  fc
    .tuple(fc.nat(30), fc.nat(30))
    .filter(([chosen, left]) => chosen + left > 0)
    .map(([chosen, left]) => ({ all: chosen + left, chosen })),
  { minLength: 1, maxLength: 9 },
)

test('of no group a count from 1 to 4 can be read, or worked out from the sums', () => {
  fc.assert(
    fc.property(groups, counts => {
      const rows = counts.map((count, at) => ({ words: `group ${at}`, ...count }))
      const shown = suppressed(rows)
      const isSafe = (count: number) => count === 0 || count >= 5
      const sum = { all: 0, chosen: 0 }
      for (const { all, chosen } of shown) {
        for (const count of [Number(all), Number(chosen), Number(all) - Number(chosen)])
          assert.ok(isSafe(count), String(count))
        sum.all += Number(all)
        sum.chosen += Number(chosen)
      }
      // All who are counted stand in a row, so nothing is left over for the total to tell; or there is no row at all.
      const whole = { all: 0, chosen: 0 }
      for (const row of rows) {
        whole.all += row.all
        whole.chosen += row.chosen
      }
      if (!shown.length) return assert.ok([whole.all, whole.chosen, whole.all - whole.chosen].some(one => !isSafe(one)))
      assert.deepEqual(sum, whole)
      // Who is not named stands together with at least one group more.
      const named = new Set(shown.map(row => row.words))
      assert.notEqual(rows.filter(row => !named.has(row.words)).length, 1)
    }),
    { numRuns: 500 },
  )
})
