import assert from 'node:assert/strict'
import { test } from 'node:test'
import { endOverdueSupporters } from '#src/panel/correspondence/supporter.ts'
import { offerPlaces } from '#src/panel/membership/offers/offers.ts'
import { rounds } from '#src/panel/recruitment/round.ts'
import { within } from '#src/promises/house.ts'
import { system } from '#src/promises/notice/actor.ts'
import { testSite } from '#test/site.ts'
import { startSession } from '../../doors/sessions.ts'

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
  scope: 'told',
  authority: 'say-so',
  'endsOn-day': '1',
  'endsOn-month': '3',
  'endsOn-year': '2027',
}

async function as(dossier: string) {
  const visitor = site.visitor()
  await visitor.get('/')
  const token = await within(house, { by, for: 'exercise rights' }, tx =>
    startSession(tx, house.clock.now(), 'resident', [dossier]),
  )
  visitor.setCookies({ ...visitor.cookies(), session: token })
  return visitor
}
const lettersTo = async (address: string) => (await site.letters()).filter(one => one.to === address)
const linkTo = async (address: string) =>
  /\/supporter\/\S+/.exec((await lettersTo(address)).findLast(one => /named you/.test(one.subject))?.text ?? '')?.[0] ??
  ''

test('a last day in the past, one that is none, one’s own address and an empty form are refused in a sentence', async () => {
  const me = await as(amina)
  const past = await me.send('/me/supporter', {
    ...named,
    'endsOn-day': '22',
    'endsOn-month': '11',
    'endsOn-year': '2026',
  })
  assert.equal(past.status, 422)
  assert.match(past.text, /Last day must be today or later/)
  assert.match(past.text, /value="Noor Haq"/, 'what was typed is shown again')
  assert.match(
    (await me.send('/me/supporter', { ...named, 'endsOn-month': '13' })).text,
    /Last day must be a real date/,
  )
  const far = await me.send('/me/supporter', { ...named, 'endsOn-year': '2031' })
  assert.match(far.text, /within three and a half years/)
  const own = await me.send('/me/supporter', { ...named, email: 'AMINA@residents.example' })
  assert.match(own.text, /Enter their email address, not your own/)
  const empty = await me.send('/me/supporter', { ...named, name: '', email: '', phone: '12', authority: 'none' })
  for (const sentence of [/Enter their full name/, /Enter an email address/, /Enter a phone number/, /Select why/])
    assert.match(empty.text, sentence)
  assert.match((await me.get('/me/supporter')).text, /Ask them first/)
})

test('[N-22] a supporter is asked, hears nothing before they agree, and then gets a copy of their own', async () => {
  const me = await as(amina)
  assert.equal((await me.send('/me/supporter', named)).location, '/me/supporter')
  assert.match((await me.get('/me/supporter')).text, /Not yet: we have asked them by email/)
  const [asked] = (await lettersTo(noor)).slice(-1)
  assert.match(asked?.text ?? '', /Hello Noor Haq[\s\S]*Amina Okafor is on the Resident Panel[\s\S]*until 1 March 2027/)
  await within(house, admin, async tx => {
    const [round] = await rounds(tx)
    assert.ok(round)
    await offerPlaces(tx, house, by, round, [amina])
  })
  assert.ok(!(await lettersTo(noor)).some(one => /place/.test(one.subject)), 'nothing before they agree')
  const link = await linkTo(noor)
  await site.visitor().get(link)
  assert.match((await me.get('/me/supporter')).text, /Not yet/, 'opening a link agrees to nothing')
  assert.match((await site.visitor().send(link)).text, /You get a copy/)
  await me.send('/me/offer', { answer: 'yes', charter: 'agreed' })
  const copy = (await lettersTo(noor)).find(one => one.subject === 'Copy: Welcome to the Resident Panel')
  assert.match(copy?.text ?? '', /Hello Noor Haq,[\s\S]*because Amina Okafor named you[\s\S]*Hello Amina Okafor,/)
  const own = (await lettersTo('amina@residents.example')).filter(one => /Welcome to the/.test(one.subject))
  assert.equal(own.length, 1, 'one recipient a message')
  const grace = await site.staff('Grace')
  assert.match(
    (await grace.get(`/staff/members/${amina}`)).text,
    /Supporter: Noor Haq, noor@friends.example\. Is told what they are told until 1 March 2027/,
  )
})

test('codes and what concerns rights never go to a supporter', async () => {
  const before = (await lettersTo(noor)).length
  await site.visitor().send('/sign-in', { email: 'amina@residents.example' })
  const me = await as(amina)
  await me.send('/me/data/request', { right: 'access', words: '' }, '/me/data')
  await site.letters()
  assert.equal((await lettersTo(noor)).length, before)
})

test('ended, a supporter hears no more at once, not even what waits, and who they were is forgotten', async () => {
  const me = await as(amina)
  await me.send('/me/membership', { act: 'leave' }, '/me/membership/leaving')
  const waiting = () =>
    within(house, admin, tx =>
      tx.selectFrom('message').select('id').where('for_supporter', '=', true).where('state', '=', 'waiting').execute(),
    )
  assert.equal((await waiting()).length, 1)
  await me.send('/me/supporter/end', {}, '/me/supporter')
  assert.deepEqual(await waiting(), [])
  assert.ok(!(await lettersTo(noor)).some(one => /left/.test(one.subject)))
  assert.doesNotMatch((await me.get('/me/data')).text, /Noor Haq/)
  assert.match((await site.visitor().get(await linkTo(noor))).text, /This link has run out/)
})

test('after the last day nothing more is sent, and the night forgets who it was', async () => {
  const me = await as(amina)
  await me.send('/me/membership', { act: 'come back' })
  await me.send('/me/supporter', named)
  await site.visitor().send(await linkTo(noor))
  house.clock.set('2027-03-01T23:00:00Z')
  assert.equal(await endOverdueSupporters(house), 0)
  house.clock.set('2027-03-02T01:30:00Z')
  const before = (await lettersTo(noor)).length
  const again = await as(amina)
  await again.send('/me/membership', { act: 'leave' }, '/me/membership/leaving')
  assert.equal((await lettersTo(noor)).length, before)
  assert.match((await again.get('/me/supporter')).text, /Ask them first/)
  assert.equal(await endOverdueSupporters(house), 1)
  assert.doesNotMatch((await again.get('/me/data')).text, /Noor Haq/)
})

test('[N-52] who supports whom stands in clear nowhere', async () => {
  const dump = await within(house, admin, async tx => ({
    rows: await tx.selectFrom('supporter').selectAll().execute(),
    letters: await tx.selectFrom('message').selectAll().execute(),
    ledger: await tx.selectFrom('ledger_entry').selectAll().execute(),
  }))
  assert.doesNotMatch(JSON.stringify(dump), /Noor|noor@/)
})
