import assert from 'node:assert/strict'
import { test } from 'node:test'
import { within } from '#src/promises/house.ts'
import { system } from '#src/promises/notice/actor.ts'
import { testSite } from '#test/site.ts'

const site = await testSite()
const { house } = site
const safe = { by: system('test'), for: 'keep the service safe' } as const
const amina = 'amina@residents.example'
const wrong = /The code is wrong or has run out/

/** Asks for a code and reads it in the mail, as its owner does. */
async function codeFor(email: string): Promise<{ code: string; link: string }> {
  const codes = async () =>
    (await site.letters()).filter(one => one.to === email && /code to sign in/.test(one.subject))
  const before = new Set((await codes()).map(one => one.messageId))
  await site.visitor().send('/sign-in', { email })
  const text = (await codes()).find(one => !before.has(one.messageId))?.text ?? ''
  return { code: /code is (\w{6})/.exec(text)?.[1] ?? '', link: /\/sign-in\/link\/\S+/.exec(text)?.[0] ?? '' }
}

async function signIn(email: string, visitor = site.visitor()) {
  const { code } = await codeFor(email)
  const answer = await visitor.send('/sign-in/code', { email, code }, '/sign-in')
  return { visitor, answer }
}

/** Waits an hour, so that one test's codes do not count in the next. */
function anHourLater(): void {
  house.clock.set(new Date(house.clock.now().getTime() + 61 * 60_000).toISOString())
}

async function refusals() {
  return within(house, safe, tx =>
    tx.selectFrom('ledger_entry').selectAll().where('act', '=', 'refused').orderBy('id').execute(),
  )
}

test('nothing tells whether an address is known: the page is the same, and only the known one gets mail', async () => {
  const before = (await site.letters()).length
  const plain = (text: string) => text.replace(/value="[^"]*"|[\w.]+@[\w.]+/g, '')
  const known = await site.visitor().send('/sign-in', { email: amina })
  const unknown = await site.visitor().send('/sign-in', { email: 'nobody@residents.example' })
  assert.equal(known.status, unknown.status)
  assert.equal(plain(known.text), plain(unknown.text))
  const letters = await site.letters()
  assert.equal(letters.length, before + 1)
  assert.ok(!letters.some(one => one.to === 'nobody@residents.example'))
  anHourLater()
})

test('a code signs in once, in small letters, with spaces and look-alikes, and not a second time', async () => {
  const { code } = await codeFor(amina)
  const typed = code.toLowerCase().replace(/q/g, '0').replace(/j/g, 'l').replace(/(...)/, '$1 - ')
  const first = await site.visitor().send('/sign-in/code', { email: amina, code: typed }, '/sign-in')
  assert.equal(first.location, '/me')
  const second = await site.visitor().send('/sign-in/code', { email: amina, code }, '/sign-in')
  assert.equal(second.status, 422)
  assert.match(second.text, wrong)
  anHourLater()
})

test('a code and a link run out after 60 minutes', async () => {
  const { code, link } = await codeFor(amina)
  house.clock.set(new Date(house.clock.now().getTime() + 60 * 60_000).toISOString())
  assert.match((await site.visitor().send('/sign-in/code', { email: amina, code }, '/sign-in')).text, wrong)
  assert.match((await site.visitor().send(link)).text, /This link has run out/)
})

test('after six wrong codes the right one is refused too, but the link in the email still works', async () => {
  const { code, link } = await codeFor(amina)
  const guesser = site.visitor()
  for (let at = 0; at < 6; at++)
    assert.equal((await guesser.send('/sign-in/code', { email: amina, code: 'AAAAAA' }, '/sign-in')).status, 422)
  assert.match((await site.visitor().send('/sign-in/code', { email: amina, code }, '/sign-in')).text, wrong)
  assert.equal((await site.visitor().send(link)).location, '/me')
  anHourLater()
})

