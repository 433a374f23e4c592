import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { diceOf, inFives } from './effect.ts'

const groups = fc.array(fc.tuple(fc.nat(60), fc.nat(60)), { minLength: 1, maxLength: 9 }).map(counts =>
  counts.flatMap(([chosen, left], at) => {
    const all = chosen + left
    return all ? [{ words: `group ${at}`, all, chosen }] : []
  }),
)
const of = (seed: string) => ({ all: diceOf(seed, ['everyone']), chosen: diceOf(seed, ['some']) })
const sum = (rows: readonly { all: number; chosen: number }[]) =>
  rows.reduce((so, { all, chosen }) => ({ all: so.all + all, chosen: so.chosen + chosen }), { all: 0, chosen: 0 })

test('counts by group are in fives, none is off by more than six, and small choices show no group', () => {
  fc.assert(
    fc.property(groups, fc.uuid(), (rows, seed) => {
      const shown = inFives(rows, of(seed))
      const { all, chosen } = sum(rows)
      if ([all, chosen, all - chosen].some(count => count > 0 && count < 10)) assert.deepEqual(shown, [])
      for (const row of shown) {
        const apart = rows.find(one => one.words === row.words)
        const true_ = apart ?? sum(rows.filter(one => !shown.some(({ words }) => words === one.words)))
        assert.ok(true_.all >= 10)
        const [applied, taken] = [Number(row.all), row.chosen === 'few or none' ? 0 : Number(row.chosen)]
        assert.ok(applied % 5 === 0 && taken % 5 === 0 && taken <= applied)
        assert.ok(Math.abs(applied - true_.all) <= 6)
        assert.ok(taken - true_.chosen <= 6 && true_.chosen - taken <= 12) // never more than applied, itself off by six
      }
    }),
    { numRuns: 500 },
  )
})

test('which groups stand apart does not hang on the rule', () => {
  fc.assert(
    fc.property(groups, fc.nat(60), fc.uuid(), (rows, moved, seed) => {
      const other = rows.map(row => ({ ...row, chosen: Math.min(row.all, moved) }))
      const [one, two] = [inFives(rows, of(seed)), inFives(other, of(`${seed}x`))]
      if (one.length && two.length)
        assert.deepEqual(
          one.map(row => row.words),
          two.map(row => row.words),
        )
    }),
  )
})

test('two rules that differ by one person tell nobody which groups that person is in', () => {
  // One of 40 women is left out by the second rule. Whoever compares the two pages says: the group that went down.
  const rows = (women: number) => [
    { words: 'Woman', all: 40, chosen: women },
    { words: 'Man', all: 40, chosen: 20 },
  ]
  let [right, wrong] = [0, 0]
  for (let round = 0; round < 4000; round++) {
    const dice = (rule: string) => ({ all: diceOf(`${round}`, ['everyone']), chosen: diceOf(`${round}`, [rule]) })
    const [before, after] = [inFives(rows(20), dice('one')), inFives(rows(19), dice('two'))]
    const down = (at: number) => Number(before[at]?.chosen) - Number(after[at]?.chosen)
    if (down(1) > down(0))
      right++ // rows stand by name: men first
    else if (down(1) < down(0)) wrong++
  }
  assert.ok(wrong > 1000, 'the guess is often wrong')
  assert.ok(right / (right + wrong) < 0.65, 'and hardly better than a coin')
})

test('the same choice shows the same counts however often it is looked at', () => {
  const rows = [{ words: 'Woman', all: 44, chosen: 21 }]
  assert.deepEqual(inFives(rows, of('a')), inFives(rows, of('a')))
})
