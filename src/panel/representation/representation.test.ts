import assert from 'node:assert/strict'
import { test } from 'node:test'
import { applicant, sent } from '#test/applicants.ts'
import { openDesk } from '#test/desk.ts'
import { testHouse } from '#test/house.ts'
import { openRoundNow } from '#test/round.ts'
import { grace } from '#test/settled.ts'
import { representationRoutes } from './routes.ts'

const house = await testHouse()
const desk = await openDesk(house, [representationRoutes])
desk.as({ ...grace, roles: ['analyst'] })
const round = await openRoundNow(house)
const people = (count: number, values: Parameters<typeof applicant>[0]) =>
  Array.from({ length: count }, (_, i) => applicant({ name: `Resident ${i}`, ...values }))
await sent(house, round, [
  ...people(42, { ethnicity: 'white-british', ageRange: '25-34' }),
  ...people(19, { ethnicity: 'black-african', ageRange: '65-74', area: 'E09000012' }),
  ...people(3, { ethnicity: 'other-arab' }),
])
const page = `/staff/representation/${round}`

test('nobody is counted while the round is open', async () => {
  assert.match((await desk.get('/staff/representation')).text, /No round has closed yet/)
  assert.equal((await desk.get(page)).status, 404)
  assert.equal((await desk.post(page)).status, 404)
})

test('[N-13] [N-28] an analyst counts the applicants of a closed round in groups, and sees no small one', async () => {
  house.clock.set('2027-02-01T09:00:00Z')
  assert.match((await desk.get(page)).text, /Nobody has been counted yet/)
  await desk.post(page)
  const { text } = await desk.get(page)
  const cells = (words: string) =>
    [...text.matchAll(new RegExp(`>${words}</th>([\\s\\S]*?)</tr>`, 'g'))].map(found =>
      [...(found[1] ?? '').matchAll(/numeric">([^<]*)</g)].map(cell => cell[1]),
    )
  assert.deepEqual(cells('25 to 34'), [['40']])
  assert.deepEqual(cells('White')[0], ['40'])
  assert.deepEqual(cells('Other ethnic group')[0], ['not shown'])
  assert.doesNotMatch(text, /Resident \d/)
})

test('[N-13] one more applicant does not give a second table to subtract', async () => {
  await sent(house, round, people(1, { ethnicity: 'other-arab' }))
  const { location } = await desk.post(page)
  assert.match((await desk.get(location)).text, /Only a few people differ from those counted before/)
})
