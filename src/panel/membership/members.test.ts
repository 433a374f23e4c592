import assert from 'node:assert/strict'
import { test } from 'node:test'
import { tell } from '#src/panel/correspondence/tell.ts'
import { addressValue, codesValue } from '#src/panel/recruitment/values.ts'
import { addDays } from '#src/platform/calendar/dates.ts'
import { londonDate } from '#src/platform/calendar/london.ts'
import { within } from '#src/promises/house.ts'
import { system } from '#src/promises/notice/actor.ts'
import { testSite } from '#test/site.ts'
import { memberOf, members } from './members.ts'
import { propose } from './removal/removal.ts'

const site = await testSite({ seated: 6 })
const { house } = site
const by = system('test')
const tx = <T>(work: Parameters<typeof within<T>>[2]) => within(house, { by, for: 'administer the panel' }, work)
let grace = await site.staff('Grace')
const today = londonDate(house.clock.now())
const [gwen = '', hassan = '', third = '', fourth = ''] = (await tx(inner => members(inner, today))).map(
  one => one.dossier_id,
)
const page = (id: string) => `/staff/members/${id}`
const note = (id: string, act: string) => grace.send(`${page(id)}/standing`, { act }, page(id))
/** The numbers at the top of the list, each with its words. */
const tiles = async () =>
  [...(await grace.get('/staff/members')).text.matchAll(/panel-count">(\d+)<\/span>\s*(?:<a[^>]*>)?([^<]+)/g)].map(
    ([, count, says]) => `${count} ${says?.trim()}`,
  )
const acts = (id: string) =>
  tx(async inner =>
    (await inner.selectFrom('ledger_entry').select('act').where('subject', '=', id).orderBy('id').execute()).map(
      one => one.act,
    ),
  )

test('a member’s page says how to reach them, when meetings suit them and what interests them', async () => {
  await tx(inner =>
    house.vault.put(inner, by, 'panel', gwen, {
      interests: codesValue.write(['letters', 'repairs']),
      times: codesValue.write(['saturdays']),
      address: addressValue.write({ lines: ['4 Quay Street'], postcode: 'BS1 4DB' }),
    }),
  )
  const { text } = await grace.get(page(gwen))
  assert.match(text, /Letters and words that people understand; Repairs, damp and mould/)
  assert.match(text, /Saturdays/)
  assert.match(text, /4 Quay Street, BS1 4DB/)
  await tx(inner => house.vault.put(inner, by, 'panel', hassan, { interests: undefined, times: undefined }))
  assert.match((await grace.get(page(hassan))).text, /Not said/)
})

test('members are found by what interests them', async () => {
  for (const { dossier_id: id } of await tx(inner => members(inner, today)))
    if (id !== gwen) await tx(inner => house.vault.put(inner, by, 'panel', id, { interests: undefined }))
  const { text } = await grace.get('/staff/members?interest=letters')
  assert.match(text, /1 in office, interested in letters and words that people understand\./)
  assert.match(text, /Gwen Pritchard/)
  assert.doesNotMatch(text, /Hassan Yusuf/)
  assert.match((await grace.get('/staff/members?interest=safety')).text, /Nobody fits/)
})

test('the list says how the panel stands against its size, each number a link to those it counts', async () => {
  const standing = ['0 leaving', '0 terms end within six months', '0 places free']
  assert.deepEqual(await tiles(), ['6 in office, of 6 places', '0 paused', ...standing])
  await note(gwen, 'pause')
  await grace.send(`${page(third)}/leaving`, { because: 'resigned' }, page(third))
  await tx(inner => propose(inner, house, by, hassan, 'Told the press who had said what.'))
  assert.deepEqual(await tiles(), [
    '5 in office, of 6 places',
    '1 paused',
    '2 leaving',
    '0 terms end within six months',
    '1 place free',
  ])
  const list = (await grace.get('/staff/members')).text
  assert.match(list, /5 of 6 places taken, 1 free/)
  assert.doesNotMatch(list, /demonstration round/, 'a round that is open has no panel yet')
  assert.match((await grace.get('/staff/members?show=paused')).text, /Gwen Pritchard/)
  assert.match((await grace.get('/staff/members?show=leaving')).text, /Hassan Yusuf/)
})

test('who rings to pause, go on or come back has it noted by an officer, and twice is once', async () => {
  await note(gwen, 'pause')
  assert.match((await grace.get(page(gwen))).text, /They pause/)
  await note(gwen, 'go on')
  await note(gwen, 'go on')
  const told = (await acts(gwen)).filter(act => act.startsWith('membership'))
  assert.deepEqual(told, ['membership paused', 'membership goes on'])
  assert.match((await grace.get(page(third))).text, /they can come back until/)
  assert.equal((await note(third, 'come back')).status, 303)
  assert.equal((await tx(inner => memberOf(inner, third)))?.left_on, null)
})

test('a death that was noted by mistake is taken back, and letters go out again', async () => {
  await grace.send(`${page(fourth)}/leaving`, { because: 'died' }, page(fourth))
  const written = async () => {
    await tx(inner => tell(inner, house, by, fourth, 'withdrawn', { reference: 'x', deleted: 'y' }))
    const rows = await tx(inner =>
      inner
        .selectFrom('message')
        .select(['id', 'state'])
        .where('dossier_id', '=', fourth)
        .orderBy('id', 'desc')
        .execute(),
    )
    return rows.filter(row => row.state !== 'sent' && row.state !== 'stuck').length
  }
  assert.equal(await written(), 0)
  assert.match((await grace.get(page(fourth))).text, /noted by mistake/)
  await note(fourth, 'come back')
  assert.equal(await written(), 1)
  assert.match((await grace.get(page(fourth))).text, /In office/)
})

test('nobody comes back after fourteen days', async () => {
  await grace.send(`${page(third)}/leaving`, { because: 'resigned' }, page(third))
  house.clock.set(`${addDays(today, 15)}T10:00:00Z`)
  grace = await site.staff('Grace')
  const late = await grace.send(`${page(third)}/standing`, { act: 'come back' }, page(gwen))
  assert.equal(late.status, 422)
  assert.match(late.text, /too late to take this back/)
})

test('once a term is over the page says so, and no resignation can be noted', async () => {
  await tx(inner => inner.updateTable('member').set({ ends_on: today }).where('dossier_id', '=', gwen).execute())
  const { text } = await grace.get(page(gwen))
  assert.match(text, /Term over/)
  assert.doesNotMatch(text, /They resigned|ask for a pause/)
})
