import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { openDesk } from '#test/desk.ts'
import { testHouse } from '#test/house.ts'
import { dorothy, grace } from '#test/settled.ts'
import { within } from '../house.ts'
import { everyField } from '../notice/datamap.ts'
import { purposes } from '../notice/purposes.ts'
import { accessCopy } from '../rights/copy.ts'
import type { Basis } from './basis.ts'
import {
  decideDisclosure,
  disclosureTypes,
  fieldsFor,
  handOver,
  letPersonSee,
  NotYet,
  openDisclosure,
  release,
  secondOpinion,
  weigh,
} from './disclosures.ts'
import { disclosureRoutes } from './routes.ts'

const house = await testHouse()
const dora = { ...dorothy, id: 'b5a1c9f2-0000-4000-8000-000000000007' }
const held = {
  name: 'Amina Okafor',
  email: 'amina@example.org',
  phone: '01632 960 001',
  landlord: 'Alder Homes',
  answers: '{}',
}
const subject = await within(house, { by: grace, for: 'administer the panel' }, async tx => {
  const id = await house.vault.begin(tx, grace, 'panel', '2027-06-30')
  await house.vault.put(tx, grace, 'panel', id, held)
  return id
})
const desk = <T>(work: Parameters<typeof within<T>>[2]) => within(house, { by: dorothy, for: 'exercise rights' }, work)
const asked = {
  type: 'law enforcement',
  subject,
  fields: ['name', 'phone'],
  requester: { name: 'PC Lee', reach: 'lee@police.example' },
  words: 'A theft on 3 May.',
  isEmergency: false,
} as const

const off = { told: 'It would warn them.', log: 'It would warn them.' }

test('[N-38] [N-41] nobody can ask for marketing, market research or anything in bulk: there is no such type, purpose or field', () => {
  assert.deepEqual(Object.keys(disclosureTypes), ['law enforcement', 'legal', 'safeguarding', 'other'])
  for (const name of Object.keys(purposes)) assert.doesNotMatch(name, /market|commerc|promot/)
  for (const type of Object.keys(disclosureTypes) as (keyof typeof disclosureTypes)[])
    for (const field of fieldsFor(type))
      assert.equal(everyField().find(one => one.kind === 'panel' && one.field === field)?.rule.special, false)
})

test('[N-40] [N-42] [N-46] a request is weighed, decided, agreed by a second person, released as named fields alone, and taken once', async () => {
  const id = await desk(tx => openDisclosure(tx, house, dorothy, asked))
  await assert.rejects(
    desk(tx => decideDisclosure(tx, house, dorothy, id, 'release')),
    NotYet,
  )
  await assert.rejects(
    desk(tx =>
      weigh(tx, house, dorothy, id, {
        gateway: 'sch2-para2',
        fields: ['name'],
        lessWeighed: false,
        switchedOff: off,
      }),
    ),
    /less could be given/,
  )
  await assert.rejects(
    desk(tx =>
      weigh(tx, house, dorothy, id, {
        gateway: 'because',
        fields: ['name'],
        lessWeighed: true,
        switchedOff: off,
      }),
    ),
    /gateway/,
  )
  await desk(tx =>
    weigh(tx, house, dorothy, id, {
      gateway: 'sch2-para2',
      fields: ['name', 'email'],
      lessWeighed: true,
      switchedOff: off,
    }),
  )
  await desk(tx => decideDisclosure(tx, house, dorothy, id, 'release'))
  await assert.rejects(
    desk(tx => release(tx, house, dorothy, id)),
    /second person has to agree/,
  )
  await assert.rejects(
    desk(tx => secondOpinion(tx, house, dorothy, id, true)),
    /Another person/,
  )
  await desk(tx => secondOpinion(tx, house, dora, id, true))
  const { token, code } = await desk(tx => release(tx, house, dorothy, id))
  await assert.rejects(
    desk(tx => release(tx, house, dorothy, id)),
    /released already/,
  )
  const take = (given: string) =>
    within(house, { by: dorothy, for: 'exercise rights' }, tx => handOver(tx, house, dorothy, token, given))
  assert.equal(await take('000000' === code ? '111111' : '000000'), undefined)
  const extract = JSON.parse((await take(code)) ?? '{}')
  assert.deepEqual(Object.keys(extract).sort(), ['made', 'name', 'reference'], 'what was not asked for is not given')
  assert.equal(extract.name, held.name)
  assert.equal(await take(code), undefined, 'it works once')
  const opened = await desk(tx =>
    tx.selectFrom('opening').select(['purpose', 'fields']).where('dossier_id', '=', subject).execute(),
  )
  assert.deepEqual(opened, [{ purpose: 'answer law enforcement', fields: ['name'] }])
})

