import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openPostgres } from '#src/platform/database/database.ts'
import { testHouse } from '#test/house.ts'
import { whyNotLive } from './live.ts'

const house = await testHouse()

test('live mode refuses the demo’s master key, and a session user whom row-level security does not bind', async () => {
  assert.deepEqual(await whyNotLive({ ...house, masters: { ...house.masters, demo: false } }), [])
  assert.match((await whyNotLive(house)).join(), /master key file was made by the demo/)
  const owner = await openPostgres(house.ownerUrl)
  try {
    const faults = await whyNotLive({ ...house, masters: { ...house.masters, demo: false }, db: owner.db })
    assert.match(faults.join(), /as a superuser/)
    assert.match(faults.join(), /as the owner/)
  } finally {
    await owner.close()
  }
})
