import assert from 'node:assert/strict'
import { test } from 'node:test'
import { within } from '#src/promises/house.ts'
import { system } from '#src/promises/notice/actor.ts'
import { testSite } from '#test/site.ts'
import { resident } from '../notice/actor.ts'
import { keepProcessor } from '../processors/processors.ts'
import { openCase } from './cases.ts'
import { accessCopy } from './copy.ts'
import { readCorrections } from './corrections.ts'
import type { Matter } from './rights.ts'

const site = await testSite()
const { house } = site
const by = system('test')
const dorothy = await site.staff('Dorothy')
const nadia = await site.staff('Nadia')
type Desk = typeof dorothy

/** A case about someone of the demo, decided by Dorothy. */
async function decided(email: string, matter: Matter): Promise<{ at: string; person: string }> {
  const [person = ''] = await house.vault.findByEmail(email)
  const { id } = await within(house, { by, for: 'exercise rights' }, tx =>
    openCase(tx, house, by, {
      matter,
      channel: 'post',
      requester: { name: '', reach: '1 Road' },
      words: '',
      subject: person,
    }),
  )
  const at = `/staff/protection/cases/${id}`
  await (await site.staff('Dorothy')).send(`${at}/decision`, { decision: 'granted', reasons: 'It is theirs.' }, at)
  return { at, person }
}
const carryOut = (desk: Desk, at: string, fields = {}) => desk.send(`${at}/execution`, fields, at)

test('[N-70] an erasure is carried out by another person than the one who decided it', async () => {
  const { at, person } = await decided('chloe@residents.example', 'erasure')
  assert.match((await dorothy.get(at)).text, /You may do it alone from 9am on 24 November 2026, with a reason/)
  const refused = await dorothy.raw(`${at}/execution`, { _csrf: await token(dorothy), reason: 'I am in a hurry.' })
  assert.match(refused.text, /Another person of data protection looks at it and carries it out/)
  assert.equal((await house.vault.record(person))?.state, 'alive')
  assert.equal((await carryOut(nadia, at)).status, 303)
  assert.equal((await house.vault.record(person))?.state, 'tombstone')
})

test('[N-70] after 24 hours, and not a second sooner, one person may carry out an erasure alone, with a reason that is kept and counted', async () => {
  const { at, person } = await decided('barry@residents.example', 'erasure')
  house.clock.set('2026-11-24T08:59:59Z')
  const early = await site.staff('Dorothy')
  const alone = async (desk: Desk, reason: string) => desk.raw(`${at}/execution`, { _csrf: await token(desk), reason })
  assert.match((await alone(early, 'Nadia is away.')).text, /Another person of data protection/)
  house.clock.set('2026-11-24T09:00:00Z')
  const desk = await site.staff('Dorothy')
  assert.match((await alone(desk, ' ')).text, /Enter why nobody else could look at it/)
  assert.equal((await house.vault.record(person))?.state, 'alive')
  assert.equal((await alone(desk, 'Nadia is away.')).status, 303)
  assert.equal((await house.vault.record(person))?.state, 'tombstone')
  assert.match((await desk.get(at)).text, /Nobody else could look at it: Nadia is away\./)
  assert.match((await desk.get('/staff/protection/evidence')).text, /1 of them were erasures by one person alone/)
  house.clock.set('2026-11-23T09:00:00Z')
})

async function token(desk: Desk): Promise<string> {
  return /name="_csrf" value="([^"]+)"/.exec((await desk.get('/staff/protection/breaches/new')).text)?.[1] ?? ''
}

