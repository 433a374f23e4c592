import assert from 'node:assert/strict'
import { test } from 'node:test'
import { within } from '#src/promises/house.ts'
import { system } from '#src/promises/notice/actor.ts'
import { testSite } from '#test/site.ts'
import { startSession } from '../../doors/sessions.ts'
import { forgetAddresses, undoHours } from './change.ts'

const site = await testSite()
const { house } = site
const rights = { by: system('test'), for: 'exercise rights' } as const
const dev = 'dev@residents.example'

/** The browser of someone signed in by the address they have. */
async function as(address: string, id?: string) {
  const visitor = site.visitor()
  await visitor.get('/')
  const dossier = id ?? (await house.vault.findByEmail(address))[0] ?? ''
  const token = await within(house, rights, tx => startSession(tx, house.clock.now(), 'resident', [dossier]))
  visitor.setCookies({ ...visitor.cookies(), session: token })
  return { visitor, dossier }
}

/** The newest letter to an address with these words in its subject. */
async function letterTo(address: string, about: RegExp): Promise<string> {
  return (await site.letters()).filter(one => one.to === address && about.test(one.subject)).at(-1)?.text ?? ''
}
const codeIn = (text: string) => /code is (\w{6})/.exec(text)?.[1] ?? ''
const linkIn = (text: string) => /\/(?:new-address|not-me)\/\S+/.exec(text)?.[0] ?? ''
const after = (hours: number) =>
  house.clock.set(new Date(house.clock.now().getTime() + hours * 60 * 60_000).toISOString())

/** Asks for another address, at an instant of its own, and reads what both addresses get. */
async function ask(from: string, to: string) {
  after(1 / 3600)
  const { visitor, dossier } = await as(from)
  const answer = await visitor.send('/me/details/email', { email: to })
  const fresh = await letterTo(to, /Confirm your new/)
  const warning = await letterTo(from, /is being changed/)
  return { visitor, dossier, answer, code: codeIn(fresh), link: linkIn(fresh), undo: linkIn(warning), fresh }
}

test('[N-22] a person changes their name, phone, address and channel, and what is wrong is said in a sentence', async () => {
  const { visitor } = await as('amina@residents.example')
  assert.equal((await visitor.send('/me/details/name', { name: 'Amina Okafor-Lane' })).location, '/me/details')
  const by = { channel: 'post', phone: '01632 960 011', address: '1 Mill Lane\nLeeds', postcode: 'ls11aa' }
  assert.equal((await visitor.send('/me/details/reach', by)).location, '/me/details')
  const { text } = await visitor.get('/me/details')
  for (const shown of [/Amina Okafor-Lane/, /01632 960 011/, /1 Mill Lane, Leeds, LS1 1AA/, /Post/])
    assert.match(text, shown)
  assert.match((await visitor.send('/me/details/name', { name: ' ' })).text, /Enter your full name/)
  const none = await visitor.send('/me/details/reach', { channel: 'phone', phone: '', address: '', postcode: '' })
  assert.equal(none.status, 422)
  assert.match(none.text, /Enter a phone number/)
  assert.match((await visitor.get('/me/details')).text, /01632 960 011/, 'what is refused changes nothing')
})

test('who has no email address cannot choose to be reached by it before there is one', async () => {
  const eileen = await within(house, { by: system('test'), for: 'administer the panel' }, async tx => {
    const all = await tx.selectFrom('application').select('dossier_id').where('received_via', '=', 'phone').execute()
    return all[0]?.dossier_id ?? ''
  })
  const { visitor } = await as('', eileen)
  const page = await visitor.send('/me/details/reach', { channel: 'email', phone: '01632 960 044' })
  assert.equal(page.status, 422)
  assert.match(page.text, /Add an email address first/)
})

