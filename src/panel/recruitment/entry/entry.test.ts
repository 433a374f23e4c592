import assert from 'node:assert/strict'
import { test } from 'node:test'
import { within } from '#src/promises/house.ts'
import { Refused } from '#src/promises/vault/vault.ts'
import { openDesk } from '#test/desk.ts'
import { testHouse } from '#test/house.ts'
import { openRoundNow } from '#test/round.ts'
import { grace } from '#test/settled.ts'
import { officerRoutes } from '../officer.ts'

const house = await testHouse()
const desk = await openDesk(house, [officerRoutes])
desk.as(grace)

const posted = {
  via: 'post',
  'received-day': '7',
  'received-month': '1',
  'received-year': '2027',
  notice: 'on the paper form',
  name: 'Winifred Oyelaran',
  channel: 'post',
  address: '12 Station Road\nLeeds',
  postcode: 'ls1 1aa',
  landlord: 'Alder Homes',
  tenancy: 'council-tenant',
  area: 'E08000035',
  ageRange: '75-and-over',
  answer1: 'I ran our tenants’ group for ten years.',
  needs: ['large-print', 'breaks'],
  needWords: 'Papers a week before',
  ethnicity: 'black-caribbean',
}

test('nothing can be entered before a round has opened', async () => {
  assert.match((await desk.get('/staff/applications/new')).text, /No round has been published yet/)
  assert.equal((await desk.post('/staff/applications/new', posted)).status, 422)
})

test('an officer enters a posted application with its true date; it is sent, and flagged by its landlord', async () => {
  await openRoundNow(house)
  const done = await desk.post('/staff/applications/new', posted)
  assert.equal(done.status, 303)
  const page = await desk.get(done.location)
  assert.match(page.text, /Its reference is RP-/)
  assert.match(page.text, /7 January 2027: Received by post/)
  assert.match(page.text, /Privacy notice version 1 given: on the paper form/)
  assert.match(page.text, /12 Station Road, Leeds, LS1 1AA/)
  assert.match(page.text, /The landlord is not on the list/)
  const letters = await within(house, { by: grace, for: 'administer the panel' }, tx =>
    tx.selectFrom('message').select(['template', 'channel']).execute(),
  )
  assert.deepEqual(letters, [{ template: 'application received', channel: 'letter' }])
})

test('[N-28] [N-29] ethnicity and adjustments that an officer typed in cannot be read back', async () => {
  const [row] = await within(house, { by: grace, for: 'administer the panel' }, tx =>
    tx.selectFrom('application').selectAll().execute(),
  )
  const id = row?.dossier_id ?? ''
  const page = await desk.get(`/staff/applications/${id}`)
  assert.doesNotMatch(page.text, /caribbean|large print|a week before/i)
  const raw = await within(house, { by: grace, for: 'administer the panel' }, tx =>
    tx.selectFrom('sealed_value').select('field').where('field', 'in', ['ethnicity', 'adjustments']).execute(),
  )
  assert.deepEqual(raw, [])
  await assert.rejects(
    within(house, { by: grace, for: 'exercise rights' }, tx =>
      house.vault.open(tx, 'panel', { by: grace, for: 'exercise rights', fields: ['ethnicity', 'adjustments'] }, [id]),
    ),
    Refused,
  )
  const by = { id, roles: ['resident'], own: [id] } as const
  await within(house, { by, for: 'exercise rights' }, async tx => {
    const ask = { by, for: 'exercise rights', fields: ['ethnicity', 'adjustments'] } as const
    const [own] = await house.vault.open(tx, 'panel', ask, [id])
    assert.equal(own?.ethnicity?.reveal(), 'black-caribbean')
    assert.match(own?.adjustments?.reveal() ?? '', /large-print/)
  })
})

test('pressing save twice, or going back and pressing it again, enters the application once', async () => {
  const page = await desk.get('/staff/applications/new')
  const once = /name="once" value="([^"]+)"/.exec(page.text)?.[1] ?? ''
  const sent = { ...posted, name: 'Twice Pressed', once }
  const [first, second] = await Promise.all([
    desk.post('/staff/applications/new', sent),
    desk.post('/staff/applications/new', sent),
  ])
  assert.equal(first.status, 303)
  assert.equal(second.location, first.location)
  assert.equal((await desk.post('/staff/applications/new', sent)).location, first.location)
})

test('[N-03] the notice was given when the application came, not when it was typed', async () => {
  const [row] = await within(house, { by: grace, for: 'administer the panel' }, tx =>
    tx.selectFrom('application').select(['notice_given_at', 'notice_given_how']).orderBy('started_at').execute(),
  )
  assert.equal(row?.notice_given_at.toISOString(), '2027-01-07T00:00:00.000Z')
  assert.equal(row?.notice_given_how, 'on the paper form')
})

test('a form takes what people paste: Word’s quotes, emoji, right-to-left and combining letters, no null byte', async () => {
  const name = 'شيماء Żółć 👩🏽‍🦽 Nóra'
  const word = '“We’ve waited – 9 weeks…”\u00a0\u200b\r\n•\tfirst'
  const done = await desk.post('/staff/applications/new', { ...posted, name: `${name}\u0000`, answer1: word })
  const page = await desk.get(done.location)
  assert.ok(page.text.includes(name.normalize('NFC')))
  assert.match(page.text, /“We’ve waited – 9 weeks…”/)
  assert.ok(!page.text.includes('\u0000'))
  const long = await desk.post('/staff/applications/new', { ...posted, name: 'n'.repeat(10_000) })
  assert.equal(long.status, 422)
  assert.match(long.text, /must be \d+ characters or fewer/)
})

test('an empty form, a date outside the round and a channel without its address are refused in their own words', async () => {
  const empty = await desk.post('/staff/applications/new')
  for (const sentence of [
    'Select how the application came',
    'Enter the date it was received',
    'Select how they were given the privacy notice',
    'Enter their full name',
    'Select their council area',
  ])
    assert.ok(empty.text.includes(sentence), sentence)
  const early = await desk.post('/staff/applications/new', { ...posted, 'received-year': '2026', channel: 'phone' })
  assert.match(early.text, /must be in the time of the round/)
  assert.match(early.text, /Enter their phone number/)
  assert.match(early.text, /Winifred Oyelaran/)
})
