import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { within } from '#src/promises/house.ts'
import { applicant, sent } from '#test/applicants.ts'
import { openDesk } from '#test/desk.ts'
import { testHouse } from '#test/house.ts'
import { openRoundNow } from '#test/round.ts'
import { dorothy, grace, omar } from '#test/settled.ts'
import { officerRoutes } from '../officer.ts'

const house = await testHouse()
const desk = await openDesk(house, [officerRoutes])
desk.as(grace)
const round = await openRoundNow(house)
await sent(house, round, [
  applicant({ name: '=HYPERLINK("http://evil.example")', email: 'amina@example.com', ethnicity: 'black-african' }),
  applicant({ name: 'Bo Chen', phone: '0113 496 0123', landlord: '@SUM(1)' }),
])
const exportsPage = '/staff/applications/exports'

async function newest(): Promise<string> {
  const row = await within(house, { by: grace, for: 'administer the panel' }, tx =>
    tx
      .selectFrom('application_export')
      .select('id')
      .where('taken_at', 'is', null)
      .orderBy('asked_at', 'desc')
      .executeTakeFirst(),
  )
  return `${exportsPage}/${row?.id}`
}

test('[N-38] an export has a purpose of the closed list: none can be for marketing', async () => {
  for (const purpose of ['', 'marketing', 'market research', 'store', 'representativeness', 'defend claims']) {
    const page = await desk.post(exportsPage, { purpose, contact: 'no' })
    assert.equal(page.status, 422)
    assert.match(page.text, /Select what the export is for/)
  }
  assert.match(
    (await desk.post(exportsPage, { purpose: 'review applications', contact: 'yes' })).text,
    /Reviewers never see/,
  )
})

test('an export without contact details is taken once; its count and hash are in the ledger', async () => {
  await desk.post(exportsPage, { purpose: 'administer the panel', contact: 'no' })
  const url = await newest()
  const file = await desk.post(`${url}/file`)
  assert.equal(file.status, 200)
  assert.match(file.text, /Leeds,Yorkshire and The Humber/)
  assert.match(file.text, /'@SUM\(1\)/)
  assert.doesNotMatch(file.text, /amina@example|Bo Chen|african/i)
  const [entry] = await within(house, { by: grace, for: 'administer the panel' }, tx =>
    tx.selectFrom('ledger_entry').selectAll().where('act', '=', 'applications exported').execute(),
  )
  assert.equal(entry?.count, 2)
  assert.equal(entry?.detail.sha256, createHash('sha256').update(file.text).digest('hex'))
  assert.equal((await desk.post(`${url}/file`)).status, 403)
})

test('contact details leave only when a second person approves, and only for the one who asked', async () => {
  house.clock.set('2027-01-11T10:00:00Z')
  await desk.post(exportsPage, { purpose: 'administer the panel', contact: 'yes' })
  const url = await newest()
  assert.equal((await desk.post(`${url}/file`)).status, 403)
  assert.equal((await desk.post(`${url}/decision`, { decision: 'approve' })).status, 403)
  desk.as(dorothy)
  assert.match((await desk.get(exportsPage)).text, /Waits for a second person/)
  assert.equal((await desk.post(`${url}/decision`, { decision: 'approve' })).status, 303)
  assert.equal((await desk.post(`${url}/file`)).status, 403)
  desk.as(omar)
  assert.equal((await desk.post(`${url}/file`)).status, 403)
  desk.as(grace)
  const file = await desk.post(`${url}/file`)
  assert.match(file.text, /amina@example\.com/)
  assert.match(file.text, /"'=HYPERLINK\(""http/)
  assert.match(String(file.headers['content-disposition']), /^attachment; /)
})

test('a refused export cannot be taken', async () => {
  house.clock.set('2027-01-11T11:00:00Z')
  await desk.post(exportsPage, { purpose: 'administer the panel', contact: 'yes' })
  const url = await newest()
  desk.as(omar)
  assert.equal((await desk.post(`${url}/decision`, { decision: 'refuse' })).status, 303)
  assert.equal((await desk.post(`${url}/decision`, { decision: 'approve' })).status, 403)
  desk.as(grace)
  assert.equal((await desk.post(`${url}/file`)).status, 403)
  assert.equal((await desk.post(`${exportsPage}/nothing/file`)).status, 404)
})
