import assert from 'node:assert/strict'
import { test } from 'node:test'
import { applicantsOf } from '#src/panel/recruitment/application.ts'
import { rounds } from '#src/panel/recruitment/round.ts'
import { codesValue } from '#src/panel/recruitment/values.ts'
import { within } from '#src/promises/house.ts'
import { resident, system } from '#src/promises/notice/actor.ts'
import { restrict } from '#src/promises/retention/brakes.ts'
import { testSite } from '#test/site.ts'
import { pause } from '../members.ts'
import { accept, offerPlaces } from '../offers/offers.ts'
import { findAudience } from './audiences.ts'
import { lists } from './filter.ts'

const site = await testSite({ closed: 6 })
const { house } = site
const by = system('test')
const tx = <T>(work: Parameters<typeof within<T>>[2]) => within(house, { by, for: 'administer the panel' }, work)
const base = '/staff/members/audiences'
const cast = [
  { name: 'Ada North', area: 'E08000003', channel: 'email', interests: ['repairs'] },
  { name: 'Ben North', area: 'E08000003', channel: 'post', interests: ['safety', 'charges'] },
  { name: 'Cy East', area: 'E06000001', channel: 'email', interests: ['safety'] },
  { name: 'Di London', area: 'E09000022', channel: 'phone', interests: [] },
  { name: 'Ed Paused', area: 'E08000003', channel: 'email', interests: ['repairs'] },
]
const people = await tx(async inner => {
  const round = (await rounds(inner)).find(one => one.name.includes('just closed'))
  if (!round) throw new Error('There is a closed round.')
  const ids = (await applicantsOf(inner, round.id)).slice(0, cast.length)
  for (const [at, id] of ids.entries()) {
    const one = cast[at]
    await house.vault.put(inner, by, 'panel', id, {
      name: one?.name,
      area: one?.area,
      channel: one?.channel,
      interests: one?.interests.length ? codesValue.write(one.interests) : undefined,
    })
  }
  await offerPlaces(inner, house, by, round, ids)
  for (const id of ids) await accept(inner, house, resident(id), id)
  await pause(inner, house, by, ids[4] ?? '', true)
  return ids
})
const none = { regions: [], channels: [], terms: [], interests: [] }
const fits = async (filter: Partial<typeof none> | object) => {
  const { ids } = await tx(inner => findAudience(inner, house, by, { ...none, ...filter }, '2026-11-23'))
  return ids.map(id => cast[people.indexOf(id)]?.name).sort()
}

test('an audience holds whoever fits one of each list, and nobody who pauses', async () => {
  for (const [filter, names] of [
    [{}, ['Ada North', 'Ben North', 'Cy East', 'Di London']],
    [{ regions: ['E12000002'] }, ['Ada North', 'Ben North']],
    [{ regions: ['E12000002', 'E12000007'] }, ['Ada North', 'Ben North', 'Di London']],
    [{ regions: ['E12000002'], channels: ['post'] }, ['Ben North']],
    [{ interests: ['safety', 'repairs'] }, ['Ada North', 'Ben North', 'Cy East']],
    [{ interests: ['safety'], channels: ['phone'] }, []],
    [{ terms: [2] }, []],
    [{ terms: [1], channels: ['email'] }, ['Ada North', 'Cy East']],
  ] as const)
    assert.deepEqual(await fits(filter), names, JSON.stringify(filter))
})

