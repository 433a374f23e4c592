import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testHouse } from '#test/house.ts'
import { dora, othersDesk } from '#test/others.ts'
import { dorothy } from '#test/settled.ts'
import { everyField } from '../notice/datamap.ts'
import { purposes } from '../notice/purposes.ts'
import type { Basis } from './basis.ts'
import { agree, approve, decideAgain, refuseDisclosure, sendBack } from './decide.ts'
import { NotYet } from './disclosure.ts'
import { putRight } from './ending.ts'
import { basesFor, disclosureTypes, fieldsFor, gateways } from './kinds.ts'
import { disclosureToday } from './next.ts'
import { handOver, linkAgain, release } from './release.ts'

const house = await testHouse()
const { desk, person, ask, weighed, decided, made, row } = othersDesk(house)
const subject = await person({ name: 'Amina Okafor', email: 'amina@example.org', phone: '01632 960 001' })
const take = ({ token, code }: { token: string; code: string }) => desk(tx => handOver(tx, house, dorothy, token, code))

test('[N-38] [N-41] nobody can ask for marketing, market research or anything in bulk: there is no such type, purpose or field', () => {
  assert.deepEqual(Object.keys(disclosureTypes), ['law enforcement', 'legal', 'safeguarding', 'other'])
  for (const name of Object.keys(purposes)) assert.doesNotMatch(name, /market|commerc|promot/)
  for (const type of Object.keys(disclosureTypes) as (keyof typeof disclosureTypes)[])
    for (const field of fieldsFor(type))
      assert.equal(everyField().find(one => one.kind === 'panel' && one.field === field)?.rule.special, false)
})

test('[N-40] [N-42] [N-46] a request is weighed, decided, agreed by a second person, released as named fields alone, and taken once', async () => {
  const id = await ask(subject)
  await assert.rejects(
    desk(tx => approve(tx, house, dorothy, id)),
    NotYet,
  )
  await assert.rejects(weighed(id, { lessWeighed: false }), /less could be given/)
  await assert.rejects(weighed(id, { gateway: 'because' }), /gateway/)
  await assert.rejects(weighed(id, { identity: '' }), /how you made sure who asks/)
  await assert.rejects(weighed(id, { basis: { why: '' } }), /Say why it is needed/)
  await weighed(id, { fields: ['name', 'email'] })
  await desk(tx => approve(tx, house, dorothy, id))
  await assert.rejects(made(id), /second person has to agree/)
  await assert.rejects(
    desk(tx => agree(tx, house, dorothy, id)),
    /Another person/,
  )
  await desk(tx => agree(tx, house, dora, id))
  await assert.rejects(
    desk(tx => release(tx, house, dorothy, id, '')),
    /how the code reaches them/,
  )
  const link = await made(id)
  await assert.rejects(made(id), /released already/)
  assert.equal(await take({ ...link, code: link.code === '000000' ? '111111' : '000000' }), undefined)
  const taken = await take(link)
  assert.match(taken?.extract ?? '', /Their name: Amina Okafor/)
  assert.doesNotMatch(taken?.extract ?? '', /01632|amina@/, 'what was not asked for, or not approved, is not given')
  assert.equal(await take(link), undefined, 'it works once')
  const opened = await desk(tx =>
    tx.selectFrom('opening').select(['purpose', 'fields']).where('dossier_id', '=', subject).execute(),
  )
  assert.deepEqual(opened, [{ purpose: 'answer law enforcement', fields: ['name'] }])
  assert.equal((await row(id)).outcome, 'given')
})

test('[N-42] each release names the lawful basis it has beside the gateway, and only one that a public body can have', async () => {
  for (const type of Object.keys(gateways) as (keyof typeof gateways)[])
    assert.ok(basesFor[type].every(one => ['task', 'obligation', 'vital'].includes(one)))
  const id = await ask(subject, { type: 'legal', fields: ['name'] })
  const legal = { gateway: 'sch2-para5-3', basis: { proof: 'authority', why: 'Her letter of 2 May.' } as Basis }
  await assert.rejects(weighed(id, { ...legal, lawfulBasis: '' }), /Select the lawful basis/)
  await assert.rejects(weighed(id, { ...legal, lawfulBasis: 'vital' }), /Select the lawful basis/)
  await assert.rejects(weighed(id, { ...legal, lawfulBasis: 'obligation' }), /Only an order or a law obliges us/)
  await weighed(id, { ...legal, lawfulBasis: 'task' })
  assert.equal((await row(id)).lawful_basis, 'task')
})

