import assert from 'node:assert/strict'
import { test } from 'node:test'
import { members } from '#src/panel/membership/members.ts'
import { endWithdrawn } from '#src/panel/membership/offers/batch.ts'
import { offerFor, offerPlaces } from '#src/panel/membership/offers/offers.ts'
import { applicantsOf, applicationOf, withdraw } from '#src/panel/recruitment/application.ts'
import { rounds } from '#src/panel/recruitment/round.ts'
import { londonDate } from '#src/platform/calendar/london.ts'
import { within } from '#src/promises/house.ts'
import { system } from '#src/promises/notice/actor.ts'
import { testSite } from '#test/site.ts'
import { startSession } from '../doors/sessions.ts'

const site = await testSite({ closed: 6, seated: 4 })
const { house } = site
const by = system('test')
const tx = <T>(work: Parameters<typeof within<T>>[2]) => within(house, { by, for: 'administer the panel' }, work)
const grace = await site.staff('Grace')
const [first = '', second = '', third = ''] = await tx(async inner => {
  const round = (await rounds(inner)).find(one => one.name.includes('just closed'))
  if (!round) throw new Error('There is a closed round.')
  const people = await applicantsOf(inner, round.id)
  await offerPlaces(inner, house, by, round, people.slice(0, 3))
  return people
})
const [gwen = '', hassan = ''] = (await tx(inner => members(inner, londonDate(house.clock.now())))).map(
  one => one.dossier_id,
)

async function as(dossier: string) {
  const visitor = site.visitor()
  await visitor.get('/')
  const token = await within(house, { by, for: 'exercise rights' }, inner =>
    startSession(inner, house.clock.now(), 'resident', [dossier]),
  )
  visitor.setCookies({ ...visitor.cookies(), session: token })
  return visitor
}
const stateOf = async (id: string) => (await tx(inner => offerFor(inner, id)))?.state

test('who withdraws while a place is offered to them gives it back', async () => {
  const me = await as(first)
  assert.match((await me.get('/me/withdrawal')).text, /You are offered a place\. Both give it back/)
  await me.send('/me/withdrawal', { how: 'keep' })
  assert.equal(await stateOf(first), 'declined')
  assert.match((await me.get('/me')).text, /Withdrawn/)
})

test('an offer to someone who was withdrawn in another way is over by the next minute', async () => {
  await tx(async inner => {
    const application = await applicationOf(inner, second)
    if (application) await withdraw(inner, house, by, application)
  })
  assert.equal(await endWithdrawn(house), 1)
  assert.equal(await endWithdrawn(house), 0)
  assert.equal(await stateOf(second), 'declined')
})

test('a member is led to leaving, and does not withdraw an application that was decided long ago', async () => {
  const me = await as(gwen)
  const own = (await me.get('/me')).text
  assert.match(own, /You took a place on the panel/)
  assert.doesNotMatch(own, /Withdraw or delete it/)
  assert.match((await me.get('/me/withdrawal')).text, /Leave the panel/)
  assert.equal((await me.send('/me/withdrawal', { how: 'keep' })).location, '/me/membership/leaving')
  assert.equal((await tx(inner => applicationOf(inner, gwen)))?.state, 'sent')
})

test('a member who deletes everything leaves at once, and their place is free', async () => {
  const me = await as(hassan)
  assert.match((await me.send('/me/withdrawal', { how: 'delete' })).text, /Your record is deleted/)
  assert.match((await grace.get('/staff/members')).text, /3 of 4 places taken, 1 free/)
})

test('officers are led from an application to the place or the offer, and withdraw nothing behind it', async () => {
  assert.match((await grace.get(`/staff/applications/${gwen}`)).text, /This person is or was a member/)
  const page = `/staff/applications/${third}`
  assert.match((await grace.get(page)).text, /This person is offered a place/)
  assert.match((await grace.get(`${page}/withdrawal`)).location, /\/staff\/members\/offers\//)
  assert.equal(
    (await grace.send(`${page}/withdrawal`, { deletion: 'now' }, '/staff/members/audiences/new')).location,
    page,
  )
  assert.equal(await stateOf(third), 'offered')
})
