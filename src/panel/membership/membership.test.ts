import assert from 'node:assert/strict'
import { test } from 'node:test'
import { countOutside } from '#src/panel/correspondence/outside.ts'
import { sendLetter } from '#src/panel/correspondence/send.ts'
import { tell } from '#src/panel/correspondence/tell.ts'
import { applicantsOf } from '#src/panel/recruitment/application.ts'
import { roundById, rounds } from '#src/panel/recruitment/round.ts'
import { startSession } from '#src/people/doors/sessions.ts'
import { enrichFor } from '#src/people/enrich.ts'
import { within } from '#src/promises/house.ts'
import { system } from '#src/promises/notice/actor.ts'
import { restrict } from '#src/promises/retention/brakes.ts'
import { testSite } from '#test/site.ts'
import { acceptedOutcome } from '../selection/board/outcome.ts'
import { leave } from './members.ts'
import { NotPossible } from './not-possible.ts'
import { batchOf, sendBatches } from './offers/batch.ts'
import { offerPlaces, offersOf, remindOffers } from './offers/offers.ts'
import { lapse, waysOf, whyNotLapse } from './offers/tries.ts'

const site = await testSite({ closed: 90 })
const { house } = site
const by = system('test')
const all = await within(house, { by, for: 'administer the panel' }, tx => rounds(tx))
const round = all.find(one => one.name.includes('just closed'))?.id ?? ''
const grace = await site.staff('Grace')
const omar = await site.staff('Omar')
const offers = `/staff/members/offers/${round}`
const tx = <T>(work: Parameters<typeof within<T>>[2]) => within(house, { by, for: 'administer the panel' }, work)

/** A resident's browser, signed in. */
async function as(dossier: string) {
  const visitor = site.visitor()
  await visitor.get('/')
  const token = await within(house, { by, for: 'exercise rights' }, inner =>
    startSession(inner, house.clock.now(), 'resident', [dossier]),
  )
  visitor.setCookies({ ...visitor.cookies(), session: token })
  return visitor
}
/** An officer presses what their page no longer shows, as from an old tab: the token comes from another page. */
const act = (fields: Record<string, string>, officer = grace) =>
  officer.send(offers, fields, '/staff/members/audiences/new')

test('no place is offered before a selection was accepted, except by hand and with a reason', async () => {
  assert.match((await grace.get(offers)).text, /No selection of this round has been accepted/)
  assert.match((await act({ act: 'draw' })).text, /No selection of this round has been accepted/)
  assert.match(
    (await act({ act: 'hand', references: 'RP-AAAA-AAAA' })).text,
    /Enter why these people are picked by hand/,
  )
  const unknown = await act({ act: 'hand', references: 'RP-AAAA-AAAA', because: 'They live near.' })
  assert.equal(unknown.status, 422)
  assert.match(unknown.text, /Not in the pool: RP-AAAA-AAAA/)
  assert.match(unknown.text, /They live near\./, 'nothing typed is lost')
})

test('who is picked by hand waits for a second person, and hears nothing when it is refused', async () => {
  const [one, two] = await tx(inner =>
    inner.selectFrom('application').selectAll().where('round_id', '=', round).orderBy('reference').limit(2).execute(),
  )
  const references = `${one?.reference}\n${two?.reference?.toLowerCase()}`
  assert.equal((await act({ act: 'hand', references, because: 'Nobody from the coast was drawn.' })).status, 303)
  assert.match(
    (await act({ act: 'confirm' })).text,
    /a second person confirms it, or you alone from 9am on 24 November 2026/,
  )
  assert.match((await grace.get('/staff')).text, /2 people you picked by hand: a second person confirms/)
  assert.match((await omar.get('/staff')).text, /confirm 2 people picked by hand/)
  assert.match((await omar.get(offers)).text, /Nobody from the coast was drawn/)
  await omar.send(offers, { act: 'confirm' })
  assert.match((await grace.get(offers)).text, /2 offers go out at/)
  const mine = await as(one?.dossier_id ?? '')
  assert.match((await mine.get('/me/data')).text, /Nobody from the coast was drawn/, 'the person can read why')
  await grace.send(offers, { act: 'stop' })
  assert.equal(await tx(async inner => (await offersOf(inner, round)).length), 0)
  assert.equal(await tx(inner => batchOf(inner, round)), undefined)
  assert.doesNotMatch((await mine.get('/me/data')).text, /Nobody from the coast/, 'nothing came of it, nothing is left')
})

