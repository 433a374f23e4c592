import assert from 'node:assert/strict'
import { test } from 'node:test'
import { replaceLandlords } from '#src/panel/recruitment/landlords/landlords.ts'
import { createRound } from '#src/panel/recruitment/round.ts'
import { within } from '#src/promises/house.ts'
import { system } from '#src/promises/notice/actor.ts'
import { testHouse } from '#test/house.ts'
import { plan } from '#test/round.ts'
import { grace, noticeNow } from '#test/settled.ts'
import { invite } from './accounts.ts'
import { firstRoundItems, missingRoleItems } from './set-up-items.ts'

const house = await testHouse()
const by = system('test')
const seen = (items: { text: string }[]) => items.map(item => item.text.replace(/:.*/, ''))

test('a new service tells its administrator whom to invite, until they are invited', async () => {
  await within(house, { by, for: 'administer the panel' }, async tx => {
    assert.deepEqual(seen(await missingRoleItems(tx)), ['Invite a data protection officer', 'Invite a panel officer'])
    await invite(tx, house, by, { name: 'Dora Dane', email: 'dora@panel.example', roles: ['dpo'] })
    assert.deepEqual(seen(await missingRoleItems(tx)), ['Invite a panel officer'])
  })
})

test('a new service tells its officers to plan the first round and load the landlords, until both are done', async () => {
  await noticeNow(house)
  await within(house, { by, for: 'administer the panel' }, async tx => {
    assert.deepEqual(seen(await firstRoundItems(tx)), ['Plan the first round', 'Load the list of member landlords'])
    await replaceLandlords(tx, house, grace, ['Alder Homes'])
    await createRound(tx, house, grace, plan())
    assert.deepEqual(await firstRoundItems(tx), [])
  })
})
