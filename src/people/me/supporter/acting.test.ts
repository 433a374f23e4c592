import assert from 'node:assert/strict'
import { test } from 'node:test'
import { supporterOf } from '#src/panel/correspondence/supporter.ts'
import { offerPlaces } from '#src/panel/membership/offers/offers.ts'
import { rounds } from '#src/panel/recruitment/round.ts'
import { within } from '#src/promises/house.ts'
import { resident, system } from '#src/promises/notice/actor.ts'
import { Refused } from '#src/promises/vault/vault.ts'
import { testSite } from '#test/site.ts'

const site = await testSite()
const { house } = site
const by = system('test')
const admin = { by, for: 'administer the panel' } as const
const [amina = ''] = await house.vault.findByEmail('amina@residents.example')
const noor = 'noor@friends.example'
const named = {
  name: 'Noor Haq',
  email: noor,
  phone: '',
  scope: 'acts',
  authority: 'power-of-attorney',
  'endsOn-day': '1',
  'endsOn-month': '3',
  'endsOn-year': '2027',
}
const lettersTo = async (address: string) => (await site.letters()).filter(one => one.to === address)
const read = new Set<string>()
/** What has come to an address since it was looked at last. */
const lastTo = async (address: string) => {
  const fresh = (await lettersTo(address)).filter(one => !read.has(one.messageId))
  for (const one of fresh) read.add(one.messageId)
  return fresh.map(one => one.text).join('\n')
}
const codeIn = (text: string) => /code is (\w{6})/.exec(text)?.[1] ?? ''
const doorIn = (text: string) => /\/supporter\/[\w-]+\.[\w-]{32}/.exec(text)?.[0] ?? ''

const me = await site.staff('Amina')
await within(house, admin, async tx => {
  const [round] = await rounds(tx)
  assert.ok(round)
  await offerPlaces(tx, house, by, round, [amina])
})
await me.send('/me/supporter', named)
const door = doorIn(await lastTo(noor))

/** Noor at the door, with a code from their own letter box. */
async function noorActs() {
  house.clock.set(new Date(house.clock.now().getTime() + 2 * 60 * 60_000).toISOString()) // so that codes are not too many
  const browser = site.visitor()
  await browser.send(`${door}/code`, {}, door)
  const code = codeIn(await lastTo(noor))
  const answer = await browser.send(`${door}/sign-in`, { code: code.toLowerCase() }, door)
  return { browser, answer, code }
}

test('who may act gets in only once they have agreed, by a code at their own address', async () => {
  const early = site.visitor()
  assert.match((await early.get(door)).text, /Do you agree/)
  assert.equal((await early.send(`${door}/code`, {}, door)).status, 422)
  assert.match((await early.send(door)).text, /Email me a code to sign in/)
  const { browser, answer } = await noorActs()
  assert.equal(answer.location, '/me')
  const page = (await browser.get('/me')).text
  assert.match(page, /For Amina Okafor/)
  assert.match(page, /You act for someone else, until 1 March 2027/)
})

test('a supporter’s code signs nobody in as the person, and the person’s code does not open the supporter’s door', async () => {
  const browser = site.visitor()
  await browser.send(`${door}/code`, {}, door)
  const theirs = codeIn(await lastTo(noor))
  const email = 'amina@residents.example'
  await lastTo(email)
  assert.equal((await browser.send('/sign-in/code', { email, code: theirs }, '/sign-in')).status, 422)
  await browser.send('/sign-in', { email })
  const hers = codeIn(await lastTo(email))
  const wrong = await browser.send(`${door}/sign-in`, { code: hers }, door)
  assert.equal(wrong.status, 422)
  assert.match(wrong.text, /The code is wrong or has run out/)
  assert.match((await browser.send(`${door}/sign-in`, { code: '' }, door)).text, /Enter the code from the email/)
})

test('the link of the code lets the supporter in as a supporter', async () => {
  const browser = site.visitor()
  await browser.send(`${door}/code`, {}, door)
  const link = /\/sign-in\/link\/[\w-]+\.[\w-]{32}/.exec(await lastTo(noor))?.[0] ?? ''
  assert.equal((await browser.send(link)).location, '/me')
  assert.match((await browser.get('/me')).text, /You act for someone else/)
  assert.equal((await browser.get('/me/data')).status, 403)
})

