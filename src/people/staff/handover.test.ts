import assert from 'node:assert/strict'
import { test } from 'node:test'
import { questionsOf, rounds } from '#src/panel/recruitment/round.ts'
import { openQueue } from '#src/panel/review/running.ts'
import { planReview } from '#src/panel/review/setup.ts'
import { within } from '#src/promises/house.ts'
import { system } from '#src/promises/notice/actor.ts'
import { testSite } from '#test/site.ts'

const site = await testSite({ closed: 24 })
const { house } = site
const by = system('test')
const desk = { by, for: 'administer the panel' } as const
const alex = await site.staff('Alex')
const idOf = async (name: string) => (await house.vault.findByEmail(`${name}@panel.example`))[0] ?? ''
const closureOf = async (name: string) => `/staff/settings/people/${await idOf(name)}/closure`
const round = await within(house, desk, async tx => {
  const closed = (await rounds(tx)).find(one => one.name.includes('just closed'))?.id ?? ''
  const readers = [await idOf('priya'), await idOf('sean'), await idOf('mina')]
  const deadline = new Date('2026-12-20T17:00:00Z')
  const criteria = (await questionsOf(tx, closed)).map(({ id, title }) => ({
    question: id,
    name: title,
    weight: 1,
    values: ['Little', 'Some', 'Much'],
  }))
  await planReview(tx, house, by, closed, { scale: 'three', readings: 1, cap: 300, deadline, criteria, readers })
  return closed
})
await openQueue(house, by, round)

async function toRead(name: string): Promise<number> {
  const reader = await idOf(name)
  const rows = await within(house, desk, tx =>
    tx.selectFrom('review_reading').select('id').where('reader', '=', reader).where('state', '=', 'assigned').execute(),
  )
  return rows.length
}

test('before an account is closed the page says what is handed over, and where each part goes', async () => {
  const page = await alex.get(await closureOf('priya'))
  assert.match(page.text, /8 readings not finished: to the other reviewers of the round/)
  assert.match((await alex.get(await closureOf('tom'))).text, /Nothing that has to be handed over/)
})

test('what has changed since the page was shown is not handed over unseen', async () => {
  const answer = await alex.send(await closureOf('priya'), { seen: '7 readings not finished' })
  assert.equal(answer.status, 422)
  assert.match(answer.text, /has changed since you opened the page: look again/)
  assert.equal(await toRead('priya'), 8)
})

test('closing an account ends its sessions and hands its readings to the other reviewers in one step', async () => {
  const priya = await site.staff('Priya')
  assert.equal((await priya.get('/staff')).status, 200)
  const answer = await alex.send(await closureOf('priya'))
  assert.equal(answer.location, '/staff/settings/people')
  assert.match((await priya.get('/staff')).location, /^\/sign-in/)
  assert.deepEqual([await toRead('priya'), await toRead('sean'), await toRead('mina')], [0, 12, 12])
  assert.equal((await alex.get(await closureOf('priya'))).status, 404)
  assert.equal((await alex.send(await closureOf('priya'), {}, await closureOf('sean'))).status, 404)
})

test('an export that waits goes to a named colleague, who asks a second person again where they had approved it', async () => {
  const omar = await site.staff('Omar')
  const grace = await site.staff('Grace')
  await omar.send('/staff/applications/exports', { round, purpose: 'administer the panel', contact: 'yes' })
  const list = await grace.get('/staff/applications/exports')
  const decision = /action="([^"]+\/decision)"/.exec(list.text)?.[1] ?? ''
  await grace.send(decision, { decision: 'approve' }, '/staff/applications/exports')
  assert.match((await omar.get('/staff')).text, /1 export approved: take the file/)
  const page = await alex.get(await closureOf('omar'))
  assert.match(page.text, /1 export asked for and not taken: to the colleague you name, if they may act as officer/)
  const grown = await alex.send(await closureOf('omar'), { to: await idOf('grace') })
  assert.equal(grown.location, '/staff/settings/people')
  assert.match((await grace.get('/staff')).text, /1 export of yours waits for a second person/)
})

test('work cannot be handed to someone who left, to nobody known, or to the leaver', async () => {
  const path = await closureOf('sean')
  for (const to of [await idOf('omar'), await idOf('sean'), '00000000-0000-4000-8000-000000000000', 'x']) {
    const answer = await alex.send(path, { to })
    assert.equal(answer.status, 422)
    assert.match(answer.text, /Select a colleague whose account is open/)
  }
  assert.equal(await toRead('sean'), 12)
})

test('the last administrator stays, and keeps what they hold', async () => {
  const answer = await alex.send(await closureOf('alex'))
  assert.equal(answer.status, 422)
  assert.match(answer.text, /This is the last administrator: make someone else one first/)
  assert.equal((await alex.get('/staff')).status, 200)
})

test('who is no longer a reviewer has nothing left to read', async () => {
  const path = `/staff/settings/people/${await idOf('mina')}`
  await alex.send(`${path}/roles`, { roles: 'analyst' }, path)
  assert.deepEqual([await toRead('mina'), await toRead('sean')], [0, 24])
})

test('only an administrator closes accounts', async () => {
  const grace = await site.staff('Grace')
  assert.equal((await grace.get(await closureOf('sean'))).status, 403)
})
