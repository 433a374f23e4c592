import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hiddenIn, testSite } from '#test/site.ts'

const site = await testSite()
const address = 'couple@example.org'

async function begun(name: string) {
  const visitor = site.visitor()
  await visitor.send('/apply/name', { name, terms: '0' }, '/apply/name?terms=0')
  const sent = await visitor.send('/apply/contact', { channel: 'email', email: address })
  // Nothing on the page tells whether the address has another application: it goes on as ever.
  assert.equal(sent.location, '/apply/landlord')
  return visitor
}

const confirmations = async () =>
  (await site.letters()).filter(one => one.to === address && one.subject === 'Confirm your email address')

test('whoever applies with an address that has an application is asked, in the letter and where it leads', async () => {
  await begun('Ann Couple')
  const [first] = await confirmations()
  assert.doesNotMatch(first?.text ?? '', /Another application/)
  await begun('Ben Couple')
  const second = (await confirmations()).find(one => /Ben Couple/.test(one.text))
  assert.match(second?.text ?? '', /Another application of this round uses this address already[\s\S]*\/sign-in/)
  const path = /\/confirm\/\S+/.exec(second?.text ?? '')?.[0] ?? ''
  const confirmed = await site.visitor().send(path)
  assert.match(confirmed.text, /did you mean to go on with it\?[\s\S]*href="\/sign-in"[\s\S]*both count/)
})

test('signing in with an address of several people asks whose application it is, and an empty answer gets a sentence', async () => {
  const visitor = site.visitor()
  await visitor.send('/sign-in', { email: address })
  const letter = (await site.letters()).find(one => one.subject === 'Your code to sign in')
  const code = /code is (\w{6})/.exec(letter?.text ?? '')?.[1] ?? ''
  const inside = await visitor.raw('/sign-in/code', {
    ...hiddenIn((await visitor.send('/sign-in', { email: address })).text),
    code,
  })
  assert.equal(inside.location, '/choose')
  const page = (await visitor.get('/choose')).text
  assert.match(page, /Ann Couple[\s\S]*RP-\w{4}-\w{4}, not sent yet, last changed on/)
  const empty = await visitor.send('/choose', {})
  assert.equal(empty.status, 422)
  assert.match(empty.text, /Select whose application you want to see/)
  const ben = /value="([^"]+)"[^>]*>\s*<label[^>]*>\s*Ben Couple/.exec(page)?.[1] ?? ''
  assert.equal((await visitor.send('/choose', { dossier: ben })).location, '/me')
  assert.match((await visitor.get('/me')).text, /Hello, Ben Couple/)
})
