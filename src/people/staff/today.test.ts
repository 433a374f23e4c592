import assert from 'node:assert/strict'
import { test } from 'node:test'
import { addDays } from '#src/platform/calendar/dates.ts'
import { londonDate } from '#src/platform/calendar/london.ts'
import { within } from '#src/promises/house.ts'
import { system } from '#src/promises/notice/actor.ts'
import { testSite } from '#test/site.ts'

const site = await testSite()
const { house } = site

/** The links of a part of someone's Today page. */
async function today(name: string, heading: string): Promise<string[]> {
  const [page = ''] = (await (await site.staff(name)).get('/staff')).text.split('</main>')
  const part = page.split(/<h2[^>]*>/).find(one => one.startsWith(heading)) ?? ''
  return [...part.matchAll(/<li><a[^>]*>([^<]*)/g)].map(([, text]) => text ?? '')
}

test('an officer sees how the open round goes, and what is to do once it has closed', async () => {
  assert.deepEqual(await today('Grace', 'Waiting'), [
    'Resident Panel, demonstration round: 6 applications so far, open until 5pm on 4 January 2027',
  ])
  house.clock.set('2027-01-05T09:00:00Z')
  assert.deepEqual(await today('Grace', 'To do'), [
    'Set up the review of Resident Panel, demonstration round: 6 applications',
    '1 person to ring',
  ])
})

test('the data protection officer is warned 60 days before the policy document ends, and when it has', async () => {
  const [row] = await within(house, { by: system('test'), for: 'administer the panel' }, tx =>
    tx.selectFrom('policy_document').select('review_by').execute(),
  )
  const ends = String(row?.review_by)
  house.clock.set(`${addDays(ends, -61)}T12:00:00Z`)
  assert.deepEqual(await today('Dorothy', 'To do'), [])
  house.clock.set(`${addDays(ends, -60)}T12:00:00Z`)
  assert.match((await today('Dorothy', 'To do')).join(), /^Review the policy document: it ends on/)
  house.clock.set(`${addDays(ends, 1)}T12:00:00Z`)
  assert.match((await today('Dorothy', 'Overdue')).join(), /^No policy document is in force/)
})

test('an administrator sees invitations that wait, and those that ran out', async () => {
  const alex = await site.staff('Alex')
  await alex.send('/staff/settings/people', { name: 'Ines Cole', email: 'ines@panel.example', roles: 'officer' })
  assert.deepEqual(await today('Alex', 'Waiting'), ['1 invitation not yet accepted'])
  house.clock.set(`${addDays(londonDate(house.clock.now()), 8)}T12:00:00Z`)
  assert.deepEqual(await today('Alex', 'To do'), ['1 invitation ran out: send again, or close the account'])
})

test('someone for whom nothing waits is told what will appear here', async () => {
  assert.match((await (await site.staff('Ruth')).get('/staff')).text, /Nothing waits for you today/)
})

test('an export with contact details waits on one officer’s page and asks another’s', async () => {
  const grace = await site.staff('Grace')
  const page = await grace.get('/staff/applications/exports')
  const round = /name="round"[^>]*value="([^"]+)"/.exec(page.text)?.[1] ?? ''
  await grace.send('/staff/applications/exports', { round, purpose: 'administer the panel', contact: 'yes' })
  assert.deepEqual(await today('Grace', 'Waiting'), ['1 export of yours waits for a second person'])
  assert.ok((await today('Omar', 'To do')).includes('1 export with contact details to approve or refuse'))
})
