import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testHouse } from '#test/house.ts'
import { othersDesk } from '#test/others.ts'
import { dorothy } from '#test/settled.ts'
import { within } from '../house.ts'
import { accessCopy } from '../rights/copy.ts'
import { refuseDisclosure } from './decide.ts'
import { letPersonSee } from './weigh.ts'

const house = await testHouse()
const { desk, person, ask, weighed, decided, made } = othersDesk(house)

/** What the person is shown of requests of others: their own page and the copy are the same thing. */
async function seen(id: string) {
  const resident = { id, roles: ['resident'], own: [id] } as const
  const copy = await within(house, { by: resident, for: 'exercise rights' }, tx => accessCopy(tx, house, resident, id))
  const file = JSON.stringify({ ...copy, values: [] })
  return { told: copy?.disclosures.map(one => one.outcome), opened: copy?.openings.length, file }
}

test('[N-42] a request of others and the opening made for it stay hidden from the person until the prejudice test is answered, and go on hidden where it says so', async () => {
  const id = await person({ name: 'Hidden Person', phone: '01632 960 009' })
  const give = async (request: string) => {
    await decided(request)
    await made(request)
  }

  const secret = await ask(id)
  assert.deepEqual((await seen(id)).told, [], 'not before the test is answered')
  await assert.rejects(weighed(secret, { switchedOff: { told: '', log: 'A raid is planned.' } }), /Say for each right/)
  await weighed(secret, { switchedOff: { told: 'A raid is planned.', log: 'A raid is planned.' } })
  await assert.rejects(weighed(secret, { switchedOff: undefined }), /Ask of each right/)
  await assert.rejects(weighed(secret, { switchedOff: { told: 'A raid.' } }), /The opening would tell them/)
  await give(secret)
  const hidden = await seen(id)
  assert.deepEqual([hidden.told, hidden.opened], [[], 0], 'neither the request nor its opening')
  assert.doesNotMatch(hidden.file, /law enforcement|fights crime|raid/)

  const open = await ask(id)
  await weighed(open)
  assert.deepEqual((await seen(id)).told, ['being looked at'])
  await give(open)
  const shown = await seen(id)
  assert.deepEqual([shown.told, shown.opened], [['given'], 1], 'this one and its opening, not the other')

  const quiet = await ask(id)
  await weighed(quiet, { switchedOff: { log: 'The time tells who looked.' } })
  await give(quiet)
  const half = await seen(id)
  assert.deepEqual([half.told, half.opened], [['given', 'given'], 1], 'one right is off, the other stays on')

  await desk(tx => letPersonSee(tx, house, dorothy, quiet))
  await desk(tx => letPersonSee(tx, house, dorothy, secret))
  const both = await seen(id)
  assert.deepEqual([both.told, both.opened], [['given', 'given', 'given'], 3])
  assert.doesNotMatch(both.file, /raid/, 'the reason stays with the desk')
})

test('[N-42] a refusal is told to the person, or hidden from them, by the same test as a release', async () => {
  const refuse = (request: string, switchedOff: object) =>
    desk(tx => refuseDisclosure(tx, house, dorothy, request, { ground: 'unproved', reasons: 'No rank.', switchedOff }))
  const told = await person({ name: 'Told Person' })
  await refuse(await ask(told), {})
  assert.deepEqual((await seen(told)).told, ['refused'])
  const untold = await person({ name: 'Untold Person' })
  const secret = await ask(untold)
  await refuse(secret, { told: 'They come back with an order.', log: 'They come back with an order.' })
  assert.deepEqual((await seen(untold)).told, [])
  await desk(tx => letPersonSee(tx, house, dorothy, secret))
  assert.deepEqual((await seen(untold)).told, ['refused'])
})
