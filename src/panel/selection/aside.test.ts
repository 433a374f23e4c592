import assert from 'node:assert/strict'
import { test } from 'node:test'
import { findAside } from './aside.ts'
import type { Progress } from './lottery.ts'
import { findAndCommit } from './select.ts'
import { madePool, posed } from './testing.ts'

const made = madePool(21, 400, 30, 6)
const { problem } = posed(made.pool, made.quotas, 30)
const files = { pool: Buffer.from(made.pool), quotas: Buffer.from(made.quotas) }

test('a run in a thread of its own tells its progress and gives the same lottery to the bit', async () => {
  const steps: Progress[] = []
  const aside = await findAside({ problem, files, wishes: { salt: 's' } }, progress => steps.push(progress))
  const here = await findAndCommit(problem, files, { salt: 's' })
  assert.ok('lottery' in aside && 'lottery' in here)
  assert.equal(aside.prepared.commitment, here.prepared.commitment)
  assert.ok(steps.length > 0)
})

test('a cancelled run stops, draws nobody and leaves nothing running', async () => {
  const cancel = new AbortController()
  const run = findAside({ problem, files, wishes: {} }, () => cancel.abort(), cancel.signal)
  assert.deepEqual(await run, { stopped: true })
  assert.deepEqual(await findAside({ problem, files, wishes: {} }, undefined, AbortSignal.abort()), { stopped: true })
})

test('people who do not differ in what the selection reads are chosen alike, whatever else is permuted', async () => {
  const withColumns = (shift: number) => {
    const [heading, ...rows] = made.pool.trim().split('\n')
    const other = (i: number) => ['a', 'b', 'c'][(i + shift) % 3]
    return `${heading},ethnicity,adjustments\n${rows.map((row, i) => `${row},${other(i)},${other(i * 7)}`).join('\n')}\n`
  }
  const drawn = async (shift: number) => {
    const { problem } = posed(withColumns(shift), made.quotas, 30)
    const found = await findAndCommit(problem, files, { salt: 's' })
    assert.ok('lottery' in found)
    return found.prepared.commitment
  }
  assert.equal(await drawn(0), await drawn(1))
})
