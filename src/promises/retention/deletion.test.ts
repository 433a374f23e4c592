import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openDesk } from '#test/desk.ts'
import { testHouse } from '#test/house.ts'
import { dorothy } from '#test/settled.ts'
import { within } from '../house.ts'
import { system } from '../notice/actor.ts'
import { retentionRoutes } from './routes.ts'
import { sweep } from './sweep.ts'

const house = await testHouse()
const desk = await openDesk(house, [retentionRoutes])
desk.as(dorothy)
const page = '/staff/protection/deletion'

test('[N-47] after a restore deletion waits until the data protection officer has looked', async () => {
  assert.doesNotMatch((await desk.get(page)).text, /waits since/)
  const by = system('test')
  await within(house, { by, for: 'store' }, async tx => {
    await house.vault.begin(tx, by, 'inbox', '2026-11-23')
    const pause = { since: house.clock.now(), reason: 'the main data was restored', lifted_at: null, lifted_by: null }
    await tx.insertInto('sweep_pause').values(pause).execute()
  })
  const { text } = await desk.get(page)
  assert.match(text, /waits since 9am on 23 November 2026, because the main data was restored/)
  assert.match(text, /Received items that end tonight<\/dt><dd[^>]*>1</)
  assert.equal((await sweep(house.reach)).waits, true)
  await desk.post(page)
  assert.doesNotMatch((await desk.get(page)).text, /waits since/)
  assert.equal((await sweep(house.reach)).ended, 1)
})
