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

test('an officer keeps one, and only what was said to be the same person’s is erased; the person is told', async () => {
  const unsaid = await desk.post(page, { round, group: first, same: [second] })
  assert.equal(unsaid.status, 422)
  assert.match(unsaid.text, /Select the application to keep[\s\S]*value="[^"]+"\s+checked/)
  const alone = await desk.post(page, { round, group: first, keep: second, same: [second] })
  assert.match(alone.text, /Select which of the others are the same person’s/)
  const done = await desk.post(page, { round, group: first, keep: second, same: [second, first] })
  assert.equal(done.status, 303)
  assert.match((await desk.get(done.location)).text, /No two applications look like/)
  assert.equal((await house.vault.record(first))?.state, 'tombstone')
  assert.equal((await house.vault.record(third))?.state, 'alive')
  assert.equal((await house.vault.record(second))?.state, 'alive')
  const { entry, letter } = await within(house, { by: grace, for: 'administer the panel' }, async tx => ({
    entry: await tx
      .selectFrom('ledger_entry')
      .selectAll()
      .where('act', '=', 'applications merged')
      .executeTakeFirstOrThrow(),
    letter: await tx
      .selectFrom('message')
      .selectAll()
      .where('template', '=', 'applications merged')
      .executeTakeFirstOrThrow(),
  }))
  assert.equal(entry.subject, second)
  assert.deepEqual(entry.detail.erased, [first])
  assert.equal(letter.dossier_id, second)
})

test('different people are told apart once, and a third who shares with one of them is still shown with that one', async () => {
  const [ann = '', bea = '', cat = ''] = await sent(house, round, [
    applicant({ name: 'Ann Shared', phone: '0113 496 0777' }),
    applicant({ name: 'Bea Shared', phone: '0113 496 0777' }),
    applicant({ name: 'Cat Later', phone: '0113 496 0777' }),
  ])
  const together = async (...ids: string[]) => {
    const { text } = await desk.get(page)
    return text.split('<form').some(form => ids.every(id => form.includes(`name="keep" type="radio" value="${id}"`)))
  }
  assert.ok(await together(ann, bea, cat))
  const groupId = /name="group" value="([^"]+)"/.exec((await desk.get(page)).text)?.[1] ?? ''
  const apart = await desk.post(page, { round, group: groupId, verdict: 'different' })
  assert.match((await desk.get(apart.location)).text, /noted as different people[\s\S]*No two applications look like/)
  const [dora = ''] = await sent(house, round, [applicant({ name: 'Ann Shared' })])
  assert.ok(await together(ann, dora))
  assert.ok(!(await together(ann, bea)))
  assert.equal((await desk.post(page, { round, group: bea, verdict: 'different' })).status, 404)
  await desk.post(page, { round, group: ann, keep: ann, same: [dora] })
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
  assert.equal((await desk.post(page, { round, keep: other, same: [second] })).status, 404)
  assert.equal((await desk.post(page, { round: 'x', keep: second, same: [third] })).status, 404)
  assert.equal((await house.vault.record(other))?.state, 'alive')
})