test('an officer takes the round from closed to a panel in office', async () => {
  const plan = `/staff/selection/${round}`
  const begun = await grace.send(`${plan}/runs`, {}, plan)
  for (let i = 0; i < 300 && /looks again by itself/.test((await grace.get(begun.location)).text); i++)
    await new Promise(done => setTimeout(done, 100))
  await grace.send(`${begun.location}/draw`, { seed: 'public numbers 1 2 3' }, begun.location)
  await grace.send(`${begun.location}/decision`, { decision: 'accept' }, begun.location)
  await omar.send(`${begun.location}/confirmation`, { confirm: 'yes' }, begun.location)
  const outcome = await tx(inner => acceptedOutcome(inner, round))
  assert.equal(outcome?.members.length, 30)
  assert.match((await grace.get('/staff')).text, /offer 30 places to those who were drawn/)
  const before = (await grace.get(offers)).text
  assert.match(before, /30 people were drawn and have no offer yet/)
  assert.equal(before.match(/, hears by/g)?.length, 30, 'exactly who gets one is shown before')
  assert.match((await act({ act: 'draw', seen: '29' })).text, /has changed since you opened the page/)
  await act({ act: 'draw', seen: '30' })
  assert.match((await act({ act: 'draw', seen: '30' })).text, /on their way already/)
  assert.match((await grace.get('/staff')).text, /30 offers go out at/)
  house.clock.set('2026-11-23T09:09:59Z')
  assert.equal(await sendBatches(house), 0, 'nobody hears before ten minutes are over')
  await act({ act: 'stop' })
  house.clock.set('2026-11-23T09:20:00Z')
  assert.equal(await sendBatches(house), 0, 'stopped is stopped')
  assert.equal((await tx(inner => offersOf(inner, round))).length, 0)
  await act({ act: 'draw', seen: '30' })
  house.clock.set('2026-11-23T09:31:00Z')
  await Promise.all([sendBatches(house), sendBatches(house)])
  assert.match((await act({ act: 'stop' })).text, /It is too late to stop/)
  const made = await tx(inner => offersOf(inner, round))
  assert.equal(made.length, 30, 'two workers offer each place once')
  assert.deepEqual(new Set(made.map(one => one.seat)).size, 30)
  const letters = await tx(inner =>
    inner.selectFrom('message').select(['channel']).where('template', '=', 'offer').execute(),
  )
  assert.equal(letters.length, 30)
})

const places = async () => tx(inner => offersOf(inner, round))

test('[N-48] [N-49] who accepts is appointed: three years, and the record ends six months after', async () => {
  const [first] = await places()
  const person = first?.dossier_id ?? ''
  const me = await as(person)
  assert.match((await me.get('/me')).text, /You are offered a place/)
  assert.match((await me.send('/me/offer', {})).text, /Select yes or no/)
  assert.match((await me.send('/me/offer', { answer: 'yes' })).text, /Tick that you agree/)
  await me.send('/me/offer', { answer: 'yes', charter: 'agreed' })
  await me.send('/me/offer', { answer: 'yes', charter: 'agreed' }, '/me/membership')
  const starts = all.find(one => one.id === round)?.termStartsOn ?? ''
  assert.equal(starts, '2027-01-23')
  assert.match(
    (await me.get('/me/membership')).text,
    /This is your first term, from 23 January 2027 to 23 January 2030/,
  )
  assert.equal((await house.vault.record(person))?.expiresOn, '2030-07-23')
  assert.equal(
    (await tx(inner => inner.selectFrom('member').select('dossier_id').execute())).length,
    1,
    'accepting twice is accepting once',
  )
  assert.match((await grace.get('/staff/members')).text, /1 start later/)
})

test('another person’s offer cannot be answered, and a declined one is over', async () => {
  const [, second] = await places()
  const drawn = new Set((await places()).map(one => one.dossier_id))
  const stranger = await as((await tx(inner => applicantsOf(inner, round))).find(id => !drawn.has(id)) ?? '')
  const none = /name="_csrf" value="([^"]+)"/.exec((await stranger.get('/me/data')).text)?.[1] ?? ''
  assert.match(
    (await stranger.raw('/me/offer', { _csrf: none, answer: 'yes', charter: 'agreed' })).text,
    /This offer is over/,
  )
  const me = await as(second?.dossier_id ?? '')
  await me.send('/me/offer', { answer: 'no', reason: 'I am moving away.' })
  assert.match((await me.get('/me/offer')).text, /You said no/)
  const token = /name="_csrf" value="([^"]+)"/.exec((await me.get('/me/data')).text)?.[1] ?? ''
  const again = await me.raw('/me/offer', { _csrf: token, answer: 'yes', charter: 'agreed' })
  assert.match(again.text, /This offer is over/)
  const stored = await tx(inner =>
    inner
      .selectFrom('offer')
      .selectAll()
      .where('dossier_id', '=', second?.dossier_id ?? '')
      .execute(),
  )
  assert.doesNotMatch(JSON.stringify(stored), /moving away/)
})

