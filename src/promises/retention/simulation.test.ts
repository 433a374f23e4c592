import assert from 'node:assert/strict'
import { test } from 'node:test'
import { simulate } from '#test/simulation.ts'

test('[N-47] through ten months of daily life no record is past its date at any midnight', async () => {
  const { late, did } = await simulate({ days: 300, people: 150 })
  assert.deepEqual(late, [])
  for (const [what, count] of Object.entries(did)) assert.ok(count > 0, `${what} happened`)
})
