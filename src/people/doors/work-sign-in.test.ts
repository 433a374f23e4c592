import assert from 'node:assert/strict'
import { test } from 'node:test'
import { within } from '#src/promises/house.ts'
import { system } from '#src/promises/notice/actor.ts'
import { startProvider } from '#test/provider.ts'
import { testSite } from '#test/site.ts'

const client = { id: 'panel', secret: 'a-secret-of-the-test' }
const provider = await startProvider(client)
const site = await testSite({ oidc: { issuer: provider.issuer, clientId: client.id, clientSecret: client.secret } })
const { house } = site
const safe = { by: system('test'), for: 'keep the service safe' } as const
const grace = { sub: 'person-1', email: 'grace@panel.example' }

async function signIn(person: Parameters<typeof provider.signIn>[1], path = '/sign-in/work', change = {}) {
  const visitor = site.visitor()
  const led = await visitor.get(path)
  assert.ok(led.location.startsWith(`${provider.issuer}/authorize?`))
  return { visitor, answer: await visitor.get(provider.signIn(led.location, person, change)) }
}

test('staff sign in with their work account, and go on to where they were going', async () => {
  const { visitor, answer } = await signIn(grace, '/sign-in/work?next=/staff/rounds')
  assert.equal(answer.location, '/staff/rounds')
  assert.equal((await visitor.get('/staff')).status, 200)
  assert.match((await site.visitor().get('/sign-in?next=/staff')).text, /href="\/sign-in\/work\?next=%2Fstaff"/)
})

test('a work account without a staff account is told so, and an unproved address is nobody’s', async () => {
  const stranger = await signIn({ sub: 'person-2', email: 'stranger@panel.example' })
  assert.equal(stranger.answer.status, 403)
  assert.match(stranger.answer.text, /Ask an administrator to invite you/)
  const unproved = await signIn({ sub: 'person-3', email: 'omar@panel.example', email_verified: false })
  assert.equal(unproved.answer.status, 403)
  assert.match((await unproved.visitor.get('/staff')).location, /^\/sign-in/)
})

test('a resident’s address is no staff account', async () => {
  assert.equal((await signIn({ sub: 'person-4', email: 'amina@residents.example' })).answer.status, 403)
})

test('an address that changed hands does not open the account, and the ledger says so', async () => {
  const heir = await signIn({ sub: 'person-5', email: 'grace@panel.example' })
  assert.equal(heir.answer.status, 403)
  const entries = await within(house, safe, tx =>
    tx.selectFrom('ledger_entry').selectAll().where('act', '=', 'refused').where('role', '=', 'system').execute(),
  )
  assert.equal(entries.at(-1)?.subject, (await house.vault.findByEmail('grace@panel.example'))[0])
})

test('an answer for another browser, another nonce, or used twice signs nobody in', async () => {
  const { visitor, answer } = await signIn(grace, '/sign-in/work', { nonce: 'forged' })
  assert.equal(answer.status, 422)
  assert.match((await visitor.get('/staff')).location, /^\/sign-in/)

  const mine = site.visitor()
  const back = provider.signIn((await mine.get('/sign-in/work')).location, grace)
  assert.equal((await site.visitor().get(back)).status, 422)
  const other = site.visitor()
  await other.get('/sign-in/work')
  assert.equal((await other.get(back)).status, 422)

  const fresh = site.visitor()
  const used = provider.signIn((await fresh.get('/sign-in/work')).location, grace)
  const cookies = fresh.cookies()
  assert.equal((await fresh.get(used)).location, '/staff')
  fresh.setCookies(cookies)
  assert.equal((await fresh.get(used)).status, 422)
})

test('a closed account stays closed', async () => {
  const alex = await signIn({ sub: 'person-6', email: 'alex@panel.example' })
  const [id] = await house.vault.findByEmail('grace@panel.example')
  await alex.visitor.send(`/staff/settings/people/${id}/closure`, {})
  assert.equal((await signIn(grace)).answer.status, 403)
})

test('where work accounts are set up, staff get no code by email, and residents still do', async () => {
  await site.visitor().send('/sign-in', { email: 'priya@panel.example' })
  await site.visitor().send('/sign-in', { email: 'amina@residents.example' })
  const codes = (await site.letters()).filter(one => /code to sign in/.test(one.subject)).map(one => one.to)
  assert.deepEqual(codes, ['amina@residents.example'])
})

test('someone invited goes on to their work account', async () => {
  const alex = await signIn({ sub: 'person-6', email: 'alex@panel.example' })
  const person = { name: 'Ines Cole', email: 'ines@panel.example', roles: 'officer' }
  await alex.visitor.send('/staff/settings/people', person)
  const letter = (await site.letters()).find(one => one.to === person.email)
  const link = /\/welcome\/\S+/.exec(letter?.text ?? '')?.[0] ?? ''
  assert.equal((await signIn({ sub: 'person-7', email: person.email })).answer.status, 403)
  assert.equal((await site.visitor().send(link)).location, '/sign-in/work')
  assert.equal((await signIn({ sub: 'person-7', email: person.email })).answer.location, '/staff')
})
