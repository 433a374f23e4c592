import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openDesk } from '#test/desk.ts'
import { testHouse } from '#test/house.ts'
import { dorothy, grace, policyInForce } from '#test/settled.ts'
import { within } from '../house.ts'
import { everyField } from '../notice/datamap.ts'
import { purposes } from '../notice/purposes.ts'
import { noticeRoutes } from '../publishing/routes.ts'
import { sweep } from '../retention/sweep.ts'
import { registers } from './registers.ts'
import { registerRoutes } from './routes.ts'

const house = await testHouse()
await policyInForce(house)
const desk = await openDesk(house, [registerRoutes, noticeRoutes])
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

test('[N-39] [N-58] no special category may go to a processor, and each processor is in its register', async () => {
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

test('a register is taken as a page to keep, whole in itself, with the same rows as its file', async () => {
  for (const name of Object.keys(registers)) {
    const { text, headers } = await desk.get(`/staff/protection/registers/${name}.html`)
    assert.match(String(headers['content-disposition']), new RegExp(`filename="${name}-2026-11-23.html"`))
    assert.match(text, /^<!doctype html>/)
    assert.doesNotMatch(text, /<script|<link|src=/, 'nothing is fetched to read it')
    const rows = (await desk.get(`/staff/protection/registers/${name}.csv`)).text.trim().split('\n').length - 1
    if (name !== 'breaches') assert.equal([...text.matchAll(/<tr/g)].length - (rows ? 1 : 0), rows, name)
  }
})

test('[N-18] the policy document says how each principle is kept, what stops when it lapses, and stays as it was approved', async () => {
  desk.as(dorothy)
  const approve = { reviewBy: '2027-11-01', condition: 'sch1-para6', lapse: 'none' }
  assert.equal((await desk.post('/staff/protection/policy', approve)).status, 303)
  const page = (await desk.get('/staff/protection/policy')).text
  assert.match(page, /Adjustments already agreed are not read either/)
  assert.doesNotMatch(page, /has changed since this document was approved/)
  const { text } = await desk.get('/staff/protection/registers/policy.csv')
  for (const point of ['a', 'b', 'c', 'd', 'e', 'f']) assert.ok(text.includes(`5(1)(${point})`), point)
  assert.match(text, /Document 2,State,In force/)
  assert.match(text, /Document 1,State,Followed by a later one/)
  const other = JSON.stringify([{ part: 'Old', says: 'What the program said once.' }])
  await within(house, { by: dorothy, for: 'store' }, tx =>
    tx.updateTable('policy_document').set({ said: other }).where('review_by', '=', '2027-11-01').execute(),
  )
  assert.match((await desk.get('/staff/protection/policy')).text, /has changed since this document was approved/)
  assert.match((await desk.get('/staff/protection/registers/policy')).text, /What the program said once/)
})

test('[N-47] a hold for a named matter stops the sweep until it is lifted; what is missing is said in a sentence', async () => {
  const page = '/staff/protection/holds'
  const asked = { whose: 'Amina@example.org', matter: 'LEGAL-2026/114', review: '2027-02-01' }
  const refused = async (values: object) => (await desk.post(page, { ...asked, ...values })).text
  assert.match(await refused({ review: 'later' }), /Enter the day on which to look again/)
  assert.match(await refused({ review: '2026-01-01' }), /must be in the future/)
  assert.match(await refused({ matter: 'Amina v. her landlord' }), /Enter the reference of the matter/)
  assert.match(await refused({ whose: 'nobody@example.org' }), /No living record/)
  for (const twice of [1, 2]) assert.equal((await desk.post(page, asked)).status, 303, String(twice))
  const other = { ...asked, whose: id, matter: 'LEGAL-2026/115' }
  assert.equal((await desk.post(page, other)).status, 303)
  const shown = (await desk.get(page)).text
  assert.equal([...shown.matchAll(/Legal matter LEGAL-2026\/114/g)].length, 1, 'pressed twice, placed once')
  assert.match(shown, /the deletion on 1 December 2026/)
  house.clock.set('2026-12-05T03:20:00Z')
  assert.equal((await sweep(house.reach)).ended, 0)
  assert.match((await desk.get('/staff/protection/registers/holds')).text, /LEGAL-2026\/114/)
  const holdOf = async (matter: string) =>
    /name="hold" value="(\d+)"/.exec((await desk.get(page)).text.split(`Legal matter ${matter}`)[1] ?? '')?.[1] ?? ''
  await desk.post(`${page}/lifted`, { hold: await holdOf('LEGAL-2026/114') })
  assert.equal((await sweep(house.reach)).ended, 0, 'the other matter still holds it')
  await desk.post(`${page}/lifted`, { hold: await holdOf('LEGAL-2026/115') })
  assert.equal((await desk.post(`${page}/lifted`, { hold: '4711' })).status, 404)
  assert.equal((await sweep(house.reach)).ended, 1)
})

test('[N-47] a hold stands at once and is approved by a second person, or after 24 hours by the one who placed it', async () => {
  house.clock.set('2026-11-23T09:00:00Z')
  await within(house, { by: grace, for: 'administer the panel' }, async tx => {
    const made = await house.vault.begin(tx, grace, 'panel', '2027-03-01')
    await house.vault.put(tx, grace, 'panel', made, { name: 'Dev Patel', email: 'dev@example.org' })
  })
  const page = '/staff/protection/holds'
  const place = (matter: string) => desk.post(page, { whose: 'dev@example.org', matter, review: '2027-02-01' })
  await place('L-1')
  const hold = /name="hold" value="(\d+)"/.exec((await desk.get(page)).text)?.[1] ?? ''
  const early = await desk.post(`${page}/approval`, { hold })
  assert.equal(early.status, 422)
  assert.match(early.text, /another person of data protection approves it, or you do from 9am on 24 November 2026/)
  desk.as({ ...dorothy, id: 'b5a1c9f2-0000-4000-8000-00000000000a' })
  assert.equal((await desk.post(`${page}/approval`, { hold })).status, 303)
  assert.doesNotMatch((await desk.get(page)).text, /Waits for approval/)
  desk.as(dorothy)
  await place('L-2')
  house.clock.set('2026-11-24T09:00:00Z')
  const text = (await desk.get(page)).text.split('Legal matter L-2')[1] ?? ''
  const second = /name="hold" value="(\d+)"/.exec(text)?.[1] ?? ''
  assert.equal((await desk.post(`${page}/approval`, { hold: second })).status, 303)
  const acts = await within(house, { by: dorothy, for: 'store' }, tx =>
    tx.selectFrom('ledger_entry').select('act').where('act', 'like', 'hold approved%').orderBy('id').execute(),
  )
  assert.deepEqual(
    acts.map(one => one.act),
    ['hold approved', 'hold approved alone'],
  )
})
