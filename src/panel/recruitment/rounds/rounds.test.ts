import assert from 'node:assert/strict'
import { test } from 'node:test'
import { within } from '#src/promises/house.ts'
import { openDesk } from '#test/desk.ts'
import { testHouse } from '#test/house.ts'
import { grace, noticeNow, policyInForce } from '#test/settled.ts'
import { roundRoutes } from './routes.ts'
import { readInstant, readTime } from './when.ts'

const house = await testHouse()
const desk = await openDesk(house, [roundRoutes])
desk.as(grace)

const filled = {
  name: 'Resident Panel 2027',
  'opensOn-day': '4',
  'opensOn-month': '1',
  'opensOn-year': '2027',
  'opensOn-time': '9am',
  'closesOn-day': '29',
  'closesOn-month': 'January',
  'closesOn-year': '2027',
  'closesOn-time': '5:30 pm',
  'termStartsOn-day': '1',
  'termStartsOn-month': '4',
  'termStartsOn-year': '2027',
  targetSize: '100',
  reserveSize: '20',
  startWords: 'Help us do better.',
  rules: ['england', 'terms'],
  'words-england': 'Is your home in England?',
  question1: 'What would you bring?',
  mostCharacters1: '1,000',
}

test('an officer plans a round, sees it as a resident does, and publishes it', async () => {
  await noticeNow(house)
  const made = await desk.post('/staff/rounds', filled)
  assert.equal(made.status, 303)
  const page = await desk.get(made.location)
  assert.match(page.text, /5:30pm on 29 January 2027/)
  assert.match(page.text, /No policy document is in force/)
  assert.match(page.text, /Lives in a home of a member landlord: not asked/)
  const refused = await desk.post(`${made.location}/publication`)
  assert.equal(refused.status, 422)
  const preview = await desk.get(`${made.location}/preview`)
  assert.match(preview.text, /Is your home in England\?/)
  assert.match(preview.text, /Up to 1000 characters/)
  await policyInForce(house)
  assert.equal((await desk.post(`${made.location}/publication`)).status, 303)
  assert.match((await desk.get('/staff/rounds')).text, /Published, not open yet/)
})

test('a published round is extended, then closed early with a reason that people can read', async () => {
  const url = await theRound()
  house.clock.set('2027-01-10T09:00:00Z')
  const earlier = await desk.post(`${url}/closing-date`, { ...filled, 'closesOn-day': '20' })
  assert.equal(earlier.status, 422)
  assert.match(earlier.text, /must be later than the present one/)
  const later = { ...filled, 'closesOn-day': '26', 'closesOn-month': '2' }
  assert.equal((await desk.post(`${url}/closing-date`, later)).status, 303)
  assert.match((await desk.get(url)).text, /5:30pm on 26 February 2027/)
  assert.match((await desk.post(`${url}/early-close`, {})).text, /Enter why the round closes early/)
  assert.equal((await desk.post(`${url}/early-close`, { because: 'We have <b>enough</b>' })).status, 303)
  assert.match((await desk.get(url)).text, /Reason: We have &lt;b&gt;enough/)
})

test('an empty form is refused with one sentence a field, and nothing is saved', async () => {
  const page = await desk.post('/staff/rounds', {})
  assert.equal(page.status, 422)
  assert.match(page.text, /<title>\s*Error: /)
  for (const sentence of [
    'Enter a name for the round',
    'Enter the opening date',
    'Enter the closing date',
    'Enter the term start date',
    'Enter the number of members',
    'Enter at least one question',
  ])
    assert.ok(page.text.includes(sentence), sentence)
  assert.equal((await desk.post('/staff/rounds', { ...filled, name: 'x'.repeat(10_000) })).status, 422)
})

test('a time that the clocks skip is refused, and people may write a time as they do', () => {
  const skipped = { 'a-day': '28', 'a-month': '3', 'a-year': '2027', 'a-time': '1:30am' }
  assert.deepEqual(readInstant(skipped, 'a', 'Opening'), {
    ok: false,
    sentence: 'The clocks go forward at that time: choose another opening time',
  })
  const times = ['9am', '12am', '12pm', '5.30 pm', '17:30', '1730', 'noon', '25:00', '13pm', 'later']
  assert.deepEqual(times.map(readTime), [
    '09:00',
    '00:00',
    '12:00',
    '17:30',
    '17:30',
    '17:30',
    '12:00',
    undefined,
    undefined,
    undefined,
  ])
})

test('nobody but an officer sees rounds, and a round that is not there is a page not found', async () => {
  desk.as({ ...grace, roles: ['reviewer'] })
  assert.equal((await desk.get('/staff/rounds')).status, 403)
  desk.as(grace)
  assert.equal((await desk.get('/staff/rounds/nothing')).status, 404)
  assert.equal((await desk.get('/staff/rounds/b5a1c9f2-0000-4000-8000-000000000009')).status, 404)
})

async function theRound(): Promise<string> {
  const row = await within(house, { by: grace, for: 'administer the panel' }, tx =>
    tx.selectFrom('round').select('id').executeTakeFirstOrThrow(),
  )
  return `/staff/rounds/${row.id}`
}
