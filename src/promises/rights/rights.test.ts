import assert from 'node:assert/strict'
import { test } from 'node:test'
import { runCommand } from '#src/commands.ts'
import { within } from '#src/promises/house.ts'
import { system } from '#src/promises/notice/actor.ts'
import { testSite } from '#test/site.ts'
import { everyField } from '../notice/datamap.ts'
import { accessCopy } from './copy.ts'
import { matters, propose } from './rights.ts'

const site = await testSite()
const { house } = site
const by = system('test')

const used = new Set<string>()
/** The code of the newest letter with one: each is looked at once. */
async function codeFor(email: string): Promise<string> {
  const codes = (await site.letters())
    .filter(one => one.to === email)
    .flatMap(one => /Your code is (\w{6})/.exec(one.text)?.[1] ?? [])
    .filter(code => !used.has(`${email} ${code}`))
  for (const code of codes) used.add(`${email} ${code}`)
  return codes.at(-1) ?? ''
}

/** Someone who signs in with a code from their email. */
async function signedIn(email: string) {
  const visitor = site.visitor()
  await visitor.send('/sign-in', { email })
  const answer = await visitor.send('/sign-in/code', { email, code: await codeFor(email) }, '/sign-in')
  assert.equal(answer.location, '/me', answer.text)
  return visitor
}
const dorothy = await site.staff('Dorothy')

test('[N-70] [N-71] [N-72] anyone can use a right without signing in, and is told a reference and a date', async () => {
  const visitor = site.visitor()
  const empty = await visitor.send('/your-rights', { words: 'I wonder.' })
  assert.equal(empty.status, 422)
  assert.match(empty.text, /Select what you want/)
  assert.match(empty.text, /I wonder\./)
  const done = await visitor.send('/your-rights', { right: 'access', reach: 'walker@example.org', name: 'Wal Ker' })
  assert.match(done.text, /DP-\w{6}/)
  assert.match(done.text, /We answer by 23 December 2026/)
  const letter = (await site.letters()).find(one => one.to === 'walker@example.org')
  assert.match(letter?.text ?? '', /We answer by 23 December 2026/)
})

test('[N-73] [N-74] a complaint about data is taken without signing in, with its 30 days', async () => {
  const done = await site
    .visitor()
    .send('/complaints', { words: 'You wrote to my old address.', reach: '01632 960 001' })
  assert.match(done.text, /We tell you by 23 December 2026/)
  assert.match((await dorothy.get('/staff/protection/cases')).text, /Complain about how we use it/)
})

test('someone asks to be rung, and the desk sees it due the same working day', async () => {
  assert.match((await site.visitor().send('/ring-me', { phone: 'none' })).text, /Enter a phone number, like/)
  const done = await site.visitor().send('/ring-me', { phone: '01632 960 123', when: 'after five' })
  assert.match(done.text, /We ring you by 23 November 2026/)
})

test('[N-70] what a person asks is sealed in a dossier of its own', async () => {
  const rows = await within(house, { by, for: 'store' }, tx =>
    tx
      .selectFrom('rights_case')
      .innerJoin('dossier', 'dossier.id', 'rights_case.dossier_id')
      .select(['kind', 'reference'])
      .execute(),
  )
  assert.ok(rows.length >= 3 && rows.every(row => row.kind === 'case'))
})

test('[N-70] a resident sees everything that is held, why, who opened it, and the date on which it is deleted', async () => {
  const grace = await site.staff('Grace')
  const [id = ''] = await house.vault.findByEmail('amina@residents.example')
  await grace.get(`/staff/applications/${id}`)
  const amina = await signedIn('amina@residents.example')
  const { text } = await amina.get('/me/data')
  for (const held of [
    'Amina Okafor',
    'amina@residents.example',
    'Northgate Homes',
    'Manchester',
    '35 to 44',
    'residents’ meeting',
  ])
    assert.ok(text.includes(held), held)
  assert.match(text, /All of this is deleted on 4 July 2027/)
  assert.match(text, /officer, to run the panel and your part in it/)
})

