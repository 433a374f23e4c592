import assert from 'node:assert/strict'
import { test } from 'node:test'
import { residents } from '#src/people/demo/world.ts'
import { startSession } from '#src/people/doors/sessions.ts'
import { within } from '#src/promises/house.ts'
import { system } from '#src/promises/notice/actor.ts'
import { erase } from '#src/promises/retention/erase.ts'
import { testSite } from '#test/site.ts'

const site = await testSite()
const { house } = site
const by = system('test')
const desk = { by, for: 'administer the panel' } as const
const [amina = ''] = await house.vault.findByEmail(residents[0].email)
const [barry = ''] = await house.vault.findByEmail(residents[1].email)
const page = `/staff/members/contacts/${amina}`
const grace = await site.staff('Grace')
const omar = await site.staff('Omar')
const call = { on: '2026-11-20', way: 'phone', topic: 'Asked when she hears from us' }
const rows = () => within(house, desk, tx => tx.selectFrom('contact_entry').selectAll().execute())

/** A form of the page for one entry. */
async function fill(browser: typeof grace, path: string, fields: Record<string, string>) {
  const { text } = await browser.get(page)
  const value = (name: string) =>
    [...text.matchAll(new RegExp(`name="${name}" value="([^"]+)"`, 'g'))].at(-1)?.[1] ?? ''
  return browser.raw(path, { _csrf: value('_csrf'), once: value('once'), ...fields })
}

test('a contact is noted once, however often its form is sent', async () => {
  assert.match((await grace.get(`/staff/applications/${amina}`)).text, new RegExp(`href="${page}"`))
  const { text } = await grace.get(page)
  const value = (name: string) => new RegExp(`name="${name}" value="([^"]+)"`).exec(text)?.[1] ?? ''
  const sent = { _csrf: value('_csrf'), once: value('once'), ...call }
  await Promise.all([grace.raw(page, sent), grace.raw(page, sent)])
  assert.equal((await rows()).length, 1)
  assert.match((await grace.get(page)).text, /20 November 2026, phone<\/strong>: Asked when she hears from us/)
})

test('two officers who note something at once both find it kept', async () => {
  await Promise.all([
    fill(grace, page, { ...call, topic: 'First of two' }),
    fill(omar, page, { ...call, topic: 'Second of two' }),
  ])
  const { text } = await grace.get(page)
  assert.match(text, /First of two/)
  assert.match(text, /Second of two/)
})

test('each slip in the form has its sentence, and nothing is kept', async () => {
  const before = (await rows()).length
  for (const [fields, sentence] of [
    [{ topic: '' }, 'Enter what it was about'],
    [{ topic: 'x'.repeat(201) }, 'What it was about must be 200 characters or fewer'],
    [{ way: '' }, 'Select how you were in touch'],
    [{ way: 'pigeon' }, 'Select how you were in touch'],
    [{ on: '' }, 'Enter the day on which you were in touch'],
    [{ on: '2026-02-31' }, 'Enter the day on which you were in touch'],
    [{ on: '2026-11-24' }, 'The day must be today or earlier'],
    [{ next: 'Ring again' }, 'Enter by when it happens'],
    [{ due: '2026-12-01' }, 'Enter what happens next'],
    [{ next: 'Ring again', due: '2026-11-22' }, 'The day by which it happens must be today or later'],
    [{ next: 'x'.repeat(201), due: '2026-12-01' }, 'What happens next must be 200 characters or fewer'],
  ] as const) {
    const answer = await fill(grace, page, { ...call, ...fields })
    assert.equal(answer.status, 422, sentence)
    assert.ok(answer.text.includes(sentence), sentence)
  }
  assert.equal((await rows()).length, before)
  const nobody = '/staff/members/contacts/00000000-0000-4000-8000-000000000000'
  assert.equal((await fill(grace, nobody, call)).status, 404)
  assert.equal((await grace.get('/staff/members/contacts/x')).status, 404)
})

test('what was said would happen next is on Today when it is due, for whoever said so or the whole team', async () => {
  await fill(grace, page, { ...call, next: 'Send the charter', due: '2026-11-25', whose: 'me' })
  await fill(grace, page, { ...call, next: 'Ring her back', due: '2026-11-24', whose: 'team' })
  assert.doesNotMatch((await grace.get('/staff')).text, /next action/)
  house.clock.set('2026-11-25T09:00:00Z')
  const [mine, theirs] = [await site.staff('Grace'), await site.staff('Omar')]
  assert.match((await mine.get('/staff')).text, /your next action, by 25 November 2026/)
  assert.match((await mine.get('/staff')).text, /Overdue[\s\S]*a next action of the team, by 24 November 2026/)
  assert.doesNotMatch((await theirs.get('/staff')).text, /your next action/)
  const alex = await site.staff('Alex')
  const [id = ''] = await house.vault.findByEmail('grace@panel.example')
  assert.match((await alex.get(`/staff/settings/people/${id}/closure`)).text, /1 next action with a person: to the/)
  const team = (await rows()).find(one => one.due_on === '2026-11-24')?.id ?? ''
  const own = (await rows()).find(one => one.due_on === '2026-11-25')?.id ?? ''
  await fill(theirs, `${page}/done`, { entry: team })
  assert.doesNotMatch((await mine.get('/staff')).text, /next action of the team/)
  assert.equal((await fill(theirs, `${page}/done`, { entry: 'x' })).status, 404)
  assert.equal((await fill(theirs, `/staff/members/contacts/${barry}/done`, { entry: own })).status, 404)
})

test('the person reads the log on their own page, in words', async () => {
  const me = site.visitor()
  await me.get('/')
  const token = await within(house, { by, for: 'exercise rights' }, tx =>
    startSession(tx, house.clock.now(), 'resident', [amina]),
  )
  me.setCookies({ ...me.cookies(), session: token })
  const { text } = await me.get('/me/data')
  assert.match(text, /When we were in touch with you/)
  assert.match(text, /20 November 2026, phone: Asked when she hears from us\. Next: Send the charter/)
})

test('words of a contact are nowhere in clear, and end with the record', async () => {
  assert.doesNotMatch(JSON.stringify(await rows()), /charter|Asked/)
  await erase(house.reach, by, [amina], 'withdrawn and deleted')
  assert.deepEqual(await rows(), [])
})

test('only officers keep the log', async () => {
  for (const name of ['Priya', 'Dorothy', 'Alex', 'Ruth'])
    assert.equal((await (await site.staff(name)).get(`/staff/members/contacts/${barry}`)).status, 403)
})