test('before it is used it shows who, how many, who pauses, and who was written to lately', async () => {
  const grace = await site.staff('Grace')
  const { text } = await grace.get(`${base}/new?regions=E12000002`)
  assert.match(text, /panel-count">2<\/span> members fit: regions: North West/)
  assert.match(text, /1 more pauses and is left out/)
  assert.match(text, /2 of them were written to in the last 30 days/)
  assert.match(text, /Ada North[\s\S]*23 November 2026/)
  assert.doesNotMatch(text, /Cy East/)
  house.clock.set('2027-01-15T09:00:00Z')
  const later = await (await site.staff('Grace')).get(`${base}/new?regions=E12000002`)
  assert.match(later.text, /0 of them were written to in the last 30 days/)
  assert.match(later.text, /Not lately/)
})

test('a filter is saved under a name of its own, and finds people anew', async () => {
  const grace = await site.staff('Grace')
  const from = `${base}/new?regions=E12000002`
  assert.match(
    (await grace.send(base, { regions: 'E12000002', name: ' ' }, from)).text,
    /Enter a name for the audience/,
  )
  assert.match(
    (await grace.send(base, { regions: 'E12000002', name: 'x'.repeat(101) }, from)).text,
    /The name must be 100 characters or fewer/,
  )
  const saved = await grace.send(base, { regions: 'E12000002', name: 'The North West' }, from)
  assert.match((await grace.get(saved.location)).text, /panel-count">2</)
  const again = await grace.send(base, { regions: 'E12000002', name: 'the north west' }, from)
  assert.equal(again.status, 422)
  assert.match(again.text, /There is an audience of this name/)
  await tx(inner => house.vault.put(inner, by, 'panel', people[3] ?? '', { area: 'E08000003' }))
  assert.match((await grace.get(saved.location)).text, /panel-count">3</)
  await tx(inner => restrict(inner, house, by, people[3] ?? '', '2027-03-01'))
  assert.match((await grace.get(saved.location)).text, /panel-count">2</, 'who is set aside is in no audience')
})

test('[N-38] the list is taken for a purpose of the notice, of as many as were shown, without addresses', async () => {
  const grace = await site.staff('Grace')
  const url = /href="(\/staff\/members\/audiences\/[0-9a-f-]{36})"/.exec((await grace.get(base)).text)?.[1] ?? ''
  const file = (fields: Record<string, string>) => grace.send(`${url}/file`, fields, url)
  assert.match((await file({})).text, /Select what the list is for/)
  assert.match((await file({ purpose: 'marketing' })).text, /Select what the list is for/)
  assert.match(
    (await file({ purpose: 'run surveys', seen: '9' })).text,
    /Who fits has changed since you opened the page/,
  )
  const taken = await file({ purpose: 'correspond about meetings' })
  assert.deepEqual(taken.text.replace('\uFEFF', '').trim().split(/\r?\n/), [
    'name,hears by',
    'Ada North,Email',
    'Ben North,Post',
  ])
  const entries = await tx(inner =>
    inner.selectFrom('ledger_entry').selectAll().where('act', '=', 'audience exported').execute(),
  )
  assert.deepEqual(
    entries.map(one => [one.purpose, one.count]),
    [['correspond about meetings', 2]],
  )
})

test('nobody is chosen by ethnicity or adjustments: no list, no column, and no address can ask for it', async () => {
  assert.deepEqual(Object.keys(lists), ['regions', 'channels', 'terms', 'interests'])
  const grace = await site.staff('Grace')
  const plain = await grace.get(`${base}/new`)
  const asked = await grace.get(`${base}/new?ethnicity=asian&adjustments=captions`)
  const count = (text: string) => /panel-count">(\d+)</.exec(text)?.[1]
  assert.equal(count(asked.text), count(plain.text))
  for (const query of [
    'regions=E1',
    'channels=pigeon',
    'terms=4',
    'interests=ethnicity',
    'regions=E12000002&regions=x',
  ]) {
    const wrong = await grace.get(`${base}/new?${query}`)
    assert.equal(wrong.status, 422, query)
    assert.match(wrong.text, /Select from the list/)
  }
})

test('an audience is deleted, and its people are not touched; only officers have any', async () => {
  const grace = await site.staff('Grace')
  const url = /href="(\/staff\/members\/audiences\/[0-9a-f-]{36})"/.exec((await grace.get(base)).text)?.[1] ?? ''
  assert.equal((await (await site.staff('Ruth')).get(url)).status, 403)
  await grace.send(`${url}/ending`, {}, url)
  assert.equal((await grace.get(url)).status, 404)
  assert.match((await grace.get('/staff/members')).text, /4 start later/)
})
