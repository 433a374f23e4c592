import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openSite } from '#src/app.ts'
import { routesTable } from '#src/platform/web/server.ts'
import { testSite } from '#test/site.ts'

const site = await testSite()

test('in the demo one press makes you a member of staff or a resident, and no one else', async () => {
  const grace = await site.staff('Grace')
  assert.match((await grace.get('/staff')).text, /Today/)
  const amina = await site.staff('Amina')
  assert.match((await amina.get('/me')).text, /Hello, Amina Okafor/)
  assert.equal((await amina.get('/staff')).status, 403)
  const nobody = { who: '00000000-0000-4000-8000-000000000000' }
  assert.equal((await site.visitor().send('/demo', nobody)).status, 404)
})

test('in live mode there is no such page at all', async () => {
  const live = await openSite({ ...site.house, config: { ...site.house.config, mode: 'live' } }, { log: false })
  assert.deepEqual(
    routesTable(live).filter(line => line.includes('/demo')),
    [],
  )
  assert.equal((await live.inject('/demo')).statusCode, 404)
  await live.close()
})