test('someone who is offered a place can ask a question first: officers find it on Today, and the offer stands', async () => {
  const asker = (await places()).findLast(one => one.state === 'offered')
  const me = await as(asker?.dossier_id ?? '')
  assert.match((await me.send('/me/offer/question', {}, '/me/offer')).text, /Enter your question/)
  const sent = await me.send('/me/offer/question', { question: 'Can my daughter sit beside me?' }, '/me/offer')
  assert.match((await me.get(sent.location)).text, /We have your question/)
  assert.match((await grace.get('/staff')).text, /: a question to answer, by/)
  assert.match((await grace.get(`/staff/members/contacts/${asker?.dossier_id}`)).text, /Can my daughter sit beside me/)
  assert.equal((await places()).find(one => one.id === asker?.id)?.state, 'offered')
})

test('a free place goes to the next reserve by an officer’s word, and to one person alone when two press at once', async () => {
  assert.match((await grace.get(offers)).text, /1 place is free/)
  const { text } = await grace.get(offers)
  const token = /name="_csrf" value="([^"]+)"/.exec(text)?.[1] ?? ''
  await Promise.all([
    grace.raw(offers, { _csrf: token, act: 'next' }),
    grace.raw(offers, { _csrf: token, act: 'next' }),
  ])
  const now = await places()
  const active = now.filter(one => one.state === 'offered' || one.state === 'accepted')
  assert.equal(active.length, 30)
  assert.equal(new Set(active.map(one => one.seat)).size, 30)
  const outcome = await tx(inner => acceptedOutcome(inner, round))
  const reserve = now.find(one => outcome?.reserves.includes(one.dossier_id))
  assert.ok(reserve)
})

test('who does not answer is reminded once, rung twice, and lapses by an officer alone', async () => {
  const open = (await places()).filter(one => one.state === 'offered')
  const reach = await tx(inner => Promise.all(open.map(one => waysOf(inner, house, one.dossier_id))))
  const third = open.find((_, i) => reach[i]?.length === 2)
  house.clock.set('2026-12-04T09:00:00Z')
  assert.ok((await remindOffers(house)) > 0)
  assert.equal(await remindOffers(house), 0)
  assert.match((await (await site.staff('Grace')).get('/staff')).text, /offers? not yet answered/)
  const early = tx(inner => lapse(inner, house, by, third?.id ?? ''))
  await assert.rejects(early, NotPossible)
  house.clock.set('2026-12-20T09:00:00Z')
  let officer = await site.staff('Grace')
  assert.match((await officer.get('/staff')).text, /Ring before lapsing/)
  const page = `${offers}/${third?.id}`
  const ways = [...(await officer.get(page)).text.matchAll(/name="way"[^>]*value="(\w+)"/g)].map(one => one[1] ?? '')
  assert.deepEqual(ways, ['phone', 'email'])
  const send = (fields: Record<string, string>) => officer.send(page, fields)
  assert.match((await send({ act: 'lapse' })).text, /2 tries are needed, in two different ways/)
  assert.match((await send({ act: 'tried' })).text, /Select how you tried to reach them/)
  assert.match((await send({ act: 'tried', way: 'post' })).text, /does not say how to reach them that way/)
  await send({ act: 'tried', way: 'phone' })
  assert.match((await send({ act: 'tried', way: 'phone' })).text, /They were rung that way today: try another way/)
  house.clock.set('2026-12-21T09:00:00Z')
  officer = await site.staff('Grace')
  await send({ act: 'tried', way: 'phone' })
  assert.match((await send({ act: 'lapse' })).text, /in two different ways/)
  await send({ act: 'tried', way: 'email' })
  const written = (await site.letters()).filter(one => one.subject === 'Do you want your place on the Resident Panel?')
  assert.equal(written.length, 1, 'a try by email writes one')
  assert.equal((await send({ act: 'lapse' })).status, 303)
  const me = await as(third?.dossier_id ?? '')
  assert.match((await me.get('/me/offer')).text, /This offer is over/)
})

test('someone who died before they answered is written to no more, and their place is free', async () => {
  const offer = (await places()).find(one => one.state === 'offered')
  const officer = await site.staff('Grace')
  const free = (await tx(inner => offersOf(inner, round))).filter(one => one.state === 'ended').length
  await writeTo(offer?.dossier_id ?? '')
  assert.equal((await officer.send(`${offers}/${offer?.id}`, { act: 'died' })).status, 303)
  await hearsNothing(offer?.dossier_id ?? '')
  assert.equal((await places()).filter(one => one.state === 'ended').length, free + 1)
  assert.match((await officer.get(offers)).text, /places? (is|are) free/)
})

test('a place can lapse where the record says no way to reach someone', () => {
  assert.equal(whyNotLapse([], []), undefined)
  assert.match(whyNotLapse([], ['phone']) ?? '', /2 tries are needed/)
})

