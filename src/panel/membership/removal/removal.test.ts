import assert from 'node:assert/strict'
import { test } from 'node:test'
import { applicantsOf } from '#src/panel/recruitment/application.ts'
import { rounds } from '#src/panel/recruitment/round.ts'
import { startSession } from '#src/people/doors/sessions.ts'
import { within } from '#src/promises/house.ts'
import { resident, system } from '#src/promises/notice/actor.ts'
import { testSite } from '#test/site.ts'
import { memberOf } from '../members.ts'
import { accept, offerPlaces } from '../offers/offers.ts'

const site = await testSite({ closed: 6 })
const { house } = site
const by = system('test')
const tx = <T>(work: Parameters<typeof within<T>>[2]) => within(house, { by, for: 'administer the panel' }, work)
const [kim = '', lee = '', ray = ''] = await tx(async inner => {
  const round = (await rounds(inner)).find(one => one.name.includes('just closed'))
  if (!round) throw new Error('There is a closed round.')
  const people = (await applicantsOf(inner, round.id)).slice(0, 3)
  for (const id of people)
    await house.vault.put(inner, by, 'panel', id, { channel: 'email', email: `${id}@residents.example` })
  await offerPlaces(inner, house, by, round, people)
  for (const id of people) await accept(inner, house, resident(id), id)
  return people
})
const grace = () => site.staff('Grace')
const omar = () => site.staff('Omar')
const pageOf = (id: string) => `/staff/members/${id}/removal`
const because = 'Shared what others said in a meeting, which the charter asks nobody to do'
type Browser = Awaited<ReturnType<typeof grace>>
const act = async (browser: Browser, id: string, fields: Record<string, string>) => {
  const { text } = await browser.get(pageOf(id))
  return browser.raw(pageOf(id), { _csrf: /name="_csrf" value="([^"]+)"/.exec(text)?.[1] ?? '', ...fields })
}
const letters = async (template: string) =>
  (await tx(inner => inner.selectFrom('message').selectAll().where('template', '=', template).execute())).map(
    one => one.dossier_id,
  )

test('a removal is proposed with a reason, and the member is written to without it', async () => {
  const officer = await grace()
  assert.match((await act(officer, kim, { act: 'propose', reason: ' ' })).text, /Enter why the member is to be removed/)
  assert.match(
    (await act(officer, kim, { act: 'propose', reason: 'x'.repeat(1001) })).text,
    /The reason must be 1000 characters or fewer/,
  )
  assert.equal((await act(officer, kim, { act: 'banish' })).status, 404)
  assert.equal((await act(officer, kim, { act: 'propose', reason: because })).status, 303)
  assert.match((await act(officer, kim, { act: 'propose', reason: because })).text, /is proposed already/)
  assert.deepEqual(await letters('removal proposed'), [kim])
  const mail = (await site.letters()).find(one => /tell us what you think/.test(one.subject))
  assert.match(mail?.text ?? '', /You have until 7 December 2026/)
  assert.doesNotMatch(mail?.text ?? '', /charter/)
})

test('the member reads the reason on their own page', async () => {
  const me = site.visitor()
  await me.get('/')
  const token = await within(house, { by, for: 'exercise rights' }, inner =>
    startSession(inner, house.clock.now(), 'resident', [kim]),
  )
  me.setCookies({ ...me.cookies(), session: token })
  assert.match((await me.get('/me/data')).text, /Shared what others said in a meeting/)
})

test('nobody is removed before the notice is over, nor by the person who proposed it', async () => {
  assert.match((await (await omar()).get('/staff')).text, /A member may answer their removal until 7 December 2026/)
  assert.match(
    (await act(await omar(), kim, { act: 'confirm' })).text,
    /The member has until 7 December 2026 to answer/,
  )
  house.clock.set('2026-12-08T09:00:00Z')
  assert.match(
    (await act(await grace(), kim, { act: 'confirm' })).text,
    /You proposed this: a second person confirms it/,
  )
  assert.equal((await tx(inner => memberOf(inner, kim)))?.left_on, null)
  assert.match((await (await omar()).get('/staff')).text, /To do[\s\S]*is to be confirmed or dropped/)
})

test('a second person confirms: both are named, the letter says how to object, and there is no way back in', async () => {
  const officer = await omar()
  const [one, two] = await Promise.all([act(officer, kim, { act: 'confirm' }), act(officer, kim, { act: 'confirm' })])
  assert.deepEqual([one.status, two.status].sort(), [303, 422])
  const member = await tx(inner => memberOf(inner, kim))
  const [graceId = ''] = await house.vault.findByEmail('grace@panel.example')
  const [omarId = ''] = await house.vault.findByEmail('omar@panel.example')
  assert.deepEqual(
    [member?.left_because, member?.left_by, member?.confirmed_by, member?.left_on],
    ['removed', graceId, omarId, '2026-12-08'],
  )
  assert.deepEqual(await letters('removed from the panel'), [kim])
  assert.deepEqual(await letters('left the panel'), [])
  assert.match((await officer.get(pageOf(kim))).text, /left the panel on 8 December 2026/)
})

test('a proposal is dropped, and the member is told that they stay', async () => {
  await act(await grace(), lee, { act: 'propose', reason: because })
  assert.equal((await act(await grace(), lee, { act: 'drop' })).status, 303)
  assert.match((await act(await grace(), lee, { act: 'drop' })).text, /No removal of this member is proposed/)
  assert.deepEqual(await letters('removal dropped'), [lee])
  assert.equal((await tx(inner => memberOf(inner, lee)))?.left_on, null)
})

test('who resigns meanwhile is not removed', async () => {
  await act(await grace(), ray, { act: 'propose', reason: because })
  await (await grace()).send(`/staff/members/${ray}/leaving`, { because: 'resigned' }, `/staff/members/${ray}`)
  house.clock.set('2027-01-10T09:00:00Z')
  assert.doesNotMatch((await (await omar()).get('/staff')).text, /removal/)
  assert.equal((await tx(inner => memberOf(inner, ray)))?.left_because, 'resigned')
})

test('only officers remove, and only members', async () => {
  assert.equal((await (await site.staff('Dorothy')).get(pageOf(lee))).status, 403)
  assert.equal((await (await grace()).get(pageOf('00000000-0000-4000-8000-000000000000'))).status, 404)
  assert.equal((await (await grace()).get(pageOf('x'))).status, 404)
})