test('a new address is used only once its code was given, and the old one stays in use until then', async () => {
  const { visitor, dossier, answer, code, fresh } = await ask(dev, 'dev.new@residents.example')
  assert.equal(answer.location, '/me/details/email/code')
  assert.doesNotMatch(fresh, /Dev Patel/, 'a mistyped address is a stranger’s: it hears no name')
  assert.deepEqual(await house.vault.findByEmail(dev), [dossier])
  assert.deepEqual(await house.vault.findByEmail('dev.new@residents.example'), [])
  assert.match((await visitor.get('/me/details')).text, /waits for you to confirm it/)
  assert.match((await visitor.send('/me/details/email/code', { code: '' })).text, /Enter the code/)
  const wrong = await visitor.send('/me/details/email/code', { code: 'AAAAAA' })
  assert.equal(wrong.status, 422)
  assert.match(wrong.text, /The code is wrong or has run out/)
  const elsewhere = await as(dev)
  assert.equal((await visitor.send('/me/details/email/code', { code: code.toLowerCase() })).location, '/me/details')
  assert.deepEqual(await house.vault.findByEmail('dev.new@residents.example'), [dossier])
  assert.deepEqual(await house.vault.findByEmail(dev), [])
  assert.match((await visitor.get('/me/details')).text, /dev\.new@residents\.example/)
  assert.match((await elsewhere.visitor.get('/me')).location, /^\/sign-in/, 'whoever came in by the old one is out')
})

test('“this wasn’t me” puts the old address back, ends every session and every code, and works once', async () => {
  const { visitor, dossier, link, undo } = await ask('chloe@residents.example', 'thief@residents.example')
  const scanner = site.visitor()
  assert.match((await scanner.get(link)).text, /Press the button/)
  assert.deepEqual(await house.vault.findByEmail('thief@residents.example'), [], 'opening a link confirms nothing')
  assert.match((await scanner.send(link)).text, /We use your new email address/)
  assert.deepEqual(await house.vault.findByEmail('thief@residents.example'), [dossier])
  await scanner.send('/sign-in', { email: 'thief@residents.example' })
  const thiefs = codeIn(await letterTo('thief@residents.example', /code to sign in/))
  after(71)
  const owner = site.visitor()
  assert.match((await owner.get(undo)).text, /Press the button if you did not ask/)
  assert.deepEqual(await house.vault.findByEmail('thief@residents.example'), [dossier], 'opening it puts nothing back')
  assert.match((await owner.send(undo)).text, /We use this email address/)
  assert.deepEqual(await house.vault.findByEmail('chloe@residents.example'), [dossier])
  assert.deepEqual(await house.vault.findByEmail('thief@residents.example'), [])
  assert.match((await visitor.get('/me')).location, /^\/sign-in/)
  const late = await scanner.send('/sign-in/code', { email: 'thief@residents.example', code: thiefs }, '/sign-in')
  assert.equal(late.status, 422)
  assert.match((await owner.send(undo)).text, /This link has run out/)
  assert.match((await owner.send(link)).text, /This link has run out/)
})

test('a thief who changes the address twice does not keep it', async () => {
  const first = await ask('femi@residents.example', 'one@thief.example')
  await first.visitor.send('/me/details/email/code', { code: first.code })
  const second = await ask('one@thief.example', 'two@thief.example')
  await second.visitor.send('/me/details/email/code', { code: second.code })
  assert.match((await site.visitor().send(first.undo)).text, /We use this email address/)
  assert.deepEqual(await house.vault.findByEmail('femi@residents.example'), [first.dossier])
  assert.match((await site.visitor().send(second.undo)).text, /This link has run out/)
  assert.deepEqual(await house.vault.findByEmail('femi@residents.example'), [first.dossier])
})

test('taken back before it was confirmed, a change cannot be confirmed any more', async () => {
  const { undo, link } = await ask('barry@residents.example', 'barry.b@residents.example')
  await site.visitor().send(undo)
  assert.match((await site.visitor().send(link)).text, /This link has run out/)
  assert.equal((await house.vault.findByEmail('barry@residents.example')).length, 1)
})

test('an old link does nothing after 72 hours, and then neither address is kept for it', async () => {
  const { visitor, dossier, code, undo } = await ask('barry@residents.example', 'barry.c@residents.example')
  await visitor.send('/me/details/email/code', { code })
  assert.equal(undoHours, 72)
  after(72)
  assert.match((await site.visitor().send(undo)).text, /This link has run out/)
  assert.deepEqual(await house.vault.findByEmail('barry.c@residents.example'), [dossier])
  assert.ok((await forgetAddresses(house)) > 0)
  const ask72 = { by: system('test'), for: 'exercise rights', fields: ['addressChanges'] } as const
  const [opened] = await within(house, rights, tx => house.vault.open(tx, 'panel', ask72, [dossier]))
  assert.equal(opened?.addressChanges, undefined)
  assert.match((await site.visitor().send(undo)).text, /This link has run out/)
})