test('[N-45] the emergency path is for safeguarding alone, asks why without consent, and a second person looks within one working day', async () => {
  await assert.rejects(ask(subject, { isEmergency: true }), /Only safeguarding/)
  // A Friday: the working day after it is Monday.
  house.clock.set('2026-11-27T09:00:00Z')
  const id = await ask(subject, { type: 'safeguarding', fields: ['phone'], isEmergency: true })
  const on = (basis: Basis) => weighed(id, { gateway: 'sch1-para18', lawfulBasis: 'vital', fields: ['phone'], basis })
  await assert.rejects(on({ noConsent: 'cannot', why: 'He hits her.' }), /whether a child or an adult is at risk/)
  await assert.rejects(on({ atRisk: 'adult', why: 'He hits her.' }), /why it is done without their consent/)
  await assert.rejects(on({ atRisk: 'adult', noConsent: 'prejudice', why: '' }), /Say which harm is feared/)
  await assert.rejects(
    desk(tx => approve(tx, house, dorothy, id)),
    /Weigh it first/,
  )
  await on({ atRisk: 'adult', noConsent: 'prejudice', why: 'He hits her.' })
  await desk(tx => approve(tx, house, dorothy, id))
  const link = await made(id)
  assert.match((await take(link))?.extract ?? '', /01632 960 001/)
  const items = async (me: string) => disclosureToday(await row(id), house.clock.now(), me)
  const says = 'an emergency: a second person looks by 30 November 2026'
  assert.deepEqual(await items(dora.id), [{ state: 'due', says }])
  assert.deepEqual(await items(dorothy.id), [{ state: 'waiting', says }])
  house.clock.set('2026-12-01T09:00:00Z')
  assert.deepEqual(await items(dorothy.id), [{ state: 'overdue', says }], 'the clock alone raises the alarm')
  await desk(tx => sendBack(tx, house, dora, id, 'A landline would have done.'))
  assert.equal((await row(id)).closed_at, null, 'what was given wrongly is put right before it closes')
  await assert.rejects(
    desk(tx => putRight(tx, house, dorothy, id, '')),
    /what was done to put it right/,
  )
  await desk(tx => putRight(tx, house, dorothy, id, 'They deleted it.'))
  assert.equal((await row(id)).outcome, 'given')
  house.clock.set('2026-11-23T09:00:00Z')
})

test('[N-40] what the second person sends back is mended, weighed and decided again; nothing that was weighed counts any more', async () => {
  const id = await ask(subject)
  await weighed(id, { fields: ['name', 'phone'] })
  await desk(tx => approve(tx, house, dorothy, id))
  await assert.rejects(
    desk(tx => sendBack(tx, house, dora, id, '')),
    /what has to be mended/,
  )
  await desk(tx => sendBack(tx, house, dora, id, 'The name alone would do.'))
  await assert.rejects(
    desk(tx => approve(tx, house, dorothy, id)),
    /Weigh it first/,
  )
  await weighed(id, { fields: ['name'] })
  await decided(id)
  assert.doesNotMatch((await take(await made(id)))?.extract ?? '', /01632/)
})

test('[N-40] a link that ran out is made again after the second channel, once; the old one stays dead', async () => {
  const id = await ask(subject)
  await weighed(id)
  await decided(id)
  const first = await made(id)
  house.clock.set('2026-11-27T09:00:00Z')
  assert.equal(await take(first), undefined, 'after 72 hours it is closed')
  await assert.rejects(
    desk(tx => linkAgain(tx, house, dorothy, id, '')),
    /how the code reaches them/,
  )
  const second = await desk(tx => linkAgain(tx, house, dorothy, id, 'phone'))
  assert.equal(await take(first), undefined)
  assert.match((await take(second))?.extract ?? '', /Amina Okafor/)
  await assert.rejects(
    desk(tx => linkAgain(tx, house, dorothy, id, 'phone')),
    /closed/,
  )
  house.clock.set('2026-11-23T09:00:00Z')
})

test('[N-40] a decision taken back before the extract was taken closes the link and deletes what was made', async () => {
  const id = await ask(subject)
  await weighed(id)
  await decided(id)
  const link = await made(id)
  assert.deepEqual(await house.files.list(`${id}/`), [`${id}/extract`])
  await desk(tx => decideAgain(tx, house, dorothy, id, 'They found him.'))
  assert.equal(await take(link), undefined)
  assert.deepEqual(await house.files.list(`${id}/`), [])
})

test('[N-40] refusing is a whole answer: a ground, reasons and the prejudice test; where we hold nothing, it says so', async () => {
  const id = await ask(subject)
  const refuse = (on: string, ground: string, reasons: string, switchedOff: object | undefined) =>
    desk(tx => refuseDisclosure(tx, house, dorothy, on, { ground, reasons, switchedOff }))
  await assert.rejects(refuse(id, '', 'No.', {}), /Select why it is refused/)
  await assert.rejects(refuse(id, 'unneeded', '', {}), /Enter the reasons/)
  await assert.rejects(refuse(id, 'unneeded', 'No.', undefined), /Ask of each right/)
  await refuse(id, 'unneeded', 'A theft has no bearing on it.', {})
  assert.equal((await row(id)).refusal, 'unneeded')
  const none = await ask(undefined)
  await assert.rejects(weighed(none), /We hold no record/)
  await assert.rejects(refuse(none, 'disproportionate', 'No.', undefined), /No record was found/)
  await refuse(none, 'not held', 'Nobody of this name is here.', undefined)
  assert.equal((await row(none)).decision, 'refuse')
})

test('[N-40] nothing is given of a record that was deleted or set aside meanwhile, however far it had come', async () => {
  const gone = await person({ name: 'Bea Marsh' })
  const id = await ask(gone)
  await weighed(id)
  await decided(id)
  const link = await made(id)
  const { erase } = await import('../retention/erase.ts')
  await erase(house.reach, dorothy, [gone], 'erasure request')
  assert.equal(await take(link), undefined)
  await assert.rejects(
    desk(tx => linkAgain(tx, house, dorothy, id, 'phone')),
    /has been deleted/,
  )
})

test('[N-41] a request of another kind needs its gateway named in words, and two people as ever', async () => {
  const id = await ask(subject, { type: 'other' })
  await assert.rejects(weighed(id, { gateway: 'named' }), /Name the gateway in the law/)
  await weighed(id, { gateway: 'named', gatewayWords: 'Care Act 2014, section 45: the board asked.' })
  await desk(tx => approve(tx, house, dorothy, id))
  await assert.rejects(made(id), /A second person has to agree first/)
  await desk(tx => agree(tx, house, dora, id))
  assert.match((await take(await made(id)))?.extract ?? '', /Amina Okafor/)
})
