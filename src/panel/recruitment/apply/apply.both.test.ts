import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import { within } from '#src/promises/house.ts'
import { system } from '#src/promises/notice/actor.ts'
import { sweep } from '#src/promises/retention/sweep.ts'
import { hiddenIn, testSite } from '#test/site.ts'

const site = await testSite()
const { house } = site
const safe = { by: system('test'), for: 'exercise rights' } as const

type Visitor = ReturnType<typeof site.visitor>

const answers: [string, Record<string, string | string[]>][] = [
  ['/apply/contact', { channel: 'email', email: 'zadie@example.org' }],
  ['/apply/landlord', { landlord: 'northgate homes', tenancy: 'association-tenant' }],
  ['/apply/area', { area: 'E08000003' }],
  ['/apply/age-range', { ageRange: '35-44' }],
  ['/apply/gender', { gender: 'own-words', genderDescription: 'agender' }],
  ['/apply/skills', { answer1: 'I read service charge accounts.', answer2: 'Patience.' }],
  ['/apply/adjustments', { adjustments: ['captions', 'breaks'], words: 'A quiet room' }],
]

async function begin(visitor: Visitor, name = 'Zadie Quill'): Promise<void> {
  assert.equal((await visitor.get('/apply/begin')).location, '/apply/england')
  assert.equal((await visitor.send('/apply/england', { england: 'yes' })).location, '/apply/home')
  assert.equal((await visitor.send('/apply/home', { social: 'yes' })).location, '/apply/terms')
  assert.equal((await visitor.send('/apply/terms', { terms: '1' })).location, '/apply/name')
  assert.equal((await visitor.send('/apply/name', { name }, '/apply/name')).location, '/apply/contact')
}

async function applyWhole(email = 'zadie@example.org', name = 'Zadie Quill'): Promise<Visitor> {
  const visitor = site.visitor()
  await begin(visitor, name)
  for (const [path, fields] of answers) {
    const sent = await visitor.send(path, path === '/apply/contact' ? { ...fields, email } : fields)
    assert.equal(sent.status, 303, `${path}: ${sent.text.slice(0, 3000)}`)
  }
  assert.equal((await visitor.send('/apply/check')).location, '/apply/equality')
  return visitor
}

test('a resident applies, and sees a reference, what happens next and when it is deleted', async () => {
  const zadie = await applyWhole()
  await zadie.send('/apply/equality', { answer: 'yes' })
  assert.equal((await zadie.send('/apply/ethnicity', { group: 'mixed' })).location, '/apply/ethnicity/mixed')
  assert.equal((await zadie.send('/apply/ethnicity/mixed', { background: 'mixed-other' })).location, '/apply/sent')
  const sent = await zadie.get('/apply/sent')
  assert.match(sent.text, /RP-[A-Z2-9]{4}-[A-Z2-9]{4}/)
  assert.match(sent.text, /deleted on <strong>4 July 2027/)
  const letters = await site.letters()
  const received = letters.find(one => one.to === 'zadie@example.org' && one.subject === 'We have your application')
  assert.match(received?.text ?? '', /Hello Zadie Quill/)
})

test('"check your answers" shows everything, and each answer can be changed', async () => {
  const visitor = await applyWhole('check@example.org')
  const page = await visitor.get('/apply/check')
  for (const shown of [
    'Zadie Quill',
    'check@example.org',
    'Northgate Homes',
    'Manchester (North West)',
    '35 to 44',
    'I read service charge accounts.',
    'A quiet room',
  ])
    assert.ok(page.text.includes(shown), shown)
  const changed = await visitor.send('/apply/area', { area: 'E06000001' }, '/apply/area?check=1')
  assert.equal(changed.location, '/apply/check')
  assert.match((await visitor.get('/apply/check')).text, /Hartlepool \(North East\)/)
})

test('[N-20] everything optional can be left out, and the application is taken all the same', async () => {
  const visitor = site.visitor()
  await begin(visitor, 'Mo')
  await visitor.send('/apply/contact', { channel: 'phone', phone: '07700 900 982' })
  await visitor.send('/apply/landlord', { landlord: 'Nobody’s Homes', tenancy: 'not-said', found: 'not-listed' })
  await visitor.send('/apply/area', { area: 'E06000001' })
  for (const path of ['/apply/age-range', '/apply/gender', '/apply/skills', '/apply/adjustments'])
    assert.equal((await visitor.send(path)).status, 303, path)
  assert.equal((await visitor.send('/apply/check')).location, '/apply/equality')
  assert.equal((await visitor.send('/apply/equality', { answer: 'no' })).location, '/apply/sent')
})

