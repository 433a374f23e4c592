import assert from 'node:assert/strict'
import { test } from 'node:test'
import { drawFrom, findAndCommit } from './select.ts'
import { madePool, posed } from './testing.ts'
import { verifyDraw } from './verify-draw.ts'

const made = madePool(11, 90, 10, 3)
const { problem } = posed(made.pool, made.quotas, 10)
const used = { pool: Buffer.from(made.pool), quotas: Buffer.from(made.quotas) }

async function published(wishes: { panels?: number; number?: number; seed: string }) {
  const found = await findAndCommit(problem, used, { salt: 'grain', reserves: 4, ...wishes })
  assert.ok('lottery' in found)
  const { draw, selection } = drawFrom(found, { reserves: 4, ...wishes }, 0)
  const files = { lottery: found.prepared.text, commitment: found.prepared.commitment, draw: JSON.stringify(draw) }
  return { files, draw, selection, found }
}

test('anyone can verify a draw from the published files, which name nobody and no feature', async () => {
  const { files } = await published({ seed: 'balls 4 8 15' })
  assert.deepEqual(verifyDraw(files), [])
  for (const secret of ['p17', 'v1', 'f0']) assert.ok(!`${files.lottery}${files.draw}`.includes(secret))
})

test('another seed, another lottery, another salt and another announcement are all found out', async () => {
  const { files, draw } = await published({ seed: 'balls 4 8 15' })
  const with_ = (change: object) => verifyDraw({ ...files, draw: JSON.stringify({ ...draw, ...change }) })
  assert.notDeepEqual(with_({ seed: 'balls 4 8 16' }), [])
  assert.notDeepEqual(with_({ salt: 'pepper' }), [])
  assert.notDeepEqual(with_({ pool: draw.quotas }), [])
  assert.notDeepEqual(with_({ selected: draw.selected.slice(1) }), [])
  assert.notDeepEqual(with_({ reserves: [...draw.reserves].reverse() }), [])
  assert.notDeepEqual(verifyDraw({ ...files, lottery: files.lottery.replace('0.', '0.1') }), [])
})

test('a draw from numbered panels is the panel that the dice gave', async () => {
  const { files, draw, found } = await published({ seed: 'dice', panels: 100, number: 42 })
  assert.equal(draw.panel, 41)
  assert.deepEqual(verifyDraw(files, 42), [])
  assert.notDeepEqual(verifyDraw(files, 43), [])
  assert.ok(found.numbered)
  assert.equal(found.numbered.length, 100)
})

test('a hundred numbered panels are proper ones and keep every type’s chance within one panel', async () => {
  const { found } = await published({ seed: 'dice', panels: 100 })
  const { lottery, numbered = [] } = found
  const seats = new Float64Array(problem.count.length)
  for (const people of numbered) {
    const counts = new Int32Array(problem.count.length)
    for (const person of people) counts[problem.typeOf[person]!]! += 1
    for (const [t, count] of counts.entries()) seats[t]! += count
    for (const [r, row] of problem.rows.entries()) {
      let sum = 0
      for (const [t, count] of counts.entries())
        if (problem.rowIndex.subarray(problem.rowStart[t], problem.rowStart[t + 1]).includes(r)) sum += count
      assert.ok(sum >= row.lower && sum <= row.upper)
    }
  }
  for (const [t, chance] of lottery.chance.entries())
    assert.ok(Math.abs(seats[t]! - 100 * chance * problem.count[t]!) <= 1 + 1e-9)
})

test('the same seed gives the same panel whoever draws it', async () => {
  const once = await published({ seed: 'same' })
  const again = await published({ seed: 'same' })
  assert.deepEqual(once.selection.selected, again.selection.selected)
  assert.deepEqual(once.selection.reserves, again.selection.reserves)
})
