import assert from 'node:assert/strict'
import { test } from 'node:test'
import { rounds } from '#src/panel/recruitment/round.ts'
import { adjustmentsValue } from '#src/panel/recruitment/values.ts'
import { startSession } from '#src/people/doors/sessions.ts'
import { within } from '#src/promises/house.ts'
import { system } from '#src/promises/notice/actor.ts'
import { testSite } from '#test/site.ts'
import { offerPlaces } from '../offers/offers.ts'

const site = await testSite()
const { house } = site
const by = system('test')
const admin = { by, for: 'administer the panel' } as const
const [amina = ''] = await house.vault.findByEmail('amina@residents.example')
const [barry = ''] = await house.vault.findByEmail('barry@residents.example')
const [chloe = ''] = await house.vault.findByEmail('chloe@residents.example')
await within(house, admin, async tx => {
  const [round] = await rounds(tx)
  assert.ok(round)
  await offerPlaces(tx, house, by, round, [amina, barry, chloe])
})

async function as(dossier: string) {
  const visitor = site.visitor()
  await visitor.get('/')
  const token = await within(house, { by, for: 'exercise rights' }, tx =>
    startSession(tx, house.clock.now(), 'resident', [dossier]),
  )
  visitor.setCookies({ ...visitor.cookies(), session: token })
  const raw = async (url: string, fields: Record<string, string>) => {
    const { text } = await visitor.get('/me/details/name')
    return visitor.raw(url, { _csrf: /name="_csrf" value="([^"]+)"/.exec(text)?.[1] ?? '', ...fields })
  }
  return { ...visitor, raw }
}
const needsOf = async (dossier: string) => {
  const lead = { id: 'lead', roles: ['adjustments lead'], own: [] } as const
  const [opened] = await within(house, { by: lead, for: 'arrange adjustments' }, tx =>
    house.vault.open(tx, 'panel', { by: lead, for: 'arrange adjustments', fields: ['adjustments'] }, [dossier]),
  )
  return adjustmentsValue.read(opened?.adjustments?.reveal())
}

test('a person’s own page says what is asked of them and by when, from the offer to leaving', async () => {
  const me = await as(amina)
  assert.match((await me.get('/me')).text, /Say whether you take your place<\/a> by 7 December 2026/)
  await me.send('/me/offer', { answer: 'yes', charter: 'agreed' })
  const first = (await me.get('/me')).text
  assert.doesNotMatch(first, /Say whether/)
  assert.match(first, /Check what would help you take part<\/a> by 23 March 2027/)
  assert.match(first, /Tell us when meetings suit you<\/a> by 23 March 2027/)
  assert.match((await me.get('/me/membership')).text, /Check what would help you take part/)
  await me.send('/me/details/email', { email: 'amina.o@residents.example' })
  assert.match((await me.get('/me')).text, /Confirm your new email address<\/a> by 10am on 23 November 2026/)
  await me.send('/me/membership', { act: 'leave' }, '/me/membership/leaving')
  assert.match((await me.get('/me')).text, /Come back, if you left by mistake<\/a> by 7 December 2026/)
  await me.raw('/me/membership', { act: 'come back' })
  await me.raw('/me/membership', { act: 'pause' })
  assert.match((await me.get('/me/membership')).text, /Nothing: you have paused/)
  await me.raw('/me/membership', { act: 'go on' })
})

test('[N-20] [N-28] a new member may answer the equality question once more, or skip it; who is no member is not asked', async () => {
  const chloePage = await as(chloe)
  assert.equal((await chloePage.get('/me/equality')).status, 404)
  await chloePage.send('/me/offer', { answer: 'yes', charter: 'agreed' })
  assert.match((await chloePage.get('/me/membership')).text, /Answer the equality question, or skip it/)
  assert.match((await chloePage.send('/me/equality', {})).text, /Select whether you want to answer/)
  const yes = await chloePage.send('/me/equality', { answer: 'yes' })
  assert.equal(yes.location, '/me/ethnicity')
  assert.equal((await chloePage.send('/me/ethnicity', { group: 'asian' })).location, '/me/ethnicity/asian')
  const done = await chloePage.send('/me/ethnicity/asian', { background: 'asian-bangladeshi' })
  assert.equal(done.location, '/me/membership')
  assert.doesNotMatch((await chloePage.get('/me/membership')).text, /equality question/)
  assert.match((await chloePage.get('/me/data')).text, /Bangladeshi/)
  await chloePage.send('/me/data/equality', {}, '/me/data')
  assert.doesNotMatch((await chloePage.get('/me/data')).text, /Bangladeshi/)

  const me = await as(amina)
  const before = /Your ethnic group[\s\S]{0,200}/.exec((await me.get('/me/data')).text)?.[0]
  assert.equal((await me.send('/me/equality', { answer: 'no' })).location, '/me/membership')
  assert.doesNotMatch((await me.get('/me/membership')).text, /equality question/)
  assert.equal(/Your ethnic group[\s\S]{0,200}/.exec((await me.get('/me/data')).text)?.[0], before)
})

