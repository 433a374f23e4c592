import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openDesk } from '#test/desk.ts'
import { testHouse } from '#test/house.ts'
import { dorothy, grace, policyInForce } from '#test/settled.ts'
import { within } from '../house.ts'
import { everyField } from '../notice/datamap.ts'
import { purposes } from '../notice/purposes.ts'
import { sweep } from '../retention/sweep.ts'
import { registers } from './registers.ts'
import { registerRoutes } from './routes.ts'

const house = await testHouse()
await policyInForce(house)
const desk = await openDesk(house, [registerRoutes])
desk.as(dorothy)
const id = await within(house, { by: grace, for: 'administer the panel' }, async tx => {
  const made = await house.vault.begin(tx, grace, 'panel', '2026-12-01')
  await house.vault.put(tx, grace, 'panel', made, { name: 'Amina Okafor', email: 'amina@example.org' })
  return made
})

test('[N-15] [N-16] the record of processing has every purpose, with its basis, power and why it is necessary', async () => {
  const rows = (await within(
    house,
    { by: dorothy, for: 'exercise rights' },
    tx => registers.processing?.rows(tx, house, dorothy) ?? Promise.resolve([]),
  )) as string[][]
  assert.equal(rows.length, Object.keys(purposes).length)
  for (const row of rows) for (const at of [0, 1, 2, 3, 4, 11]) assert.ok(row[at], String(row[1]))
  const said = rows.map(row => row[6]).join('; ')
  for (const { rule } of everyField()) assert.ok(said.includes(rule.says), rule.says)
})

test('[N-39] [N-58] [N-62] no special category may go to a processor, and each processor is in its register', async () => {
  for (const { field, rule } of everyField()) if (rule.special) assert.deepEqual(rule.recipients, [], field)
  const { text } = await desk.get('/staff/protection/registers/processors')
  for (const name of ['Zoom', 'GovDelivery', 'mail service']) assert.ok(text.includes(name))
})

test('every register opens as a page and as a file, and says so when it is empty', async () => {
  for (const name of Object.keys(registers)) {
    assert.equal((await desk.get(`/staff/protection/registers/${name}`)).status, 200, name)
    assert.match(
      String((await desk.get(`/staff/protection/registers/${name}.csv`)).headers['content-type']),
      /text\/csv/,
    )
  }
  assert.match((await desk.get('/staff/protection/registers/certificates')).text, /There is nothing in it yet/)
  for (const wrong of ['nothing', 'processing.exe', 'constructor'])
    assert.equal((await desk.get(`/staff/protection/registers/${wrong}`)).status, 404)
})

test('[N-47] a hold stops the sweep until it is lifted; a hold without a date to look again is refused', async () => {
  const asked = { address: 'Amina@example.org', ground: 'legal matter', review: '2027-02-01' }
  assert.match(
    (await desk.post('/staff/protection/holds', { ...asked, review: 'later' })).text,
    /Enter the date to look again/,
  )
  assert.match(
    (await desk.post('/staff/protection/holds', { ...asked, review: '2026-01-01' })).text,
    /must be in the future/,
  )
  assert.match(
    (await desk.post('/staff/protection/holds', { ...asked, address: 'nobody@example.org' })).text,
    /No living record/,
  )
  assert.equal((await desk.post('/staff/protection/holds', asked)).status, 303)
  house.clock.set('2026-12-05T03:20:00Z')
  assert.equal((await sweep(house.reach)).ended, 0)
  assert.match((await desk.get('/staff/protection/registers/holds')).text, /legal matter/)
  await desk.post('/staff/protection/holds/lifted', { dossier: id, ground: 'legal matter' })
  assert.equal((await sweep(house.reach)).ended, 1)
})
