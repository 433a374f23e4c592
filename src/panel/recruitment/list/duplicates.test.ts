import assert from 'node:assert/strict'
import { test } from 'node:test'
import { within } from '#src/promises/house.ts'
import { applicant, sent } from '#test/applicants.ts'
import { openDesk } from '#test/desk.ts'
import { testHouse } from '#test/house.ts'
import { openRoundNow } from '#test/round.ts'
import { grace } from '#test/settled.ts'
import { officerRoutes } from '../officer.ts'
import { addressValue } from '../values.ts'

const house = await testHouse()
const desk = await openDesk(house, [officerRoutes])
desk.as(grace)
const round = await openRoundNow(house)
const [first = '', second = '', third = '', other = ''] = await sent(house, round, [
  applicant({ name: 'Zoë Yusuf', phone: '0113 496 0123' }),
  applicant({ name: 'ZOE  YUSUF', email: 'zoe@example.com' }),
  applicant({ name: 'Z Y', phone: '+44 113 496 0123', area: 'E06000001' }),
  applicant({ name: 'Zoë Yusuf', area: 'E06000002' }),
])
const page = '/staff/applications/duplicates'

test('the same name and area, or the same phone, are shown together; the same name elsewhere is not', async () => {
  const { text } = await desk.get(page)
  assert.match(text, /They have the same name and council area and the same phone number/)
  for (const id of [first, second, third]) assert.ok(text.includes(`value="${id}"`))
  assert.ok(!text.includes(other))
})

test('an officer keeps one; the others are erased, and the merge is recorded', async () => {
  assert.match((await desk.get((await desk.post(page, { round })).location)).text, /Select the application to keep/)
  const done = await desk.post(page, { round, keep: second })
  assert.equal(done.status, 303)
  assert.match((await desk.get(done.location)).text, /No two applications look like/)
  assert.equal((await house.vault.record(first))?.state, 'tombstone')
  assert.equal((await house.vault.record(third))?.state, 'tombstone')
  assert.equal((await house.vault.record(second))?.state, 'alive')
  const [entry] = await within(house, { by: grace, for: 'administer the panel' }, tx =>
    tx.selectFrom('ledger_entry').selectAll().where('act', '=', 'applications merged').execute(),
  )
  assert.equal(entry?.subject, second)
  assert.deepEqual([...((entry?.detail.erased as string[]) ?? [])].sort(), [first, third].sort())
})

test('people of one home are shown together only where the round says that it looks', async () => {
  const home = (line: string) => addressValue.write({ lines: [line, 'Leeds'], postcode: 'LS1 1AA' })
  const [one = '', two = ''] = await sent(house, round, [
    applicant({ name: 'Ann Vale', address: home('12, Station Road') }),
    applicant({ name: 'Ben Vale', address: home('12 station road') }),
  ])
  assert.ok(!(await desk.get(page)).text.includes(one))
  await within(house, { by: grace, for: 'administer the panel' }, tx =>
    tx
      .updateTable('round')
      .set({ rules: JSON.stringify({ household: true }) })
      .where('id', '=', round)
      .execute(),
  )
  const { text } = await desk.get(page)
  assert.match(text, /They have the same postal address/)
  assert.ok(text.includes(one) && text.includes(two))
})

test('only likely duplicates of one round can be merged', async () => {
  assert.equal((await desk.post(page, { round, keep: other })).status, 404)
  assert.equal((await desk.post(page, { round: 'x', keep: second })).status, 404)
  assert.equal((await house.vault.record(other))?.state, 'alive')
})