test('one address gets at most six codes an hour, and the page does not say so', async () => {
  const before = (await site.letters()).filter(one => one.to === 'chloe@residents.example').length
  for (let at = 0; at < 9; at++) {
    const page = await site.visitor().send('/sign-in', { email: 'chloe@residents.example' })
    assert.match(page.text, /Check your email/)
  }
  const after = (await site.letters()).filter(one => one.to === 'chloe@residents.example').length
  assert.equal(after - before, 6)
  anHourLater()
})

test('opening the link signs nobody in, as mail scanners open links; pressing its button does, once', async () => {
  const { link } = await codeFor(amina)
  const scanner = site.visitor()
  const page = await scanner.get(link)
  assert.match(page.text, /Press the button to sign in/)
  assert.match((await scanner.get('/me')).location, /^\/sign-in/)
  const person = site.visitor()
  assert.equal((await person.send(link)).location, '/me')
  assert.match((await person.get('/me')).text, /Hello, Amina Okafor/)
  assert.equal((await site.visitor().send(link)).status, 422)
  anHourLater()
})

test('neither the code nor the session token is in the database', async () => {
  const { code } = await codeFor(amina)
  const visitor = site.visitor()
  await visitor.send('/sign-in/code', { email: amina, code }, '/sign-in')
  const token = visitor.cookies().session ?? ''
  assert.ok(token && code)
  const rows = await within(house, safe, async tx => [
    await tx.selectFrom('session').selectAll().execute(),
    await tx.selectFrom('sign_in').selectAll().execute(),
    await tx.selectFrom('message').selectAll().execute(),
    await tx.selectFrom('ledger_entry').selectAll().execute(),
  ])
  const all = JSON.stringify(rows)
  assert.ok(!all.includes(code) && !all.includes(token))
  anHourLater()
})

test('a made-up session or link is nobody’s', async () => {
  const forger = site.visitor()
  forger.setCookies({ session: 'x'.repeat(43) })
  assert.equal((await forger.get('/me')).location, '/sign-in?next=%2Fme')
  const forged = await forger.send('/sign-in/link/00000000-0000-4000-8000-000000000000.aaaa')
  assert.equal(forged.status, 422)
  assert.equal((await forger.send('/confirm/00000000-0000-4000-8000-000000000000.aaaa')).status, 404)
})

test('a page that does not exist is not found, for the signed out too', async () => {
  for (const answer of [await site.visitor().get('/nowhere'), await site.visitor().raw('/nowhere', {})]) {
    assert.equal(answer.status, 404)
    assert.match(answer.text, /Page not found/)
  }
})

test('someone else’s record is refused to a resident, and the ledger says who tried what', async () => {
  const { visitor } = await signIn(amina)
  const [own = ''] = await house.vault.findByEmail(amina)
  const [dev = ''] = await house.vault.findByEmail('dev@residents.example')
  assert.equal((await visitor.get(`/staff/applications/${dev}`)).status, 403)
  assert.equal((await visitor.send('/choose', { dossier: dev }, '/me/withdrawal')).status, 403)
  const [opened, chosen] = (await refusals()).slice(-2)
  assert.deepEqual(
    [opened?.actor, opened?.subject, opened?.detail],
    [own, dev, { route: '/staff/applications/:id', status: 403 }],
  )
  assert.deepEqual([chosen?.actor, chosen?.detail], [own, { route: '/choose', status: 403 }])
  assert.match((await visitor.get('/me')).text, /Hello, Amina/)
  anHourLater()
})

test('staff without the role are refused, an id that is nobody’s is not found, and both are in the ledger', async () => {
  const ruth = await site.staff('Ruth')
  const grace = await site.staff('Grace')
  const before = (await refusals()).length
  assert.equal((await ruth.get('/staff/applications')).status, 403)
  const nobody = '00000000-0000-4000-8000-000000000000'
  assert.equal((await grace.get(`/staff/applications/${nobody}`)).status, 404)
  const entries = (await refusals()).slice(before)
  assert.deepEqual(
    entries.map(one => [one.role, one.detail.status]),
    [
      ['analyst', 403],
      ['officer', 404],
    ],
  )
})

