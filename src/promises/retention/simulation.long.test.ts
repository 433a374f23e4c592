import assert from 'node:assert/strict'
import { test } from 'node:test'
import { simulate } from '#test/simulation.ts'

test('[N-47] through four years of daily life with 2,000 records none is past its date at any midnight', async () => {
  const { late, did } = await simulate({ days: 1461, people: 2000 })
  assert.deepEqual(late, [])
  assert.ok(did.born > 1500 && did.swept > 500)
})