test('[N-45] the emergency path is for safeguarding alone, and runs out like the other', async () => {
  await assert.rejects(
    desk(tx => openDisclosure(tx, house, dorothy, { ...asked, isEmergency: true })),
    /Only safeguarding/,
  )
  const id = await desk(tx => openDisclosure(tx, house, dorothy, { ...asked, type: 'safeguarding', isEmergency: true }))
  const found = { gateway: 'sch1-para18', fields: ['phone'], lessWeighed: true, switchedOff: off }
  const on = (basis: Basis) => desk(tx => weigh(tx, house, dorothy, id, { ...found, basis }))
  await assert.rejects(on({ noConsent: 'cannot', why: 'He hits her.' }), /whether a child or an adult is at risk/)
  await assert.rejects(on({ atRisk: 'adult', why: 'He hits her.' }), /why it is done without their consent/)
  await assert.rejects(on({ atRisk: 'adult', noConsent: 'prejudice', why: '' }), /Say which harm is feared/)
  await assert.rejects(
    desk(tx => decideDisclosure(tx, house, dorothy, id, 'release')),
    /Weigh it first/,
  )
  await on({ atRisk: 'adult', noConsent: 'prejudice', why: 'He hits her.' })
  await desk(tx => decideDisclosure(tx, house, dorothy, id, 'release'))
  const { token, code } = await desk(tx => release(tx, house, dorothy, id))
  house.clock.set('2026-11-27T09:00:00Z')
  assert.equal(await desk(tx => handOver(tx, house, dorothy, token, code)), undefined, 'after 72 hours it is closed')
  house.clock.set('2026-11-23T09:00:00Z')
})

test('[N-43] [N-46] no path of steps releases what was not weighed, decided and agreed; what is released was asked for and approved', async () => {
  const acts = fc.constantFrom('weigh', 'release?', 'refuse?', 'agree', 'agree self', 'disagree', 'release')
  const names = fc.subarray(['name', 'email', 'phone', 'address', 'landlord', 'ethnicity', 'answers'])
  await fc.assert(
    fc.asyncProperty(
      fc.array(acts, { maxLength: 9 }),
      names,
      names,
      fc.boolean(),
      async (path, fields, approved, isEmergency) => {
        const type = isEmergency ? ('safeguarding' as const) : ('legal' as const)
        const gateway = isEmergency ? 'sch1-para18' : 'sch2-para5-3'
        const rests = { proof: 'order', atRisk: 'adult', noConsent: 'cannot', why: 'As the court says.' } as const
        let id = ''
        try {
          id = await desk(tx => openDisclosure(tx, house, dorothy, { ...asked, type, fields, isEmergency }))
        } catch (error) {
          assert.ok(error instanceof NotYet && !fieldsFor(type).some(field => fields.includes(field)))
          return
        }
        for (const act of path) {
          const before = await desk(tx =>
            tx.selectFrom('disclosure').selectAll().where('dossier_id', '=', id).executeTakeFirstOrThrow(),
          )
          try {
            if (act === 'weigh')
              await desk(tx =>
                weigh(tx, house, dorothy, id, {
                  gateway,
                  fields: approved,
                  lessWeighed: true,
                  switchedOff: {},
                  basis: rests,
                }),
              )
            if (act === 'release?' || act === 'refuse?')
              await desk(tx => decideDisclosure(tx, house, dorothy, id, act === 'release?' ? 'release' : 'refuse'))
            if (act === 'agree' || act === 'disagree')
              await desk(tx => secondOpinion(tx, house, dora, id, act === 'agree'))
            if (act === 'agree self') await desk(tx => secondOpinion(tx, house, dorothy, id, true))
            if (act !== 'release') continue
            const { token, code } = await desk(tx => release(tx, house, dorothy, id))
            assert.ok(before.weighed_at && before.less_weighed && before.gateway && before.decision === 'release')
            assert.ok(before.second === 'agree' || (before.second === null && isEmergency))
            assert.notEqual(before.second_by, before.decided_by)
            const extract = JSON.parse((await desk(tx => handOver(tx, house, dorothy, token, code))) ?? '{}')
            const given = Object.keys(extract).filter(key => key !== 'reference' && key !== 'made')
            for (const key of given)
              assert.ok(fields.some(one => one === key) && approved.some(one => one === key), key)
          } catch (error) {
            if (!(error instanceof NotYet)) throw error
          }
        }
      },
    ),
    { numRuns: 60 },
  )
})