test('[N-70] a copy needs a fresh code, and is complete: every field of the map, every table, in JSON and as a table', async () => {
  await asks('amina@residents.example', 'portability')
  const amina = await signedIn('amina@residents.example')
  await amina.send('/me/data/code', {}, '/me/data')
  const wrong = await amina.send('/me/data/copy', { code: 'AAAAAA', form: 'json' }, '/me/data')
  assert.equal(wrong.status, 422)
  const json = await amina.send(
    '/me/data/copy',
    { code: await codeFor('amina@residents.example'), form: 'json' },
    '/me/data',
  )
  const copy = JSON.parse(json.text)
  assert.equal(copy.schema, 'panelkeeper-copy-3')
  assert.ok(copy.values.some((one: { field: string }) => one.field === 'answers'))
  for (const table of ['application', 'message', 'notice_told', 'rights_case']) assert.ok(copy.rows[table], table)
  const again = await amina.send(
    '/me/data/copy',
    { code: await codeFor('amina@residents.example'), form: 'csv' },
    '/me/data',
  )
  assert.equal(again.status, 422, 'a code works once')
  const [id = ''] = await house.vault.findByEmail('barry@residents.example')
  const all = everyField().filter(one => one.kind === 'panel' && one.rule.purposes.includes('exercise rights'))
  await within(house, { by, for: 'administer the panel' }, tx =>
    house.vault.put(tx, by, 'panel', id, Object.fromEntries(all.map(({ field }) => [field, `held ${field}`]))),
  )
  const made = await within(house, { by, for: 'exercise rights' }, tx => accessCopy(tx, house, by, id))
  assert.deepEqual(made?.values.map(one => one.field).sort(), all.map(one => one.field).sort())
})

test('[N-28] a resident stops the use of their equality answer at once', async () => {
  const [id = ''] = await house.vault.findByEmail('chloe@residents.example')
  await within(house, { by, for: 'administer the panel' }, tx =>
    house.vault.put(tx, by, 'panel', id, { ethnicity: 'white-irish' }),
  )
  const chloe = await signedIn('chloe@residents.example')
  assert.match((await chloe.get('/me/data')).text, /White|Irish/)
  await chloe.send('/me/data/equality', {}, '/me/data')
  assert.doesNotMatch((await chloe.get('/me/data')).text, /Your ethnic group/)
})

/** The address of the case that someone just opened. */
async function caseOf(reference: string): Promise<string> {
  const row = await within(house, { by, for: 'exercise rights' }, tx =>
    tx.selectFrom('rights_case').select('dossier_id').where('reference', '=', reference).executeTakeFirst(),
  )
  return `/staff/protection/cases/${row?.dossier_id}`
}
async function asks(email: string, right: string): Promise<string> {
  const visitor = await signedIn(email)
  const done = await visitor.send('/me/data/request', { right, words: 'Please.' }, '/me/data')
  return caseOf(/DP-\w{6}/.exec(done.text)?.[0] ?? '')
}
const go = (at: string, path: string, fields: Record<string, string>) => dorothy.send(`${at}/${path}`, fields, at)

/** Drafts an answer, checks it, and sends it. */
async function answer(desk: typeof dorothy, at: string, letter: string): Promise<void> {
  const drafted = await desk.send(`${at}/letter`, { letter }, at)
  assert.equal(drafted.location, `${at}/letter`)
  await desk.send(`${at}/letter/sending`, {}, `${at}/letter`)
}

test('[N-70] an erasure goes from receipt to closing letter: decided, carried out everywhere, answered, and the case outlives it', async () => {
  const at = await asks('dev@residents.example', 'erasure')
  const [id = ''] = await house.vault.findByEmail('dev@residents.example')
  assert.match((await dorothy.get(at)).text, /The law suggests: <strong>all of it/)
  assert.match((await go(at, 'decision', { decision: 'refused' })).text, /Enter the reasons/)
  await go(at, 'decision', { decision: 'granted', reasons: 'Nothing in our task still needs it.' })
  const nadia = await site.staff('Nadia')
  await nadia.send(`${at}/execution`, {}, at)
  assert.equal((await house.vault.record(id))?.state, 'tombstone')
  await answer(dorothy, at, 'Hello Dev Patel,\n\nWe have deleted it.')
  const letter = (await site.letters()).find(
    one => one.to === 'dev@residents.example' && one.subject === 'Our answer about your data',
  )
  assert.match(letter?.text ?? '', /We have deleted it\./)
  await go(at, 'step', { what: 'close' })
  const { text } = await dorothy.get(at)
  assert.match(text, /Closed\./)
  assert.match(text, /Dev Patel/)
  const record = await house.vault.record(at.split('/').at(-1) ?? '')
  assert.equal(record?.expiresOn, '2032-11-23')
})

