import assert from 'node:assert/strict'
import { test } from 'node:test'
import { questionsOf, rounds } from '#src/panel/recruitment/round.ts'
import { openQueue } from '#src/panel/review/running.ts'
import { planReview } from '#src/panel/review/setup.ts'
import { residents } from '#src/people/demo/world.ts'
import { within } from '#src/promises/house.ts'
import { system } from '#src/promises/notice/actor.ts'
import { erase } from '#src/promises/retention/erase.ts'
import { accessCopy } from '#src/promises/rights/copy.ts'
import { testSite } from '#test/site.ts'
import { dueFor } from './concerns.ts'

const log: string[] = []
const site = await testSite({ closed: 6, log: { write: line => void log.push(line) } })
const { house } = site
const by = system('test')
const desk = { by, for: 'administer the panel' } as const
const idOf = async (name: string) => (await house.vault.findByEmail(`${name}@panel.example`))[0] ?? ''
const [amina = ''] = await house.vault.findByEmail(residents[0].email)
const priyaId = await idOf('priya')
await within(house, desk, async tx => {
  const closed = (await rounds(tx)).find(one => one.name.includes('just closed'))?.id ?? ''
  const deadline = new Date('2026-11-23T15:00:00Z')
  const criteria = (await questionsOf(tx, closed)).map(({ id, title }) => ({
    question: id,
    name: title,
    weight: 1,
    values: ['Little', 'Some', 'Much'],
  }))
  const readers = [priyaId, await idOf('sean')]
  await planReview(tx, house, by, closed, { scale: 'three', readings: 1, cap: 300, deadline, criteria, readers })
  return closed
}).then(closed => openQueue(house, by, closed))
const readings = await within(house, desk, tx => tx.selectFrom('review_reading').selectAll().execute())
const reading = readings.find(row => row.reader === priyaId)
const path = `/staff/review/readings/${reading?.id}/concern`
const concerns = () => within(house, desk, tx => tx.selectFrom('concern').selectAll().orderBy('raised_at').execute())
const opened = await within(house, desk, tx =>
  house.vault.open(tx, 'panel', { by, for: 'administer the panel', fields: ['name', 'email', 'phone'] }, [
    reading?.dossier_id ?? '',
  ]),
)
const person = opened[0]
const saw = 'Writes that there has been no heating since a fall'

test('a worry is due at the end of the working day, or of the next one', () => {
  const due = (iso: string) => dueFor(new Date(iso)).toISOString()
  assert.equal(due('2026-11-23T09:00:00Z'), '2026-11-23T17:00:00.000Z')
  assert.equal(due('2026-11-27T17:00:00Z'), '2026-11-30T17:00:00.000Z', 'a Friday evening')
  assert.equal(due('2026-12-24T18:00:00Z'), '2026-12-29T17:00:00.000Z', 'before Christmas and Boxing Day')
  assert.equal(due('2027-07-01T15:30:00Z'), '2027-07-01T16:00:00.000Z', 'in summer time')
})

test('[N-06] a reviewer who is worried tells the lead, and learns nothing of whose reading it is', async () => {
  const priya = await site.staff('Priya')
  log.length = 0
  const form = await priya.get(path)
  assert.match(form.text, /Grace Adeyemi is told at once/)
  const empty = await priya.send(path, { words: ' ' })
  assert.equal(empty.status, 422)
  assert.match(empty.text, /Enter what you saw or heard/)
  assert.match((await priya.send(path, { words: 'x'.repeat(501) })).text, /must be 500 characters or fewer/)
  assert.equal((await concerns()).length, 0)
  const told = await priya.send(path, { words: saw })
  assert.match(told.text, /The lead has been told and answers the same working day/)
  const shown = [form.text, empty.text, told.text, log.join('\n')].join('\n')
  for (const value of [person?.name, person?.email, person?.phone, reading?.dossier_id])
    if (value) assert.ok(!shown.includes(value), value)
  assert.doesNotMatch(log.join('\n'), /no heating/)
  const [one] = await concerns()
  assert.equal(one?.dossier_id, reading?.dossier_id)
  assert.equal((await priya.get(`/staff/concerns/${one?.id}`)).status, 403)
})

test('another reviewer’s reading is not there to be worried about', async () => {
  const sean = await site.staff('Sean')
  assert.equal((await sean.get(path)).status, 404)
  const own = readings.find(row => row.reader !== priyaId)
  assert.equal((await sean.send(path, { words: saw }, `/staff/review/readings/${own?.id}/concern`)).status, 404)
  assert.equal((await concerns()).length, 1)
})