test('signing in leads on to where someone was going, on this site alone', async () => {
  const { code } = await codeFor(amina)
  const visitor = site.visitor()
  const led = await visitor.send('/sign-in/code?next=/me/withdrawal', { email: amina, code }, '/sign-in')
  assert.equal(led.location, '/me/withdrawal')
  anHourLater()
  for (const next of [
    '//evil.example',
    'https://evil.example',
    '/\\evil.example',
    '/%09/evil.example\n',
    'javascript:x',
  ]) {
    const { code } = await codeFor(amina)
    const answer = await site.visitor().send('/sign-in/code', { email: amina, code, next }, '/sign-in')
    assert.ok(answer.location === '/me' || answer.location === '/%09/evil.example', `${next}: ${answer.location}`)
    const out = await site.visitor().send('/sign-out', { next }, '/sign-out')
    assert.doesNotMatch(out.location, /^(\/[/\\]|\w+:)/)
    anHourLater()
  }
})

test('each sign-in has a token of its own, and signing out ends it', async () => {
  const { visitor } = await signIn(amina)
  const first = visitor.cookies().session ?? ''
  await signIn(amina, visitor)
  assert.notEqual(visitor.cookies().session, first)
  const thief = site.visitor()
  thief.setCookies({ session: first })
  assert.match((await thief.get('/me')).location, /^\/sign-in/)
  thief.setCookies({ session: visitor.cookies().session ?? '' })
  assert.equal((await thief.get('/me')).status, 200)
  await visitor.send('/sign-out')
  assert.match((await thief.get('/me')).location, /^\/sign-in/)
  anHourLater()
})

test('what is typed after a session has run out comes back after signing in, to the same person alone', async () => {
  const { visitor } = await signIn(amina)
  const page = await visitor.get('/apply/area')
  const token = /name="_csrf" value="([^"]+)"/.exec(page.text)?.[1] ?? ''
  house.clock.set(new Date(house.clock.now().getTime() + 24 * 60 * 60_000).toISOString())
  await visitor.get('/me') // another tab finds the session ended first
  const sent = await visitor.raw('/apply/area?check=1', { _csrf: token, area: 'E06000001' })
  assert.equal(sent.location, '/sign-in')
  assert.match((await visitor.get('/sign-in')).text, /What you typed is kept/)

  const { answer: other } = await signIn('dev@residents.example', visitor)
  assert.equal(other.location, '/kept')
  assert.doesNotMatch((await visitor.get('/kept')).text, /E06000001/)

  const { answer } = await signIn(amina, visitor)
  assert.equal(answer.location, '/kept')
  const kept = await visitor.get('/kept')
  assert.match(kept.text, /action="\/apply\/area\?check=1"/)
  assert.match(kept.text, /name="area" value="E06000001"/)
  const saved = await visitor.raw('/apply/area?check=1', {
    _csrf: /name="_csrf" value="([^"]+)"/.exec(kept.text)?.[1] ?? '',
    area: 'E06000001',
  })
  assert.equal(saved.location, '/apply/check')
  assert.match((await visitor.get('/apply/check')).text, /Hartlepool/)
  anHourLater()
})

test('a stranger’s form is kept nowhere', async () => {
  const before = (await house.keys.counts('2026-11-23')).alive
  await site.visitor().raw('/apply/area', { area: 'E06000001' })
  assert.equal((await house.keys.counts('2026-11-23')).alive, before)
})

test('a form typed in one tab is taken after signing in again in another', async () => {
  const { visitor } = await signIn(amina)
  const page = await visitor.get('/apply/area')
  const token = /name="_csrf" value="([^"]+)"/.exec(page.text)?.[1] ?? ''
  await signIn(amina, visitor)
  assert.equal((await visitor.raw('/apply/area', { _csrf: token, area: 'E08000003' })).status, 303)
})