test('an empty page is shown again with one sentence, as filled in, and nothing is saved', async () => {
  const visitor = site.visitor()
  await begin(visitor)
  const page = await visitor.send('/apply/contact', { email: 'not an address', channel: 'email' })
  assert.equal(page.status, 422)
  assert.match(page.text, /<title>Error: /)
  assert.match(page.text, /There is a problem/)
  assert.match(page.text, /Enter an email address in the correct format, like name@example.com/)
  assert.match(page.text, /value="not an address"/)
  assert.equal((await visitor.send('/apply/area', { area: 'nowhere' })).status, 422)
  const early = await visitor.send('/apply/check')
  assert.equal(early.status, 422)
  assert.match(early.text, /<a href="\/apply\/contact\?check=1">Answer “How can we reach you\?”/)
})

test('a landlord is found by typing a part of its name, without any script', async () => {
  const visitor = site.visitor()
  await begin(visitor)
  const asked = await visitor.send('/apply/landlord', { landlord: 'wood', tenancy: 'association-tenant' })
  assert.match(asked.text, /Harrow Wood Housing Association/)
  assert.match(asked.text, /My landlord is not in this list: it is wood/)
  const chosen = await visitor.send('/apply/landlord', {
    landlord: 'wood',
    tenancy: 'association-tenant',
    found: 'Harrow Wood Housing Association',
  })
  assert.equal(chosen.location, '/apply/area')
})

test('someone who may not apply is told why and where to turn, and nothing is kept', async () => {
  const before = (await house.keys.counts('2026-11-23')).alive
  const visitor = site.visitor()
  assert.equal((await visitor.send('/apply/england', { england: 'no' })).location, '/apply/not-eligible')
  assert.match((await visitor.get('/apply/not-eligible')).text, /We have kept nothing/)
  assert.equal((await house.keys.counts('2026-11-23')).alive, before)
})

test('[N-03] nobody’s data is taken before the notice in force was shown', async () => {
  const visitor = site.visitor()
  const page = await visitor.get('/apply/name')
  const token = /name="_csrf" value="([^"]+)"/.exec(page.text)?.[1] ?? ''
  const refused = await visitor.raw('/apply/name', { _csrf: token, name: 'Nia' })
  assert.equal(refused.status, 422)
  const stored = await within(house, { by: system('test'), for: 'administer the panel' }, tx =>
    tx
      .selectFrom('application')
      .select(['notice_version', 'notice_given_how'])
      .where('received_via', '=', 'web')
      .distinct()
      .execute(),
  )
  assert.deepEqual(stored, [{ notice_version: '1', notice_given_how: 'shown on screen' }])
})

test('[N-27] words about health are noticed, never blocked, and marked', async () => {
  const visitor = site.visitor()
  await begin(visitor)
  const words = { answer1: 'I am deaf and use BSL', answer2: '' }
  assert.equal((await visitor.send('/apply/skills', words)).location, '/apply/skills/think')
  const page = (await visitor.get('/apply/skills/think')).text
  assert.match(page, /Move it, so that readers do not see it/)
  assert.match(page, /href="\/apply\/adjustments"[^>]*>\s*Keep it and continue/)
  assert.equal((await visitor.send('/apply/skills', words)).location, '/apply/adjustments')
  assert.match((await visitor.get('/apply/check')).text, /I am deaf and use BSL/)
  const changed = await visitor.send('/apply/skills', { answer1: 'I have asthma.' }, '/apply/skills?check=1')
  assert.equal(changed.location, '/apply/skills/think?check=1')
  assert.match((await visitor.get(changed.location)).text, /href="\/apply\/check"[^>]*>\s*Keep it and continue/)
})

test('[N-27] on the person’s word alone, what tells of health moves to the adjustments, which readers do not see', async () => {
  const visitor = site.visitor()
  await begin(visitor, 'Mo Ving')
  await visitor.send('/apply/contact', { channel: 'email', email: 'moving@example.org' })
  await visitor.send('/apply/adjustments', { adjustments: ['captions'], words: 'A quiet room' })
  await visitor.send('/apply/skills', {
    answer1: 'I chair a group. I am deaf and use BSL.',
    answer2: 'I had a stroke.',
  })
  const [id = ''] = await house.vault.findByEmail('moving@example.org')
  const marked = () =>
    within(house, { by: system('test'), for: 'administer the panel' }, tx =>
      tx.selectFrom('application').select('marked_special').where('dossier_id', '=', id).executeTakeFirst(),
    )
  assert.equal((await marked())?.marked_special, true)
  assert.equal((await visitor.send('/apply/skills/think')).location, '/apply/adjustments')
  const needs = (await visitor.get('/apply/adjustments')).text
  assert.match(needs, /A quiet room\nI am deaf and use BSL\.\nI had a stroke\.<\/textarea>/)
  assert.match(needs, /value="captions" checked/)
  const skills = (await visitor.get('/apply/skills')).text
  assert.match(skills, />I chair a group\.<\/textarea>/)
  assert.doesNotMatch(skills, /deaf|stroke/)
  assert.equal((await marked())?.marked_special, false)
  const twice = await visitor.send('/apply/skills/think', {}, '/apply/adjustments')
  assert.equal(twice.location, '/apply/adjustments', 'a second press moves nothing')
  await visitor.send('/apply/adjustments', { adjustments: [], words: 'w'.repeat(990) })
  await visitor.send('/apply/skills', { answer1: 'I have asthma.' })
  const full = await visitor.send('/apply/skills/think')
  assert.equal(full.status, 422)
  assert.match(full.text, /more than 1000 characters: shorten it first/)
  assert.match((await visitor.get('/apply/skills')).text, /I have asthma/)
})

