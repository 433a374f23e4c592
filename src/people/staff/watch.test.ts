import assert from 'node:assert/strict'
import { test } from 'node:test'
import { addDays } from '#src/platform/calendar/dates.ts'
import { within } from '#src/promises/house.ts'
import { link } from '#src/promises/ledger/linker.ts'
import { verify } from '#src/promises/ledger/verify.ts'
import { system } from '#src/promises/notice/actor.ts'
import { testSite } from '#test/site.ts'
import { watch } from './watch.ts'

const site = await testSite()
const { house } = site

const dpos = ['dorothy@panel.example', 'nadia@panel.example']

/** What was sent to someone since the last look, by subject. */
const seen = new Set<string>()
async function news() {
  const all = await site.letters()
  const fresh = all.filter(one => !seen.has(one.messageId))
  for (const one of fresh) seen.add(one.messageId)
  return fresh
}

test('[N-18] the DPO gets a message 60, 30 and 7 days before the policy document ends and when it has: each once', async () => {
  const [row] = await within(house, { by: system('test'), for: 'administer the panel' }, tx =>
    tx.selectFrom('policy_document').select('review_by').execute(),
  )
  const ends = String(row?.review_by)
  await news()
  const told: number[] = []
  for (let left = 62; left >= -3; left--) {
    house.clock.set(`${addDays(ends, -left)}T07:15:00Z`)
    await watch(house)
    const first = await news()
    await watch(house)
    assert.deepEqual(await news(), [])
    const letters = first.filter(one => one.subject.startsWith('The policy document'))
    if (letters.length) assert.deepEqual(letters.map(one => one.to).sort(), dpos)
    if (letters.length) told.push(left)
    if (left < 0) assert.ok(letters.every(one => /Nobody is asked about ethnicity/.test(one.text)))
  }
  assert.deepEqual(told, [60, 30, 7, -1])
})

test('[N-52] each week a signed head of the ledger leaves by mail, and proves later that nothing was written anew', async () => {
  house.clock.set('2027-11-09T07:15:00Z')
  await link(house)
  await watch(house)
  await watch(house)
  const letters = (await news()).filter(one => one.subject.startsWith('Keep this'))
  assert.deepEqual(letters.map(one => one.to).sort(), ['alex@panel.example', ...dpos])
  const [, size, root = ''] = /--entries (\d+) --root (\S+)/.exec(letters[0]?.text ?? '') ?? []
  assert.equal((await verify(house, { size: Number(size), root })).ok, true)
  assert.match((await verify(house, { size: Number(size) - 1, root })).says, /not those of the head you kept/)
  assert.match((await verify(house, { size: Number(size) + 9_999, root })).says, /The head you kept has/)
})