test('[N-49] a member leaves in two presses, can come back for 14 days, and the record ends six months after leaving', async () => {
  house.clock.set('2027-05-03T09:00:00Z')
  const [row] = await tx(inner => inner.selectFrom('member').selectAll().execute())
  const person = row?.dossier_id ?? ''
  const me = await as(person)
  await me.get('/me/membership/leaving')
  await me.send('/me/membership', { act: 'leave' }, '/me/membership/leaving')
  assert.equal((await house.vault.record(person))?.expiresOn, '2027-11-03')
  assert.match((await me.get('/me/membership')).text, /You can come back until 17 May 2027/)
  await me.send('/me/membership', { act: 'come back' })
  assert.equal((await house.vault.record(person))?.expiresOn, '2030-07-23')
  await me.send('/me/membership', { act: 'pause' })
  assert.match((await me.get('/me/membership')).text, /you have paused/)
  await me.send('/me/membership', { act: 'leave' }, '/me/membership/leaving')
  house.clock.set('2027-05-18T09:00:00Z')
  const later = await as(person)
  assert.doesNotMatch((await later.get('/me/membership')).text, /You can come back/)
})

test('a removal needs a second person, and a death stops every message at once', async () => {
  const made = await tx(inner => offersOf(inner, round))
  const waiting = made.filter(one => one.state === 'offered')
  const [one, two] = [waiting[0]?.dossier_id ?? '', waiting[1]?.dossier_id ?? '']
  for (const id of [one, two]) {
    const me = await as(id)
    await me.send('/me/offer', { answer: 'yes', charter: 'agreed' })
  }
  assert.equal(await tx(inner => leave(inner, house, by, one, 'removed')), false)
  const alone = { proposedBy: by.id, confirmedBy: by.id }
  assert.equal(await tx(inner => leave(inner, house, by, one, 'removed', alone)), false)
  const bySecond = { proposedBy: by.id, confirmedBy: 'b5a1c9f2-0000-4000-8000-000000000002' }
  assert.equal(await tx(inner => leave(inner, house, by, one, 'removed', bySecond)), true)
  const officer = await site.staff('Grace')
  await writeTo(two)
  await officer.send(`/staff/members/${two}/leaving`, { because: 'died' }, `/staff/members/${two}`)
  await hearsNothing(two)
})

test('when the reserves have run out, it says so', async () => {
  const officer = await site.staff('Grace')
  for (let i = 0; i < 12; i++) {
    const done = await act({ act: 'next' }, officer)
    if (done.status === 422) {
      assert.match(done.text, /No place is free|The list of reserves has run out/)
      return
    }
  }
  assert.fail('The reserves never ran out.')
})

test('[N-70] a place held by a record that is set aside is offered to nobody else, and its holder is told to nobody', async () => {
  const made = await places()
  const [, second] = made
  const seat = second?.seat
  const now = made.find(one => one.seat === seat && (one.state === 'offered' || one.state === 'accepted'))
  const holder = now?.dossier_id ?? ''
  const [application] = await tx(inner =>
    inner.selectFrom('application').select('reference').where('dossier_id', '=', holder).execute(),
  )
  await within(house, { by, for: 'exercise rights' }, inner => restrict(inner, house, by, holder, '2027-12-01'))
  const officer = await site.staff('Grace')
  const answer = await act({ act: 'next' }, officer)
  assert.equal(answer.status, 422)
  assert.match(answer.text, /This place cannot be offered at the moment. Ask the data protection officer/)
  assert.doesNotMatch(answer.text, new RegExp(application?.reference ?? 'none'))
})

test('an offer is made once to a person, whatever is asked', async () => {
  const found = await tx(inner => roundById(inner, round))
  assert.ok(found)
  const [person] = await tx(inner => offersOf(inner, round))
  const made = await tx(inner =>
    offerPlaces(inner, house, by, found, [person?.dossier_id ?? '', person?.dossier_id ?? '']),
  )
  assert.equal(made, 0)
})

/** A letter to everyone who is given, put in line as any room does it. */
async function writeTo(id: string): Promise<void> {
  await tx(inner => tell(inner, house, by, [id], 'notice changed', { version: 2, from: 'tomorrow', link: 'x' }))
}

/** Nothing that was in line goes out to someone who has died, nothing new is put in line, and no desk is asked to try again. */
async function hearsNothing(id: string): Promise<void> {
  const mine = () => tx(inner => inner.selectFrom('message').selectAll().where('dossier_id', '=', id).execute())
  const before = await mine()
  assert.ok(
    before.some(one => one.error === 'died'),
    'something was in line',
  )
  for (const one of before) await sendLetter(house, one.id, enrichFor(house))
  await writeTo(id)
  assert.deepEqual(await mine(), before)
  assert.equal(await tx(async inner => (await countOutside(inner)).stuck), 0)
}