test('a person comes back on another device with a code, and goes on where they were', async () => {
  const first = site.visitor()
  await begin(first, 'Ravi Menon')
  await first.send('/apply/contact', { channel: 'email', email: 'ravi@example.org' })
  const other = site.visitor()
  await other.send('/sign-in', { email: 'RAVI@example.org' })
  const letter = (await site.letters())
    .filter(one => one.to === 'ravi@example.org' && one.subject === 'Your code to sign in')
    .at(-1)
  const code = /Your code is (\w{6})/.exec(letter?.text ?? '')?.[1] ?? ''
  const page = await other.send('/sign-in', { email: 'ravi@example.org' })
  assert.match(page.text, /If we know ravi@example.org/)
  const signedIn = await other.send(
    '/sign-in/code',
    { email: 'ravi@example.org', code: code.toLowerCase() },
    '/sign-in',
  )
  assert.equal(signedIn.location, '/me')
  assert.match((await other.get('/apply/check')).text, /Ravi Menon/)
  const again = await site.visitor().send('/sign-in/code', { email: 'ravi@example.org', code }, '/sign-in')
  assert.equal(again.status, 422)
})

test('an application can be withdrawn, and deleted at once', async () => {
  const visitor = await applyWhole('leaver@example.org', 'Lee Ver')
  const [id = ''] = await house.vault.findByEmail('leaver@example.org')
  assert.equal((await visitor.send('/me/withdrawal', { how: 'keep' })).location, '/me')
  assert.match((await visitor.get('/me')).text, /Withdrawn/)
  const gone = await visitor.send('/me/withdrawal', { how: 'delete' })
  assert.match(gone.text, /Your application is deleted/)
  assert.equal((await house.vault.record(id))?.state, 'tombstone')
  assert.deepEqual(await house.vault.findByEmail('leaver@example.org'), [])
  const rows = await within(house, safe, tx =>
    tx.selectFrom('sealed_value').select('field').where('dossier_id', '=', id).execute(),
  )
  assert.deepEqual(rows, [])
})

test('[N-28] [N-29] ethnicity and adjustments are sealed under a key of their own, apart from the rest', async () => {
  const zadie = await applyWhole('special@example.org')
  await zadie.send('/apply/equality', { answer: 'yes' })
  await zadie.send('/apply/ethnicity', { group: 'black' })
  const [id = ''] = await house.vault.findByEmail('special@example.org')
  const keys = await house.vault.keysOf(id)
  assert.ok(keys?.special && !keys.special.equals(keys.ordinary))
  const clear = await sql<{
    found: boolean
  }>`select exists (select from application where cast(application as text) like '%black%') as found`.execute(house.db)
  assert.equal(clear.rows[0]?.found, false)
})

test('awkward names are taken as they are, and impossible ones get one sentence', async () => {
  for (const name of ['Ngũgĩ wa Thiong’o', 'שרה לוי', '👩🏽‍🚒 Sam', 'Zoë\u0000 Quill', '<b>Bobby</b>']) {
    const visitor = site.visitor()
    await begin(visitor, name)
    const page = await visitor.get('/apply/check')
    assert.equal(page.status, 200)
    assert.doesNotMatch(page.text, /<b>Bobby<\/b>/)
  }
  const visitor = site.visitor()
  await visitor.get('/apply/name')
  const long = await visitor.send('/apply/name', { name: 'x'.repeat(10_000) })
  assert.equal(long.status, 422)
  assert.match(long.text, /Full name must be 200 characters or fewer/)
})

test('pressing "send" twice, or in two tabs, sends one application and one letter', async () => {
  const visitor = await applyWhole('twice@example.org')
  await visitor.send('/apply/check')
  const letters = (await site.letters()).filter(
    one => one.to === 'twice@example.org' && one.subject === 'We have your application',
  )
  assert.equal(letters.length, 1)
})

