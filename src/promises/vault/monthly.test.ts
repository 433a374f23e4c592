import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testHouse } from '#test/house.ts'
import { within } from '../house.ts'
import { system } from '../notice/actor.ts'
import { monthOfKeys } from './monthly.ts'

test('[N-48] the master key changes each month, and an old one goes once no copy of the key store needs it', async () => {
  const house = await testHouse({ now: '2026-11-23T09:00:00Z' })
  const by = system('test')
  const id = await within(house, { by, for: 'administer the panel' }, async tx => {
    const made = await house.vault.begin(tx, by, 'panel', '2030-01-01')
    await house.vault.put(tx, by, 'panel', made, { name: 'Amina Okafor' })
    return made
  })
  const first = house.masters.currentId()
  house.clock.set('2026-12-01T03:00:00Z')
  assert.deepEqual(await monthOfKeys(house), [])
  house.clock.set('2026-12-31T03:00:00Z')
  assert.deepEqual(await monthOfKeys(house), [], 'a copy of 30 November may still be there')
  house.clock.set('2027-01-02T03:00:00Z')
  assert.deepEqual(await monthOfKeys(house), [first])
  assert.deepEqual(house.masters.ids(), ['2026-12-01', '2026-12-31', '2027-01-02'])
  const ask = { by, for: 'exercise rights', fields: ['name'] } as const
  const opened = await within(house, ask, tx => house.vault.open(tx, 'panel', ask, [id]))
  assert.deepEqual(opened, [{ id, name: 'Amina Okafor' }])
})
