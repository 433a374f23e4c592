import assert from 'node:assert/strict'
import { test } from 'node:test'
import { within } from '#src/promises/house.ts'
import { applicant, sent } from '#test/applicants.ts'
import { openDesk } from '#test/desk.ts'
import { testHouse } from '#test/house.ts'
import { openRoundNow } from '#test/round.ts'
import { grace } from '#test/settled.ts'
import { officerRoutes } from '../officer.ts'

const house = await testHouse()
const desk = await openDesk(house, [officerRoutes])
desk.as(grace)

const round = await openRoundNow(house)
const many = Array.from({ length: 30 }, (_, at) => applicant({ name: `Person ${at}`, email: `p${at}@example.com` }))
const [amina = '', bo = ''] = await sent(house, round, [
  applicant(
    { name: 'Zoë Amina Yusuf', email: 'amina@example.com', ethnicity: 'black-african', gender: 'woman' },
    { landlordUnlisted: true, receivedOn: '2027-01-05' },
  ),
  applicant({
    name: 'Bo Chen',
    area: 'E09000007',
    phone: '0113 496 0123',
    adjustments: '{"ticked":["captions"],"words":"MARKER-NEED"}',
  }),
  ...many,
])

async function entries(act: string) {
  return within(house, { by: grace, for: 'administer the panel' }, tx =>
    tx.selectFrom('ledger_entry').selectAll().where('act', '=', act).where('actor', '=', grace.id).execute(),
  )
}

test('the list counts by state, shows 25 a page and the oldest first when asked', async () => {
  const page = await desk.get('/staff/applications')
  assert.match(page.text, /<span class="panel-count">32<\/span> sent/)
  assert.match(page.text, /Showing 1 to 25 of 32/)
  const second = await desk.get('/staff/applications?page=2')
  assert.match(second.text, /Showing 26 to 32 of 32/)
  const oldest = await desk.get('/staff/applications?sort=oldest')
  assert.match(oldest.text.slice(oldest.text.indexOf('<tbody')), /^[\s\S]{0,200}Zoë Amina Yusuf/)
})

test('only what is shown counts as opened; a search is one entry', async () => {
  const [opened, searched] = [(await entries('opened')).length, (await entries('searched')).length]
  const page = await desk.get('/staff/applications?text=YUSUF%20zoe')
  assert.match(page.text, /Showing 1 to 1 of 1/)
  assert.match(page.text, /Zoë Amina Yusuf/)
  const after = await entries('opened')
  assert.equal((await entries('searched')).length, searched + 1)
  assert.equal(after.length, opened + 1)
  assert.equal(after.at(-1)?.subject, amina)
})

test('an application is found by its reference, in any case and without marks', async () => {
  const reference = await within(
    house,
    { by: grace, for: 'administer the panel' },
    async tx =>
      (await tx.selectFrom('application').select('reference').where('dossier_id', '=', bo).executeTakeFirst())
        ?.reference,
  )
  const page = await desk.get(`/staff/applications?text=${reference?.toLowerCase().replaceAll('-', ' ')}`)
  assert.match(page.text, /Bo Chen/)
  assert.match(page.text, /Showing 1 to 1 of 1/)
})

test('flags and states narrow the list', async () => {
  assert.match((await desk.get('/staff/applications?flag=landlord')).text, /Showing 1 to 1 of 1/)
  assert.match((await desk.get('/staff/applications?state=withdrawn')).text, /No application fits/)
  assert.match((await desk.get('/staff/applications?state=nonsense&page=-3&text=%00')).text, /No application fits/)
})

test('a council, a region, and a name within it narrow the list; each is one search, and nobody is opened for it', async () => {
  const searched = (await entries('searched')).length
  assert.match((await desk.get('/staff/applications?text=camden')).text, /Showing 1 to 1 of 1[\s\S]*Bo Chen/)
  const london = (await desk.get('/staff/applications?region=E12000007')).text
  assert.match(london, /Showing 1 to 1 of 1/)
  assert.match(london, /Bo Chen/)
  assert.match((await desk.get('/staff/applications?region=E12000003')).text, /Showing 1 to 25 of 31/)
  assert.match((await desk.get('/staff/applications?region=E12000003&text=yusuf')).text, /Showing 1 to 1 of 1/)
  assert.match((await desk.get('/staff/applications?region=E12000007&text=yusuf')).text, /No application fits/)
  assert.equal((await entries('searched')).length, searched + 5)
})

test('[N-28] [N-29] an officer reads an application, but never ethnicity or adjustments', async () => {
  const page = await desk.get(`/staff/applications/${amina}`)
  assert.match(page.text, /amina@example\.com/)
  assert.match(page.text, /Leeds \(Yorkshire and The Humber\)/)
  assert.match(page.text, /The landlord is not on the list/)
  assert.match(page.text, /Privacy notice version 1 given: on the paper form/)
  assert.doesNotMatch(page.text, /ethnic|african/i)
  assert.doesNotMatch((await desk.get(`/staff/applications/${bo}`)).text, /captions|MARKER-NEED|adjustment/i)
})

test('an officer withdraws for the applicant; what was said is read no more', async () => {
  assert.match((await desk.post(`/staff/applications/${bo}/withdrawal`)).text, /Select what the person wants/)
  const done = await desk.post(`/staff/applications/${bo}/withdrawal`, { deletion: 'later', reason: 'Moving away' })
  assert.equal(done.status, 303)
  const page = await desk.get(`/staff/applications/${bo}`)
  assert.match(page.text, /What it says is not read any more/)
  assert.doesNotMatch(page.text, /Bo Chen/)
  assert.doesNotMatch((await desk.get('/staff/applications?state=withdrawn')).text, /Bo Chen/)
})

test('an applicant who wants everything deleted now is gone at once', async () => {
  await desk.post(`/staff/applications/${bo}/withdrawal`, { deletion: 'now' })
  assert.equal((await desk.get(`/staff/applications/${bo}`)).status, 404)
  assert.equal((await house.vault.record(bo))?.state, 'tombstone')
})

test('an id that is no application’s is a page not found, and other roles see nothing', async () => {
  for (const id of ['x', 'b5a1c9f2-0000-4000-8000-00000000aaaa'])
    assert.equal((await desk.get(`/staff/applications/${id}`)).status, 404)
  desk.as({ ...grace, roles: ['dpo'] })
  assert.equal((await desk.get('/staff/applications')).status, 403)
  desk.as(grace)
})