test('[N-40] [N-43] the desk leads through it, asks what a legal request rests on, says in one sentence what is missing, and hands over by link and code', async () => {
  const page = await openDesk(house, [disclosureRoutes])
  page.as(dorothy)
  const at = '/staff/protection/disclosures'
  const form = {
    type: 'legal',
    name: 'A. Counsel, Inn & Co',
    reach: 'counsel@example.org',
    address: 'amina@example.org',
    fields: ['name', 'landlord'],
    words: 'A claim about repairs.',
  }
  assert.match((await page.post(`${at}/new`, { ...form, fields: [], words: '' })).text, /Select what they ask for/)
  assert.match(
    (await page.post(`${at}/new`, { ...form, address: 'nobody@example.org' })).text,
    /there is nothing to give/,
  )
  const { location } = await page.post(`${at}/new`, form)
  assert.match((await page.post(location, { act: 'release' })).text, /Weigh it first/)
  const weighed = { act: 'weigh', gateway: 'sch2-para5-3', fields: ['landlord'], less: 'yes', asked: 'yes' }
  assert.match((await page.post(location, weighed)).text, /Select what the request rests on/)
  const bare = await page.post(location, { ...weighed, proof: 'order' })
  assert.match(bare.text, /Say which order or authority it is/)
  await page.post(location, { ...weighed, proof: 'authority', why: 'Her letter of 2 May.' })
  assert.match((await page.get(location)).text, /Her letter of 2 May/)
  await page.post(location, { act: 'release' })
  assert.match((await page.post(location, { act: 'make' })).text, /A second person has to agree first/)
  page.as(dora)
  await page.post(location, { act: 'agree' })
  page.as(dorothy)
  const { text } = await page.post(location, { act: 'make' })
  const [, token = ''] = /\/extract\/([\w-]+)/.exec(text) ?? []
  const [, code = ''] = /panel-code">(\d{6})</.exec(text) ?? []
  page.as(undefined)
  assert.equal((await page.get(`/extract/${token}`)).status, 200)
  assert.match((await page.post(`/extract/${token}`, { code: 'x' })).text, /The link or the code is wrong/)
  assert.deepEqual(Object.keys(JSON.parse((await page.post(`/extract/${token}`, { code })).text)).sort(), [
    'landlord',
    'made',
    'reference',
  ])
  assert.equal((await page.post(`/extract/${token}`, { code })).status, 422)
  page.as(dorothy)
  assert.match((await page.get(at)).text, /Handed over/)
  const refused = await page.post(`${at}/new`, form)
  await page.post(refused.location, { act: 'refuse' })
  assert.match((await page.get(refused.location)).text, /Next: Refused/)
})