test('[N-22] a supporter answers the offer and says what helps; the person sees that, and copies lead back to the door', async () => {
  const { browser } = await noorActs()
  const taken = await browser.send('/me/offer', { answer: 'yes', charter: 'agreed' })
  assert.equal(taken.location, '/me/membership?welcome')
  await browser.send('/me/adjustments', { adjustments: 'captions', words: 'Slow speech' })
  const held = (await browser.get('/me/adjustments')).text
  assert.match(held, /Slow speech/)
  assert.equal((await browser.send('/me/preferences', { times: 'evenings', channel: 'post' })).location, '/me')
  assert.doesNotMatch((await browser.get('/me')).text, /equality/i)
  assert.match((await me.get('/me')).text, /your supporter/)
  assert.match((await me.get('/me/adjustments')).text, /Slow speech/)
  assert.match(
    (await me.get('/me/preferences')).text,
    /value="email" checked/,
    'how she is reached is hers alone to say',
  )
  const copy = (await lettersTo(noor)).find(one => /^Copy: Welcome/.test(one.subject))
  assert.equal(doorIn(copy?.text ?? ''), door)
})

test('a supporter has no page of the person’s rights, name, contacts, equality answers or supporters, and no staff page', async () => {
  const { browser } = await noorActs()
  for (const path of ['/me/data', '/me/details', '/me/details/reach', '/me/equality', '/me/ethnicity', '/me/supporter'])
    assert.equal((await browser.get(path)).status, 403, path)
  for (const path of ['/me/withdrawal', '/choose', '/apply/check', '/staff', '/staff/applications'])
    assert.notEqual((await browser.get(path)).status, 200, path)
})

test('[N-28] the vault refuses a supporter every equality answer, to read and to write, for any purpose', async () => {
  const acting = { id: amina, roles: ['supporter'], own: [amina] } as const
  const inside = <T>(work: Parameters<typeof within<T>>[2]) => within(house, admin, work)
  for (const field of ['ageRange', 'gender'] as const)
    await assert.rejects(
      inside(tx => {
        const ask = { by: acting, for: 'administer the panel', fields: [field] } as const
        return house.vault.open(tx, 'panel', ask, [amina])
      }),
      Refused,
    )
  for (const field of ['ethnicity', 'genderDescription'] as const)
    await assert.rejects(
      inside(tx => {
        const ask = { by: acting, for: 'exercise rights', fields: [field] } as const
        return house.vault.open(tx, 'panel', ask, [amina])
      }),
      Refused,
    )
  for (const values of [{ ageRange: '18-24' }, { gender: 'woman' }, { ethnicity: 'irish' }, { genderDescription: 'x' }])
    await assert.rejects(
      inside(tx => house.vault.put(tx, acting, 'panel', amina, values)),
      Refused,
    )
  const other = await inside(tx => house.vault.begin(tx, by, 'panel', '2027-06-30'))
  await assert.rejects(
    inside(tx => house.vault.put(tx, acting, 'panel', other, { name: 'x' })),
    Refused,
  )
})

test('ended by the person, or past the last day, a supporter is out at once', async () => {
  const { browser } = await noorActs()
  await me.send('/me/supporter/end', {}, '/me/supporter')
  assert.match((await browser.get('/me')).location, /^\/sign-in/)
  assert.equal((await browser.get(door)).status, 422)
  await lastTo(noor)
  await me.send('/me/supporter', named)
  assert.match((await browser.get('/me')).location, /^\/sign-in/, 'a new naming lets nobody back in')
  const next = doorIn(await lastTo(noor))
  await browser.send(next)
  await browser.send(`${next}/code`, {}, next)
  await browser.send(`${next}/sign-in`, { code: codeIn(await lastTo(noor)) }, next)
  assert.equal((await browser.get('/me')).status, 200)
  house.clock.set('2027-03-02T00:01:00Z')
  assert.match((await browser.get('/me')).location, /^\/sign-in/)
  assert.equal(
    await within(house, { by: resident(amina), for: 'administer the panel' }, tx => supporterOf(tx, house, amina)),
    undefined,
  )
})