test('a code runs out after an hour, a newer change ends an older one, and six wrong codes end it too', async () => {
  const old = await ask('barry.c@residents.example', 'late@residents.example')
  const token = /name="_csrf" value="([^"]+)"/.exec((await old.visitor.get('/me/details/email')).text)?.[1] ?? ''
  after(1)
  const late = await old.visitor.raw('/me/details/email/code', { _csrf: token, code: old.code })
  assert.equal(late.status, 422)
  assert.match(late.text, /wrong or has run out/)
  assert.match((await site.visitor().send(old.link)).text, /This link has run out/)
  const first = await ask('barry.c@residents.example', 'first@residents.example')
  const second = await ask('barry.c@residents.example', 'second@residents.example')
  assert.match((await site.visitor().send(first.link)).text, /This link has run out/)
  for (let at = 0; at < 6; at++) await second.visitor.send('/me/details/email/code', { code: 'AAAAAA' })
  assert.equal((await second.visitor.send('/me/details/email/code', { code: second.code })).status, 422)
  assert.equal((await house.vault.findByEmail('barry.c@residents.example')).length, 1)
})

test('an address in use by another record is taken like any other, tells nothing, and then finds both', async () => {
  after(2)
  const plain = (text: string) => text.replace(/value="[^"]*"|[\w.]+@[\w.]+/g, '')
  const free = await ask('femi@residents.example', 'nobody.here@residents.example')
  const freePage = plain((await free.visitor.get('/me/details/email/code')).text)
  after(2)
  const { visitor, dossier, answer, code } = await ask('femi@residents.example', 'amina@residents.example')
  assert.equal(answer.location, free.answer.location)
  assert.equal(plain((await visitor.get('/me/details/email/code')).text), freePage)
  assert.equal((await visitor.send('/me/details/email/code', { code })).location, '/me/details')
  const both = await house.vault.findByEmail('amina@residents.example')
  assert.equal(both.length, 2)
  assert.ok(both.includes(dossier))
  const shared = site.visitor()
  await shared.send('/sign-in', { email: 'amina@residents.example' })
  const sent = codeIn(await letterTo('amina@residents.example', /code to sign in/))
  const entered = await shared.send('/sign-in/code', { email: 'amina@residents.example', code: sent }, '/sign-in')
  assert.equal(entered.location, '/choose')
  assert.match((await shared.get('/choose')).text, /Femi Balogun/)
})

test('the same address again, a wrong one, and a fourth in an hour are refused in a sentence', async () => {
  after(2)
  const { visitor } = await as('dev.new@residents.example')
  assert.match((await visitor.send('/me/details/email', { email: 'DEV.new@residents.example' })).text, /use already/)
  assert.match((await visitor.send('/me/details/email', { email: 'dev at home' })).text, /in the correct format/)
  for (const at of [1, 2, 3]) await visitor.send('/me/details/email', { email: `dev${at}@residents.example` })
  const fourth = await visitor.send('/me/details/email', { email: 'dev4@residents.example' })
  assert.match(fourth.text, /Wait an hour/)
  assert.equal(await letterTo('dev4@residents.example', /./), '')
})

test('[N-52] neither address of a change stands in clear in the database, and no link of another’s making works', async () => {
  const dump = await within(house, rights, async tx => ({
    rows: await tx.selectFrom('address_change').selectAll().execute(),
    letters: await tx.selectFrom('message').selectAll().execute(),
    ledger: await tx.selectFrom('ledger_entry').selectAll().execute(),
  }))
  assert.doesNotMatch(JSON.stringify(dump), /@residents|@thief/)
  const [row] = dump.rows
  const forged = `/not-me/${row?.id}.${'A'.repeat(32)}`
  assert.equal((await site.visitor().send(forged)).status, 422)
  assert.equal((await site.visitor().send('/new-address/nonsense')).status, 422)
})
