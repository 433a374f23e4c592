import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { findLottery, type Wishes } from './lottery.ts'
import type { PooledProblem } from './problem.ts'
import { highs } from './programme.ts'
import { madePool, posed } from './testing.ts'

const five = 'id,age,place,home\na,child,S,1\nb,adult,S,2\nc,child,D,3\nd,child,D,3\ne,adult,D,1\n'
const fiveQuotas = 'feature,value,min,max\nage,child,1,2\nage,adult,1,2\nplace,S,1,2\nplace,D,1,2\n'
const seven =
  'id,sex,leaning\n1,man,liberal\n2,man,liberal\n3,man,liberal\n4,man,liberal\n5,man,conservative\n6,woman,liberal\n7,woman,conservative\n'
const sevenQuotas =
  'category,feature,min,max\nsex,woman,1,1\nsex,man,4,4\nleaning,liberal,4,4\nleaning,conservative,1,1\n'

test('five people, two seats: b has two thirds and everyone else a third', async () => {
  assert.deepEqual(await chances(posed(five, fiveQuotas, 2).problem), {
    a: 0.333333,
    b: 0.666667,
    c: 0.333333,
    d: 0.333333,
    e: 0.333333,
  })
})

test('when a and e share a home, and c and d another, only b with c or d can sit together', async () => {
  const { problem } = posed(five, fiveQuotas, 2, { household: ['home'] })
  assert.deepEqual(await chances(problem), { a: 0, b: 1, c: 0.5, d: 0.5, e: 0 })
})

test('two people who may not sit together never do', async () => {
  const { problem } = posed(five, fiveQuotas, 2, {}, { apart: [[0, 4]] })
  assert.deepEqual(await chances(problem), { a: 0, b: 1, c: 0.5, d: 0.5, e: 0 })
})

test('seven people, five seats: the lowest chance is a half', async () => {
  assert.deepEqual(await chances(posed(seven, sevenQuotas, 5).problem), {
    1: 0.875,
    2: 0.875,
    3: 0.875,
    4: 0.875,
    5: 0.5,
    6: 0.5,
    7: 0.5,
  })
})

test('nash gives the seven people the chances with the greatest product', async () => {
  const { problem } = posed(seven, sevenQuotas, 5)
  assert.deepEqual(await chances(problem, { objective: 'nash' }), {
    1: 0.857143,
    2: 0.857143,
    3: 0.857143,
    4: 0.857143,
    5: 0.571429,
    6: 0.571429,
    7: 0.428571,
  })
})

test('nash over panels that share homes is exact too', async () => {
  const { problem } = posed(five, fiveQuotas, 2, { household: ['home'] })
  assert.deepEqual(await chances(problem, { objective: 'nash' }), { a: 0, b: 1, c: 0.5, d: 0.5, e: 0 })
})

test('goldilocks lowers the highest chance where that costs the lowest little', async () => {
  const made = madePool(3, 200, 20, 4)
  const { problem } = posed(made.pool, made.quotas, 20)
  const [balanced, fairest] = await Promise.all([
    findLottery(problem, { objective: 'goldilocks' }),
    findLottery(problem),
  ])
  assert.ok(!('conflict' in balanced) && !('conflict' in fairest))
  assert.ok(balanced.certificate.optimal)
  const cost = (chance: Float64Array) => Math.max(...chance) * 10 + 0.1 / Math.min(...chance)
  assert.ok(cost(balanced.chance) <= cost(fairest.chance) + 1e-6)
})

test('a cap holds everyone’s chance at or below it', async () => {
  const { problem } = posed(
    seven,
    'feature,value,min,max\nsex,woman,0,2\nsex,man,2,5\nleaning,liberal,1,5\nleaning,conservative,0,2\n',
    3,
  )
  const lottery = await findLottery(problem, { cap: 0.45 })
  assert.ok(!('conflict' in lottery))
  assert.ok(Math.max(...lottery.chance) <= 0.45 + 1e-9)
})

test('a panel of the whole pool is certain for everyone', async () => {
  assert.deepEqual(
    Object.values(await chances(posed('id,f\na,x\nb,x\n', 'feature,value,min,max\nf,x,2,2\n', 2).problem)),
    [1, 1],
  )
  assert.deepEqual(
    Object.values(await chances(posed('id,f\na,x\n', 'feature,value,min,max\nf,x,0,1\n', 1).problem)),
    [1],
  )
})

test('on small pools the lottery is the leximin of all panels there are', async () => {
  await fc.assert(
    fc.asyncProperty(smallPool, async ({ people, quotas, size }) => {
      const text = `id,f,g,home\n${people.map(([f, g, home], i) => `${i},${f},${g},${home}`).join('\n')}\n`
      const { problem } = posed(text, `feature,value,min,max\n${quotas}`, size, { household: ['home'] })
      const expected = await leximinOfAll(problem)
      const lottery = await findLottery(problem)
      if (!expected) return assert.ok('conflict' in lottery, 'quotas that no panel meets are found to conflict')
      assert.ok(!('conflict' in lottery), 'quotas that a panel meets are not found to conflict')
      assert.ok(lottery.certificate.optimal)
      for (const [type, people] of problem.types.entries())
        for (const person of people.people)
          assert.ok(Math.abs(expected[person]! - lottery.chance[type]!) < 1e-6, `${expected} ${lottery.chance}`)
    }),
    { numRuns: 60, seed: 4 },
  )
})