test('[N-14] [N-29] a member tells us once what would help, changes it, and says that it is no longer needed', async () => {
  const me = await as(amina)
  const page = (await me.get('/me/adjustments')).text
  assert.match(page, /The person who arranges adjustments sees it/)
  const said = await me.send('/me/adjustments', { adjustments: ['captions', 'breaks'], words: 'A quiet room.' })
  assert.equal(said.location, '/me/preferences', 'what is asked next comes at once')
  assert.deepEqual(await needsOf(amina), { ticked: ['captions', 'breaks'], words: 'A quiet room.' })
  assert.doesNotMatch((await me.get('/me')).text, /Check what would help you/)
  assert.match((await me.get('/me/adjustments')).text, /value="captions" checked/)
  await me.send('/me/adjustments', { adjustments: 'captions', words: '' })
  assert.deepEqual(await needsOf(amina), { ticked: ['captions'], words: '' })
  const long = await me.send('/me/adjustments', { adjustments: 'breaks', words: 'x'.repeat(1001) })
  assert.equal(long.status, 422)
  assert.match(long.text, /value="breaks" checked/, 'what was chosen is shown again')
  assert.deepEqual(await needsOf(amina), { ticked: ['captions'], words: '' })
  await me.raw('/me/adjustments/end', {})
  assert.equal(await needsOf(amina), undefined)
  assert.doesNotMatch((await me.get('/me/adjustments')).text, /I need none of this any more/)
})

test('who needs nothing says so once, and is not asked again', async () => {
  const me = await as(barry)
  await me.send('/me/offer', { answer: 'yes', charter: 'agreed' })
  assert.match((await me.get('/me')).text, /Check what would help you take part/)
  await me.send('/me/adjustments', { words: '' })
  assert.doesNotMatch((await me.get('/me')).text, /Check what would help you take part/)
  assert.equal(await needsOf(barry), undefined)
})

test('[N-22] a member says how and when they take part, by a channel that can reach them', async () => {
  const me = await as(amina)
  const none = await me.send('/me/preferences', { channel: 'post', times: 'saturdays' })
  assert.equal(none.status, 422)
  assert.match(none.text, /Add a postal address to your details first/)
  assert.match(none.text, /value="saturdays" checked/)
  const wrong = await me.raw('/me/preferences', { channel: 'pigeon' })
  assert.match(wrong.text, /Select how you want to hear from us/)
  const fields = { channel: 'email', times: ['weekday-evenings', 'saturdays'], interests: ['repairs'] }
  assert.equal((await me.send('/me/preferences', fields)).location, '/me')
  assert.doesNotMatch((await me.get('/me')).text, /Tell us when meetings suit you/)
  const held = (await me.get('/me/data')).text
  assert.match(held, /Weekday evenings; Saturdays/)
  assert.match(held, /Repairs, damp and mould/)
})

test('while no policy document is in force nothing about health is asked or taken, and what was said can be taken back', async () => {
  const me = await as(barry)
  await me.send('/me/adjustments', { adjustments: 'breaks', words: '' })
  await within(house, admin, tx => tx.updateTable('policy_document').set({ withdrawn_at: house.clock.now() }).execute())
  assert.match((await me.get('/me/adjustments')).text, /We cannot take changes here at the moment/)
  await me.raw('/me/adjustments', { adjustments: 'captions', words: '' })
  await within(house, admin, tx => tx.updateTable('policy_document').set({ withdrawn_at: null }).execute())
  assert.deepEqual(await needsOf(barry), { ticked: ['breaks'], words: '' })
  await within(house, admin, tx => tx.updateTable('policy_document').set({ withdrawn_at: house.clock.now() }).execute())
  await me.raw('/me/adjustments/end', {})
  assert.doesNotMatch((await me.get('/me/adjustments')).text, /I need none of this any more/)
})