test('[N-42] a request of others and the opening made for it stay hidden from the person until the prejudice test is answered, and go on hidden where it says so', async () => {
  const person = await within(house, { by: grace, for: 'administer the panel' }, async tx => {
    const made = await house.vault.begin(tx, grace, 'panel', '2027-06-30')
    await house.vault.put(tx, grace, 'panel', made, { name: 'Hidden Person', phone: '01632 960 009' })
    return made
  })
  const resident = { id: person, roles: ['resident'], own: [person] } as const
  /** What the person is shown of it: their own page and the copy are the same thing. */
  const seen = async () => {
    const copy = await within(house, { by: resident, for: 'exercise rights' }, tx =>
      accessCopy(tx, house, resident, person),
    )
    const file = JSON.stringify({ ...copy, values: [] })
    return { told: copy?.disclosures.map(one => one.outcome), opened: copy?.openings.length, file }
  }
  const weighed = { gateway: 'sch2-para2', fields: ['name'], lessWeighed: true }
  const ask = () => desk(tx => openDisclosure(tx, house, dorothy, { ...asked, subject: person }))
  const give = async (id: string) => {
    await desk(tx => decideDisclosure(tx, house, dorothy, id, 'release'))
    await desk(tx => secondOpinion(tx, house, dora, id, true))
    await desk(tx => release(tx, house, dorothy, id))
  }

  const secret = await ask()
  assert.deepEqual((await seen()).told, [], 'not before the test is answered')
  await assert.rejects(
    desk(tx => weigh(tx, house, dorothy, secret, { ...weighed, switchedOff: { told: '', log: 'A raid is planned.' } })),
    /Say for each right that you switch off why/,
  )
  await desk(tx =>
    weigh(tx, house, dorothy, secret, {
      ...weighed,
      switchedOff: { told: 'A raid is planned.', log: 'A raid is planned.' },
    }),
  )
  await assert.rejects(
    desk(tx => weigh(tx, house, dorothy, secret, { ...weighed, switchedOff: undefined })),
    /Ask of each right/,
  )
  await assert.rejects(
    desk(tx => weigh(tx, house, dorothy, secret, { ...weighed, switchedOff: { told: 'A raid is planned.' } })),
    /The opening would tell them/,
  )
  await give(secret)
  const hidden = await seen()
  assert.deepEqual([hidden.told, hidden.opened], [[], 0], 'neither the request nor its opening')
  assert.doesNotMatch(hidden.file, /law enforcement|fights crime|raid/)

  const open = await ask()
  await desk(tx => weigh(tx, house, dorothy, open, { ...weighed, switchedOff: {} }))
  assert.deepEqual((await seen()).told, ['being looked at'])
  await give(open)
  const shown = await seen()
  assert.deepEqual([shown.told, shown.opened], [['given'], 1], 'this one and its opening, not the other')

  const quiet = await ask()
  await desk(tx => weigh(tx, house, dorothy, quiet, { ...weighed, switchedOff: { log: 'The time tells who looked.' } }))
  await give(quiet)
  const half = await seen()
  assert.deepEqual([half.told, half.opened], [['given', 'given'], 1], 'one right is off, the other stays on')

  await desk(tx => letPersonSee(tx, house, dorothy, quiet))
  await desk(tx => letPersonSee(tx, house, dorothy, secret))
  const both = await seen()
  assert.deepEqual([both.told, both.opened], [['given', 'given', 'given'], 3])
  assert.doesNotMatch(both.file, /raid/, 'the reason stays with the desk')
})

test('[N-41] a request of another kind needs its gateway named in words, and two people as ever', async () => {
  const id = await desk(tx => openDisclosure(tx, house, dorothy, { ...asked, type: 'other' }))
  const weighed = { gateway: 'named', fields: ['name'], lessWeighed: true, switchedOff: {} }
  await assert.rejects(
    desk(tx => weigh(tx, house, dorothy, id, weighed)),
    /Name the gateway in the law/,
  )
  await desk(tx =>
    weigh(tx, house, dorothy, id, { ...weighed, gatewayWords: 'Care Act 2014, section 45: the board asked.' }),
  )
  await desk(tx => decideDisclosure(tx, house, dorothy, id, 'release'))
  await assert.rejects(
    desk(tx => release(tx, house, dorothy, id)),
    /A second person has to agree first/,
  )
  await desk(tx => secondOpinion(tx, house, dora, id, true))
  const { token, code } = await desk(tx => release(tx, house, dorothy, id))
  assert.match((await desk(tx => handOver(tx, house, dorothy, token, code))) ?? '', /Amina Okafor/)
})

test('[N-40] where several people share an address, whose record is asked about is selected, never taken for granted', async () => {
  const partner = await within(house, { by: grace, for: 'administer the panel' }, async tx => {
    const id = await house.vault.begin(tx, grace, 'panel', '2027-06-30')
    await house.vault.put(tx, grace, 'panel', id, { name: 'Chidi Okafor', email: 'both@example.org' })
    const other = await house.vault.begin(tx, grace, 'panel', '2027-06-30')
    await house.vault.put(tx, grace, 'panel', other, { name: 'Ada Okafor', email: 'both@example.org' })
    return id
  })
  const page = await openDesk(house, [disclosureRoutes])
  page.as(dorothy)
  const at = '/staff/protection/disclosures'
  const form = { type: 'legal', name: 'B. Counsel', reach: 'b@example.org', fields: ['name'], words: 'A claim.' }
  const asks = { ...form, address: 'both@example.org' }
  const first = await page.post(`${at}/new`, asks)
  assert.equal(first.status, 422)
  assert.match(first.text, /Several people share this email address: select whose record/)
  assert.match(first.text, /Chidi Okafor, since [\s\S]*A claim\./, 'what was typed is kept')
  assert.equal((await page.post(`${at}/new`, { ...asks, record: subject })).status, 422, 'no record of another address')
  const { location } = await page.post(`${at}/new`, { ...asks, record: partner })
  const made = await desk(tx =>
    tx
      .selectFrom('disclosure')
      .select('subject')
      .where('dossier_id', '=', location.split('/').at(-1) ?? '')
      .executeTakeFirst(),
  )
  assert.equal(made?.subject, partner)
})