test('pools made from seeds close without pricing, and every panel meets its quotas', async () => {
  for (const seed of [1, 2, 3]) {
    const made = madePool(seed, 300, 24, 5)
    const { problem } = posed(made.pool, made.quotas, 24)
    const lottery = await findLottery(problem)
    assert.ok(!('conflict' in lottery))
    assert.ok(lottery.certificate.optimal)
    assert.ok(lottery.certificate.gap <= 1e-7)
    assert.ok(lottery.certificate.raise <= 1e-6)
    for (const { counts } of lottery.panels)
      for (const [r, row] of problem.rows.entries()) {
        let sum = 0
        for (const [t, n] of counts)
          if (problem.rowIndex.subarray(problem.rowStart[t], problem.rowStart[t + 1]).includes(r)) sum += n
        assert.ok(sum >= row.lower && sum <= row.upper)
      }
  }
})

test('a selection stopped by its limit gives the best so far with its gap', async () => {
  const made = madePool(5, 300, 24, 5)
  const lottery = await findLottery(posed(made.pool, made.quotas, 24).problem, { timeLimit: 0.02 })
  if ('conflict' in lottery) return
  assert.ok(!lottery.certificate.optimal)
  assert.ok(lottery.certificate.gap > 0)
})

async function chances(problem: PooledProblem, wishes: Wishes = {}): Promise<Record<string, number>> {
  const lottery = await findLottery(problem, wishes)
  assert.ok(!('conflict' in lottery))
  assert.ok(lottery.certificate.optimal)
  const found: Record<string, number> = {}
  for (const [type, { people }] of problem.types.entries())
    for (const person of people) found[problem.pool.ids[person]!] = Math.round(lottery.chance[type]! * 1e6) / 1e6
  return found
}

const smallPool = fc
  .record({
    people: fc.array(
      fc.tuple(fc.constantFrom('x', 'y'), fc.constantFrom('u', 'v', 'w'), fc.integer({ min: 0, max: 5 })),
      {
        minLength: 3,
        maxLength: 9,
      },
    ),
    bounds: fc.array(fc.tuple(fc.integer({ min: 0, max: 2 }), fc.integer({ min: 0, max: 2 })), {
      minLength: 5,
      maxLength: 5,
    }),
    size: fc.integer({ min: 1, max: 4 }),
  })
  .filter(({ people, size }) => size <= people.length)
  .map(({ people, bounds, size }) => ({
    people,
    size,
    quotas: ['f,x', 'f,y', 'g,u', 'g,v', 'g,w']
      .map((name, i) => `${name},${bounds[i]![0]},${bounds[i]![0] + bounds[i]![1] + 1}`)
      .join('\n'),
  }))

// Every panel of people there is, then leximin the slow way: raise the lowest, and fix whoever cannot be raised alone.
async function leximinOfAll(problem: PooledProblem): Promise<number[] | undefined> {
  const { pool } = problem
  const people = pool.ids.length
  const panels: number[][] = []
  const visit = (from: number, chosen: number[]) => {
    if (chosen.length === problem.size) {
      const homes = chosen.map(person => pool.homes?.[person] ?? -1 - person)
      if (new Set(homes).size < homes.length) return
      for (const row of problem.rows) {
        if (row.kind !== 'quota' || !row.quota) continue
        const { feature, value, min, max } = row.quota
        const f = pool.features.indexOf(feature)
        const sum = chosen.filter(person => pool.values[f]![pool.codes[f]![person]!] === value).length
        if (sum < min || sum > max) return
      }
      panels.push([...chosen])
    } else for (let person = from; person < people; person++) visit(person + 1, [...chosen, person])
  }
  visit(0, [])
  if (!panels.length) return undefined
  const solver = await highs()
  const fixed = new Map<number, number>()
  const raise = (who: number[]) => {
    const columns = [...panels.map(panel => [...panel, people]), who]
    const starts = [0]
    for (const column of columns) starts.push(starts.at(-1)! + column.length)
    const model = solver.createModel({
      numCols: columns.length,
      numRows: people + 1,
      sense: solver.constants.objectiveSense.maximize,
      colCost: columns.map((_, i) => (i === panels.length ? 1 : 0)),
      colLower: columns.map(() => 0),
      colUpper: columns.map(() => 1),
      rowLower: [...Array.from({ length: people }, (_, person) => (fixed.get(person) ?? 0) - 1e-9), 1],
      rowUpper: [...Array.from({ length: people }, () => 1), 1],
      matrix: {
        format: 'csc',
        numRows: people + 1,
        numCols: columns.length,
        starts,
        indices: columns.flat(),
        values: columns.flatMap((column, i) => column.map(() => (i === panels.length ? -1 : 1))),
      },
    })
    model.options.set({ output_flag: false })
    model.run()
    const level = model.getObjectiveValue()
    model.dispose()
    return level
  }
  while (fixed.size < people) {
    const open = Array.from({ length: people }, (_, person) => person).filter(person => !fixed.has(person))
    const level = raise(open)
    const before = fixed.size
    for (const person of open) fixed.set(person, level)
    for (const person of open) {
      const others = open.filter(other => other !== person)
      for (const other of others) fixed.set(other, level)
      fixed.delete(person)
      if (raise([person]) <= level + 1e-6) fixed.set(person, level)
      else stuck.add(person)
    }
    for (const person of stuck) fixed.delete(person)
    stuck.clear()
    if (fixed.size === before) throw new Error('Nobody could be fixed.')
  }
  return Array.from({ length: people }, (_, person) => fixed.get(person)!)
}

const stuck = new Set<number>()