test('[N-70] a correction keeps what it said before, sealed with the record, for the person and the desk to see', async () => {
  const { at, person } = await decided('amina@residents.example', 'correction')
  const put = (field: string, value: string) => dorothy.send(`${at}/correction`, { field, value })
  assert.match((await put('', '')).text, /Select what is wrong/)
  assert.match(
    (await put('ethnicity', 'x')).text,
    /Select what is wrong/,
    'a special category is not put right by staff',
  )
  assert.match((await put('tenancy', 'a castle')).text, /Enter one of: I rent from a council/)
  assert.match((await put('email', 'nowhere')).text, /Enter an email address, like/)
  assert.equal((await put('landlord', 'Kestrel Housing')).status, 303)
  assert.equal((await put('tenancy', 'i am a shared owner')).status, 303)
  assert.match((await put('landlord', 'Kestrel Housing')).text, /The record says so already/)
  assert.match((await dorothy.get(`${at}/correction`)).text, /Your landlord said before: Northgate Homes/)
  const me = resident(person)
  const copy = await within(house, { by: me, for: 'exercise rights' }, tx => accessCopy(tx, house, me, person))
  const held = new Map(copy?.values.map(one => [one.field, one.value]))
  assert.equal(held.get('landlord'), 'Kestrel Housing')
  assert.equal(held.get('tenancy'), 'shared-owner')
  assert.deepEqual(
    readCorrections(held.get('corrections')).map(one => [one.field, one.was]),
    [
      ['landlord', 'Northgate Homes'],
      ['tenancy', 'association-tenant'],
    ],
  )
  const page = site.visitor()
  await page.send('/demo', { who: person })
  assert.match((await page.get('/me/data')).text, /Your landlord was “Northgate Homes” until 23 November 2026/)
  await carryOut(dorothy, at)
  assert.equal((await dorothy.get(`${at}/correction`)).status, 404, 'once carried out, nothing more is changed')
})

test('[N-68] [N-70] after a correction, an erasure or a restriction everyone who was given the data has to be told, and stays on Today until they answer', async () => {
  const mail = {
    name: 'Mail Ltd',
    does: 'carries letters',
    recipient: 'mail service',
    hosts: [],
    place: 'UK',
    mechanism: 'none',
    contract_on: '2026-01-01',
    evidence_on: '2026-11-01',
    review_on: '2027-11-01',
  } as const
  await within(house, { by, for: 'exercise rights' }, async tx => {
    await keepProcessor(tx, house, by, { ...mail, hosts: [] })
    await keepProcessor(tx, house, by, { ...mail, name: 'Host Ltd', recipient: null, hosts: [] })
  })
  for (const matter of ['correction', 'restriction', 'erasure'] as const) {
    const { at } = await decided('femi@residents.example', matter)
    await carryOut(nadia, at, { given: 'Their name in the minutes.' })
    const { text } = await dorothy.get(`${at}/recipients`)
    assert.match(text, /Mail Ltd/, matter)
    assert.doesNotMatch(text, /Host Ltd/, 'who only keeps what is sealed holds nothing of its own')
    assert.match(
      (await dorothy.get('/staff')).text,
      /Mail Ltd, who was given someone’s data: to be told by 7 December 2026/,
    )
    const act = (what: string, reason = '') => dorothy.send(`${at}/recipients`, { what, reason })
    assert.equal((await act('answered')).status, 404, 'nobody answers what they were not told')
    await act('told')
    assert.match((await dorothy.get('/staff')).text, /Mail Ltd, who was given someone’s data: has not answered/)
    if (matter === 'correction') {
      house.clock.set('2026-12-08T09:00:00Z')
      const late = (await (await site.staff('Dorothy')).get('/staff')).text
      assert.match(
        late.slice(late.indexOf('Overdue'), late.indexOf('To do')),
        /Mail Ltd, who was given someone’s data: has not answered/,
      )
      house.clock.set('2026-11-23T09:00:00Z')
    }
    if (matter === 'restriction') {
      assert.match((await act('waived')).text, /Enter why it is impossible, or out of proportion/)
      await act('waived', 'It holds nothing any more.')
      assert.match((await dorothy.get(at)).text, /Mail Ltd: not told, because It holds nothing any more\./)
    } else await act('answered')
    assert.doesNotMatch((await dorothy.get('/staff')).text, /Mail Ltd, who was given/)
  }
})

test('[N-70] an access request tells nobody anything', async () => {
  const { at } = await decided('amina@residents.example', 'access')
  await carryOut(dorothy, at)
  assert.match((await dorothy.get(`${at}/recipients`)).text, /Nobody was given data of this person/)
})