test('the lead has it the same day: on Today with its time, and by a mail that says nothing of the person', async () => {
  const grace = await site.staff('Grace')
  assert.match((await grace.get('/staff')).text, /Someone is worried about a person: answer by 5pm on 23 November 2026/)
  const mail = (await site.letters()).find(one => /worried about a person/.test(one.subject))
  assert.equal(mail?.to, 'grace@panel.example')
  for (const value of [person?.name, person?.email, 'heating', reading?.dossier_id])
    if (value) assert.ok(!`${mail?.subject} ${mail?.text}`.includes(value), value)
  const link = /\/staff\/concerns\/\S+/.exec(mail?.text ?? '')?.[0] ?? ''
  const page = await grace.get(link)
  assert.ok(page.text.includes(person?.name ?? '?'))
  assert.match(page.text, /no heating since a fall/)
})

test('another officer sees it only once the lead has let its time go by', async () => {
  const [one] = await concerns()
  const omar = await site.staff('Omar')
  assert.doesNotMatch((await omar.get('/staff')).text, /worried about a person/)
  const early = await omar.get(`/staff/concerns/${one?.id}`)
  assert.equal(early.status, 403)
  assert.match(early.text, /Grace Adeyemi answers this one/)
  house.clock.set('2026-11-23T17:01:00Z')
  const late = await site.staff('Omar')
  assert.match((await late.get('/staff')).text, /Overdue[\s\S]*Someone is worried about a person/)
  assert.equal((await late.get(`/staff/concerns/${one?.id}`)).status, 200)
})

test('after the reading is over a reviewer can still be worried', async () => {
  const priya = await site.staff('Priya')
  assert.equal((await priya.get(`/staff/review/readings/${reading?.id}`)).status, 403)
  assert.match((await priya.send(path, { words: 'I keep thinking of this one' })).text, /The lead has been told/)
  assert.equal((await concerns()).length, 2)
})

test('the lead closes a worry with an outcome, once', async () => {
  const [one] = await concerns()
  const grace = await site.staff('Grace')
  const url = `/staff/concerns/${one?.id}`
  assert.match((await grace.send(url, {})).text, /Select what was done/)
  assert.match((await grace.send(url, { outcome: 'forgotten' })).text, /Select what was done/)
  const page = await grace.get(url)
  const _csrf = /name="_csrf" value="([^"]+)"/.exec(page.text)?.[1] ?? ''
  assert.equal((await grace.raw(url, { _csrf, outcome: 'reached', words: 'Rang; her son is with her' })).status, 303)
  const again = await grace.raw(url, { _csrf, outcome: 'no need', words: '' })
  assert.equal(again.status, 422)
  assert.match((await grace.get(url)).text, /they have what they need[\s\S]*her son is with her/)
  assert.equal((await concerns())[0]?.outcome, 'reached')
  const stored = await within(house, desk, tx => tx.selectFrom('ledger_entry').selectAll().execute())
  const text = (rows: unknown) =>
    JSON.stringify(rows, (_, value) => (typeof value === 'bigint' ? String(value) : value))
  assert.doesNotMatch(text([await concerns(), stored]), /heating|her son/)
})

test('an officer says so on a person’s page; the person’s copy holds it, and it ends with the record', async () => {
  const omar = await site.staff('Omar')
  const url = `/staff/concerns/about/${amina}`
  assert.ok((await omar.get(`/staff/applications/${amina}`)).text.includes(url))
  assert.match((await omar.send(url, { words: 'Sounded frightened on the phone' })).text, /The lead has been told/)
  assert.equal((await omar.get('/staff/concerns/about/x')).status, 404)
  const copy = await within(house, { by, for: 'exercise rights' }, tx => accessCopy(tx, house, by, amina))
  assert.match(copy?.values.find(one => one.field === 'concern')?.value ?? '', /Sounded frightened/)
  await erase(house.reach, by, [amina], 'withdrawn and deleted')
  assert.ok(!(await concerns()).some(one => one.dossier_id === amina))
})

test('a lead is named among officers, and when they leave a colleague is told instead', async () => {
  const alex = await site.staff('Alex')
  assert.match((await alex.get('/staff/settings/lead')).text, /At present: Grace Adeyemi/)
  for (const lead of [priyaId, 'x', await idOf('dorothy')])
    assert.match((await alex.send('/staff/settings/lead', { lead })).text, /Select an officer whose account is open/)
  await alex.send('/staff/settings/lead', { lead: await idOf('omar') })
  assert.match((await alex.get('/staff/settings/lead')).text, /At present: Omar Haddad/)
  const closure = `/staff/settings/people/${await idOf('omar')}/closure`
  assert.match((await alex.get(closure)).text, /1 place as the one who is told of worries about people/)
  await alex.send(closure)
  assert.match((await alex.get('/staff/settings/lead')).text, /At present: Grace Adeyemi/)
})