test('two tabs: each page saves its own answers, and an older window asks before it puts another answer in place', async () => {
  const visitor = site.visitor()
  await begin(visitor, 'Tabitha Two')
  const fieldsOf = async (url: string) => hiddenIn((await visitor.get(url)).text)
  const [contact, area, skills, older] = [
    await fieldsOf('/apply/contact'),
    await fieldsOf('/apply/area'),
    await fieldsOf('/apply/skills'),
    await fieldsOf('/apply/skills'),
  ]
  await Promise.all([
    visitor.raw('/apply/area', { ...area, area: 'E06000001' }),
    visitor.raw('/apply/contact', { ...contact, channel: 'email', email: 'tabs@example.org' }),
  ])
  await visitor.raw('/apply/skills', { ...skills, answer1: 'The long answer of this window.', answer2: '' })
  const asked = await visitor.raw('/apply/skills', { ...older, answer1: 'The older window.', answer2: '' })
  assert.equal(asked.status, 409)
  assert.match(asked.text, /You changed this answer in another window/)
  assert.match(asked.text, /The long answer of this window\./)
  assert.match(asked.text, />The older window\.<\/textarea>/)
  const { text } = await visitor.get('/apply/check')
  for (const kept of ['tabs@example.org', 'Hartlepool', 'Tabitha Two', 'The long answer of this window.'])
    assert.ok(text.includes(kept), kept)
  const sure = { ...hiddenIn(asked.text), answer1: 'The older window.', answer2: '' }
  assert.equal((await visitor.raw('/apply/skills', sure)).location, '/apply/adjustments')
  assert.match((await visitor.get('/apply/check')).text, /The older window/)
})

test('going back in the same window, pressing twice, and sending the same again ask nothing', async () => {
  const visitor = site.visitor()
  await begin(visitor, 'Bea Back')
  const page = hiddenIn((await visitor.get('/apply/age-range')).text)
  const send = (ageRange: string) => visitor.raw('/apply/age-range', { ...page, ageRange })
  for (const range of ['35-44', '35-44', '45-54']) assert.equal((await send(range)).status, 303)
  const other = hiddenIn((await visitor.get('/apply/age-range')).text)
  assert.equal((await visitor.raw('/apply/age-range', { ...other, ageRange: '25-34' })).status, 303)
  assert.equal((await send('25-34')).status, 303)
})

test('a corrected email address is asked to confirm at once, and a double press sends one letter', async () => {
  const visitor = site.visitor()
  await begin(visitor, 'Terry Typo')
  for (const email of ['terry@exmaple.org', 'terry@example.org', 'terry@example.org'])
    await visitor.send('/apply/contact', { channel: 'email', email })
  const confirm = (await site.letters()).filter(one => /terry@ex/.test(one.to)).map(one => one.to)
  assert.ok(confirm.filter(to => to === 'terry@example.org').length >= 1, confirm.join())
  assert.ok(confirm.length <= 2, confirm.join())
})

test('the back button: an old page sent again changes the one application, also after it was sent', async () => {
  const visitor = await applyWhole('back@example.org')
  await visitor.send('/apply/name', { name: 'Back Button' })
  assert.match((await visitor.get('/apply/check')).text, /Back Button/)
  await visitor.send('/apply/check')
  const found = await house.vault.findByEmail('back@example.org')
  assert.equal(found.length, 1)
  const letters = (await site.letters()).filter(
    one => one.to === 'back@example.org' && one.subject === 'We have your application',
  )
  assert.equal(letters.length, 1)
})

test('one person’s page cannot be opened by another, and a form without its token is refused', async () => {
  const visitor = await applyWhole('mine@example.org')
  const [id = ''] = await house.vault.findByEmail('mine@example.org')
  assert.equal((await visitor.get(`/staff/rounds/${id}`)).status, 403)
  assert.equal((await visitor.raw('/apply/area', { area: 'E06000001' })).status, 403)
  const stranger = site.visitor()
  assert.equal((await stranger.get('/apply/check')).location, '/sign-in?next=%2Fapply%2Fcheck')
})

test('a second after closing, the page is kind, and what was saved is kept until the draft’s date', async () => {
  house.clock.set('2027-01-04T16:59:00Z')
  const visitor = site.visitor()
  await begin(visitor, 'Late Larry')
  const token = /name="_csrf" value="([^"]+)"/.exec((await visitor.get('/apply/contact')).text)?.[1] ?? ''
  house.clock.set('2027-01-04T17:00:01Z')
  const shut = await visitor.raw('/apply/contact', { _csrf: token, channel: 'email', email: 'late@example.org' })
  assert.equal(shut.status, 200)
  assert.match(shut.text, /This round has closed/)
  assert.match(shut.text, /kept until/)
  house.clock.set('2027-01-05T04:00:00Z')
  const before = await house.keys.counts('2027-01-05')
  await sweep(house.reach)
  const after = await house.keys.counts('2027-01-05')
  assert.ok(before.overdue > 0 && after.overdue === 0)
})
