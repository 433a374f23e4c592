import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import { testSite } from '#test/site.ts'
import { within } from '../house.ts'
import { system } from '../notice/actor.ts'
import { breachToday, reportDue } from './breaches.ts'

const site = await testSite()
const { house } = site
const home = '/staff/protection/breaches'
const form = {
  on: '2026-11-20',
  time: '16:00',
  categories: ['contact', 'home'],
  people: '1,200',
  records: '40',
  happened: 'A list went to Zebulon Quine by mistake.',
  effects: 'Unwanted calls.',
  measures: '',
}
async function at(instant: string) {
  house.clock.set(instant)
  return site.staff('Dorothy')
}
async function entered(more: Record<string, string | string[]> = {}): Promise<string> {
  const desk = await at('2026-11-23T09:00:00Z')
  const made = await desk.send(`${home}/new`, { ...form, ...more })
  assert.equal(made.status, 303, made.text)
  return made.location
}

test('the 72 hours of a breach count weekends and holidays, and the hour that the clocks skip', () => {
  assert.equal(reportDue({ known_at: new Date('2026-12-24T17:00:00Z') }).toISOString(), '2026-12-27T17:00:00.000Z')
  assert.equal(reportDue({ known_at: new Date('2027-03-27T12:00:00Z') }).toISOString(), '2027-03-30T12:00:00.000Z')
})

test('a breach is entered with what is known; the future, an empty form and a wrong count are refused as typed', async () => {
  const desk = await at('2026-11-23T09:00:00Z')
  const empty = await desk.send(`${home}/new`, { on: 'x', time: '25:00', people: 'many' })
  assert.equal(empty.status, 422)
  for (const sentence of [
    'Enter the date, like',
    'Enter the time, like',
    'Select what data',
    'Enter about how many people',
    'Enter what happened',
  ])
    assert.ok(empty.text.includes(sentence), sentence)
  assert.match(
    (await desk.send(`${home}/new`, { ...form, on: '2026-11-23', time: '9:01' })).text,
    /must not be in the future/,
  )
  const { text } = await desk.get(await entered())
  assert.match(text, /72 hours end<\/dt><dd[^>]*>4pm on 23 November 2026/)
  assert.match(text, /Names and contact details, Home, landlord and tenancy; about 1200 people, 40 records/)
})

test('what happened is sealed: no word of it stands in the database', async () => {
  await entered()
  const { rows } = await within(house, { by: system('test'), for: 'exercise rights' }, tx =>
    sql<{ found: boolean }>`select cast(breach as text) like '%Quine%' as found from breach`.execute(tx),
  )
  assert.ok(rows.length && rows.every(row => !row.found))
})

test('a breach is on Today with its instant, urgent in its last day, and says so when the 72 hours have gone', async () => {
  const path = await entered({ on: '2026-11-21', time: '8:00' })
  const urgent = (text: string) =>
    text.includes('Overdue') ? text.slice(text.indexOf('Overdue'), text.indexOf('To do')) : ''
  const early = await (await at('2026-11-23T07:59:00Z')).get('/staff')
  assert.match(early.text, /decide by 8am on 24 November 2026 whether the regulator is told/)
  assert.doesNotMatch(urgent(early.text), /decide by 8am on 24 November/)
  assert.match(urgent((await (await at('2026-11-23T08:00:00Z')).get('/staff')).text), /decide by 8am on 24 November/)
  const desk = await at('2026-11-24T08:00:01Z')
  assert.match(urgent((await desk.get('/staff')).text), /the 72 hours ended at 8am on 24 November 2026/)
  assert.match(
    (await desk.raw(path, { ...(await token(desk)), act: 'report', reported: 'yes' })).text,
    /Enter why it was reported later than 72 hours/,
  )
  const late = await desk.raw(path, {
    ...(await token(desk)),
    act: 'report',
    reported: 'yes',
    reportReason: 'We were told late.',
  })
  assert.equal(late.status, 303)
  assert.match((await desk.get(path)).text, /Told 8am on 24 November 2026, later than 72 hours\. We were told late\./)
})

async function token(desk: Awaited<ReturnType<typeof at>>) {
  return { _csrf: /name="_csrf" value="([^"]+)"/.exec((await desk.get(`${home}/new`)).text)?.[1] ?? '' }
}

test('a breach is closed only when both decisions have their reason and it says what was done; then it is in the register, as a page and a file', async () => {
  const path = await entered()
  const desk = await at('2026-11-23T10:00:00Z')
  const act = async (fields: Record<string, string>) => desk.raw(path, { ...(await token(desk)), ...fields })
  assert.match((await act({ act: 'close' })).text, /Decide first whether the regulator is told/)
  assert.match((await act({ act: 'report', reported: 'no' })).text, /Enter why the regulator need not be told/)
  await act({ act: 'report', reported: 'no', reportReason: 'The list was deleted unread.' })
  assert.match((await act({ act: 'close' })).text, /whether the people concerned are told/)
  assert.match((await act({ act: 'people', told: 'no' })).text, /Enter the reason: how high the risk/)
  await act({ act: 'people', told: 'no', peopleReason: 'No risk is left.' })
  assert.match((await act({ act: 'close' })).text, /Enter first what was done/)
  const { people, records, happened, effects } = form
  await act({ act: 'change', people, records, happened, effects, measures: 'Lists are sent sealed now.' })
  assert.equal((await act({ act: 'close' })).status, 303)
  assert.match((await act({ act: 'people', told: 'yes', peopleReason: 'x' })).text, /It is closed/)
  for (const name of ['breaches', 'breaches.csv']) {
    const { text } = await desk.get(`/staff/protection/registers/${name}`)
    for (const said of [
      'Zebulon Quine',
      'Unwanted calls',
      'Lists are sent sealed now',
      'not told: The list was deleted unread',
      'not told: No risk is left',
    ])
      assert.ok(text.includes(said), said)
  }
  const record = await house.vault.record(path.split('/').at(-1) ?? '')
  assert.equal(record?.expiresOn, '2032-11-23')
})

test('once the regulator is told, what is left of a breach is not urgent', () => {
  const one = { known_at: new Date('2026-11-01T00:00:00Z'), reported: true, people_told: null, closed_at: null }
  const next = breachToday(one as Parameters<typeof breachToday>[0], new Date('2026-11-23T00:00:00Z'))
  assert.deepEqual(next, { isAlarm: false, says: 'decide whether the people concerned are told' })
})
