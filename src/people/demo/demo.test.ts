import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openSite } from '#src/app.ts'
import { routesTable } from '#src/platform/web/server.ts'
import { testSite } from '#test/site.ts'

const site = await testSite({ seated: 6 })

test('in the demo one press makes you a member of staff or a resident, and no one else', async () => {
  const grace = await site.staff('Grace')
  assert.match((await grace.get('/staff')).text, /Today/)
  const amina = await site.staff('Amina')
  assert.match((await amina.get('/me')).text, /Hello, Amina Okafor/)
  assert.equal((await amina.get('/staff')).status, 403)
  const nobody = { who: '00000000-0000-4000-8000-000000000000' }
  assert.equal((await site.visitor().send('/demo', nobody)).status, 404)
})

test('in the demo a panel is in office: its members have their own pages, and nothing old is sent to them', async () => {
  const gwen = await site.staff('Gwen')
  assert.match((await gwen.get('/me')).text, /Hello, Gwen Pritchard[\s\S]*panel in office/)
  const list = (await (await site.staff('Grace')).get('/staff/members')).text
  assert.match(list, /6 in office/)
  assert.match(list, /Hassan Yusuf/)
  assert.deepEqual(
    (await site.letters()).filter(one => one.to === 'gwen@residents.example'),
    [],
  )
})

test('the menu says where you are', async () => {
  const grace = await site.staff('Grace')
  const marked = /<a[^>]*href="([^"]+)" aria-current="([a-z]+)"/
  assert.deepEqual(marked.exec((await grace.get('/staff/rounds')).text)?.slice(1), ['/staff/rounds', 'page'])
  assert.deepEqual(marked.exec((await grace.get('/staff/rounds/new')).text)?.slice(1), ['/staff/rounds', 'true'])
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