test('[N-70] a restricted record is invisible to staff, the person still sees it and asks, and is told before it is used again', async () => {
  const at = await asks('femi@residents.example', 'restriction')
  const [id = ''] = await house.vault.findByEmail('femi@residents.example')
  await go(at, 'decision', { decision: 'granted', reasons: 'While the accuracy is looked into.' })
  await go(at, 'execution', {})
  const grace = await site.staff('Grace')
  assert.equal((await grace.get(`/staff/applications/${id}`)).status, 404)
  assert.doesNotMatch((await grace.get('/staff/applications')).text, /Femi Balogun/)
  const femi = await signedIn('femi@residents.example')
  const { text } = await femi.get('/me/data')
  assert.match(text, /Femi Balogun/)
  assert.match(text, /Your record is set aside/)
  await go(at, 'letter', {})
  const holds = '/staff/protection/holds'
  const number = /id="hold-(\d+)-title">Restriction/.exec((await dorothy.get(holds)).text)?.[1] ?? ''
  const early = await dorothy.send(`${holds}/lifted`, { hold: number }, holds)
  assert.equal(early.status, 422)
  assert.match(early.text, /Tell the person the day before/)
  assert.match((await go(at, 'step', { what: 'lift' })).text, /Enter why the record is used again/)
  await go(at, 'step', { what: 'lift', words: 'It was accurate.' })
  assert.match((await dorothy.get(at)).text, /told that the record is used again: It was accurate/)
  assert.equal((await dorothy.send(`${holds}/lifted`, { hold: number }, holds)).status, 422, 'not on the same day')
  const now = house.clock.now().toISOString()
  house.clock.set('2026-11-24T09:00:00Z')
  assert.equal((await (await site.staff('Dorothy')).send(`${holds}/lifted`, { hold: number }, holds)).status, 303)
  assert.match((await (await site.staff('Grace')).get('/staff/applications')).text, /Femi Balogun/)
  house.clock.set(now)
})

test('an answer cannot be skipped, an extension cannot come too late, and a closed case takes no step', async () => {
  const at = await asks('amina@residents.example', 'access')
  assert.match((await go(at, 'step', { what: 'close' })).text, /Write and send the answer first/)
  assert.match((await go(at, 'execution', {})).text, /There is nothing to carry out/)
  house.clock.set('2026-12-24T09:00:00Z')
  const again = await site.staff('Dorothy')
  assert.match(
    (await again.send(`${at}/step`, { what: 'extend', words: 'It is long.' }, at)).text,
    /It is too late to extend/,
  )
  house.clock.set('2026-11-23T09:00:00Z')
})

test('a request that came by post has its true date; the future is refused', async () => {
  const desk = await site.staff('Dorothy')
  const posted = { matter: 'access', channel: 'post', name: 'Win Ter', reach: '1 Road, Leeds', words: 'All of it' }
  const late = await desk.send('/staff/protection/cases/new', { ...posted, received: '2027-01-01' })
  assert.match(late.text, /must not be in the future/)
  assert.match(late.text, /Win Ter/)
  const old = await desk.send('/staff/protection/cases/new', { ...posted, received: '2026-11-02' })
  assert.match(old.text, /Enter why it is entered only now: it came more than a week ago/)
  const why = 'It lay in the post room.'
  const made = await desk.send('/staff/protection/cases/new', { ...posted, received: '2026-11-02', why })
  assert.match((await desk.get(made.location)).text, /Entered only now: It lay in the post room\./)
  assert.match((await desk.get(made.location)).text, /Due 2 December 2026/)
})

test('the law never suggests a refusal', () => {
  for (const matter of Object.keys(matters) as (keyof typeof matters)[])
    assert.notEqual(propose(matter).decision, 'refused')
})

test('[N-44] panel rights export gives everything held about one person', async () => {
  const said: string[] = []
  const io = { out: (line: string) => void said.push(line), err: (line: string) => void said.push(line) }
  assert.equal(await runCommand(['rights', 'export', 'amina@residents.example'], house, io), 0)
  assert.match(said.join(''), /"Amina Okafor"/)
  assert.equal(await runCommand(['rights', 'export', 'nobody@example.org'], house, io), 1)
  assert.equal(await runCommand(['rights', 'export'], house, io), 2)
})
