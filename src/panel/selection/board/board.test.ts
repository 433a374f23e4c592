import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { councils } from '#src/panel/recruitment/councils.ts'
import { createRound, publish } from '#src/panel/recruitment/round.ts'
import { representationRoutes } from '#src/panel/representation/routes.ts'
import { crowd } from '#src/people/demo/crowd.ts'
import { within } from '#src/promises/house.ts'
import { resident } from '#src/promises/notice/actor.ts'
import { sent } from '#test/applicants.ts'
import { openDesk } from '#test/desk.ts'
import { testHouse } from '#test/house.ts'
import { openRoundNow, plan } from '#test/round.ts'
import { dorothy, grace, omar } from '#test/settled.ts'
import { verifyDraw } from '../verify-draw.ts'
import { acceptedOutcome } from './outcome.ts'
import { publicSelectionRoutes } from './public.ts'
import { boardRoutes } from './routes.ts'

const house = await testHouse()
const desk = await openDesk(house, [boardRoutes, publicSelectionRoutes, representationRoutes])
desk.as(grace)
const round = await openRoundNow(house, { targetSize: 20, reserveSize: 5 })
const people = await sent(house, round, crowd(150, [], ['Alder Homes']))
const page = `/staff/selection/${round}`

/** What the plan's form holds, to be sent back with changes. */
async function planForm(): Promise<Record<string, string>> {
  const { text } = await desk.get(page)
  const form = text.slice(text.lastIndexOf(`action="${page}"`))
  const fields = [...form.matchAll(/name="([^"]+)"[^>]*?value="([^"]*)"/g)].map(([, name, value]) => [name, value])
  return Object.fromEntries(fields.filter(([name]) => name !== '_csrf'))
}

/** Starts a run and waits until it has ended one way or another; returns its address. */
async function ranToEnd(because = ''): Promise<{ href: string; text: string }> {
  const { location, status, text } = await desk.post(`${page}/runs`, because ? { because } : {})
  assert.equal(status, 303, text)
  for (let i = 0; i < 200; i++) {
    const shown = await desk.get(location)
    if (!shown.headers.refresh) return { href: location, text: shown.text }
    await wait(100)
  }
  throw new Error('The run did not end.')
}

test('there is nothing to select from while the round is open', async () => {
  assert.match((await desk.get('/staff/selection')).text, /No round has closed yet/)
  assert.equal((await desk.get(page)).status, 404)
})

test('[N-13] quotas are proposed from a published population, with its source, base and date', async () => {
  house.clock.set('2027-02-01T09:00:00Z')
  const { text } = await desk.get(page)
  assert.match(text, /Households that rent social homes in England, Census 2021/)
  assert.match(text, /Office for National Statistics, Census 2021, table TS054/)
  assert.match(text, /21 March 2021/)
  assert.match(text, /<svg class="panel-bars" role="img"/)
  const form = await planForm()
  assert.deepEqual([form['region-E12000007-min'], form['region-E12000007-max']], ['3', '4'])
  assert.deepEqual([form['age-18-24-min'], form['age-18-24-max']], ['', ''])
})

test('a group that is left open stays open when the size grows', async () => {
  const form = await planForm()
  await desk.post(page, { ...form, size: '40', 'region-E12000007-max': '', 'region-E12000007-min': '' })
  const kept = await planForm()
  assert.deepEqual([kept['region-E12000007-min'], kept['region-E12000007-max']], ['', ''])
  assert.deepEqual([kept['age-18-24-min'], kept['age-18-24-max']], ['', ''])
  assert.doesNotMatch((await desk.get(page)).text, /The maxes of “Age range”/)
  await desk.post(page, form)
})

test('wrong quotas get a sentence each, and what was typed stays', async () => {
  const form = await planForm()
  const answer = await desk.post(page, { ...form, size: 'many', 'region-E12000007-min': '9', 'age-18-24-max': '-2' })
  assert.equal(answer.status, 422)
  assert.match(answer.text, /The number of members must be a whole number, 1 or more/)
  assert.match(answer.text, /The least for “London” must not be more than the most/)
  assert.match(answer.text, /The most for “18 to 24” must be a whole number/)
  assert.match(answer.text, /value="many"/)
})

test('quotas that cannot be met are told at once, with what would mend them and about how many people short', async () => {
  const form = await planForm()
  await desk.post(page, { ...form, 'tenancy-co-op-min': '15', 'tenancy-co-op-max': '15' })
  const { text } = await desk.get(page)
  assert.match(text, /No panel meets all the quotas, about \d+ people short/)
  assert.match(text, /This would mend it: least of I live in a housing co-operative from 15 to \d+/)
  const { text: ended } = await ranToEnd()
  assert.match(ended, /No panel meets all the quotas. Nobody was drawn/)
  await desk.post(`${page}/proposal`, { reference: 'census-2021-region-and-sex' })
  assert.match((await desk.get(page)).text, /They can be met. The lowest chance of anyone would be/)
})

test('what quotas would do is told while they are typed, and nothing is saved', async () => {
  const form = await planForm()
  const ask = async (changed: Record<string, string>) =>
    JSON.parse((await desk.post(`${page}/outlook`, { ...form, ...changed })).text).says
  assert.match(await ask({}), /^These quotas can be met. The lowest chance of anyone would be \d+\.\d\d%\.$/)
  const much = { 'tenancy-co-op-min': '15', 'tenancy-co-op-max': '15' }
  assert.match(
    await ask(much),
    /^No panel meets all these quotas, about \d+ people short. This would mend it: least of/,
  )
  assert.match(await ask({ 'tenancy-co-op-max': '0' }), /\d+ (people|person) would have no chance at all/)
  assert.equal(await ask({ size: 'many' }), 'The number of members must be a whole number, 1 or more')
  assert.deepEqual(await planForm(), form)
})

let first = ''
test('a run finds the fairest lottery and commits to it; nobody is drawn before the public numbers', async () => {
  const { href, text } = await ranToEnd()
  first = href
  assert.match(text, /Nobody’s chance can be raised without lowering someone/)
  assert.match(text, /Commitment: <code>[0-9a-f]{64}</)
  assert.match((await desk.post(`${href}/draw`, { seed: '1' })).text, /Enter the public numbers/)
  assert.equal((await desk.post(`${page}/runs`)).status, 422, 'one run is decided on before another begins')
  assert.match((await desk.get(page)).text, /A run <a[^>]*>is in hand<\/a>/)
})

test('the draw is what anyone can check from the published files', async () => {
  await desk.post(`${first}/draw`, { seed: 'National Lottery 5 February 2027: 3 9 14 27 33 41' })
  assert.match((await desk.get(first)).text, /Drawn by: National Lottery/)
  const id = first.split('/').at(-1) ?? ''
  const file = async (name: string) => (await desk.get(`/selection/${id}/${name}`)).text
  const files = {
    lottery: await file('lottery.json'),
    commitment: await file('commitment.txt'),
    draw: await file('draw.json'),
  }
  assert.deepEqual(verifyDraw(files), [])
  for (const one of people) assert.ok(!files.lottery.includes(one))
})

test('a person decides, with a second person; setting aside needs a reason, and every run is kept and shown', async () => {
  assert.match((await desk.post(`${first}/decision`, { decision: 'set aside' })).text, /Enter why it is set aside/)
  await desk.post(`${first}/decision`, { decision: 'set aside', because: 'The numbers were read out wrongly.' })
  assert.equal((await desk.post(`${page}/runs`)).status, 422, 'another run needs a reason')
  const { href } = await ranToEnd('The numbers of the first draw were read out wrongly.')
  await desk.post(`${href}/draw`, { seed: 'National Lottery 6 February 2027: 1 2 3 4 5 6' })
  await desk.post(`${href}/decision`, { decision: 'accept' })
  assert.equal((await desk.post(`${href}/confirmation`, { confirm: 'yes' })).status, 303)
  assert.match((await desk.get(href)).text, /It waits for a second person/, 'nobody confirms their own')
  desk.as(omar)
  await desk.post(`${href}/confirmation`, { confirm: 'yes' })
  assert.match((await desk.get(href)).text, /Confirmed by a second person/)
  const outcome = await within(house, { by: grace, for: 'administer the panel' }, tx => acceptedOutcome(tx, round))
  assert.equal(outcome?.members.length, 20)
  assert.equal(outcome?.reserves.length, 5)
  assert.equal(new Set([...(outcome?.members ?? []), ...(outcome?.reserves ?? [])]).size, 25)
  desk.as(grace)
  const { text } = await desk.get(page)
  assert.match(text, /Accepted/)
  assert.match(text, /Set aside/)
  const regions = await within(house, { by: grace, for: 'administer the panel' }, tx =>
    house.vault.open(tx, 'panel', { by: grace, for: 'administer the panel', fields: ['area'] }, outcome?.members ?? []),
  )
  const london = regions.filter(one => councils.find(council => council.code === one.area)?.region === 'E12000007')
  assert.ok(london.length >= 3 && london.length <= 4)
})

test('[N-30] the public report tells how, with suppressed groups and the earlier run, and never ethnicity', async () => {
  const [run] = await within(house, { by: grace, for: 'administer the panel' }, tx =>
    tx.selectFrom('selection_run').select('id').where('state', '=', 'accepted').execute(),
  )
  desk.as(undefined)
  const { text } = await desk.get(`/selection/${run?.id}`)
  assert.match(text, /20 people were drawn from 150/)
  assert.match(text, /The numbers were read out wrongly/)
  assert.match(text, /The panel in groups/)
  assert.match(text, /It read region, gender, and never health or ethnicity/, 'what this draw read, and nothing else')
  assert.doesNotMatch(text, /Ethnic group/)
  assert.equal((await desk.get(`${first.replace('/staff/selection/runs', '/selection')}`)).status, 404)
})

test('each applicant sees how the draw worked, and their own chance when they ask', async () => {
  const [one = ''] = people
  desk.as(resident(one))
  const shown = await desk.get('/me/draw')
  assert.match(shown.text, /Your ticket: <strong>\d{16}</)
  assert.doesNotMatch(shown.text, /Your chance of being drawn/)
  assert.match((await desk.get('/me/draw?chance=1')).text, /Your chance of being drawn was about <strong>\d+ in 100/)
  desk.as(grace)
})

test('[N-28] [N-29] the draw does not know ethnicity or adjustments: changed for everyone, it stays the same to the bit', async () => {
  const other = await openAnother()
  const lottery = () =>
    within(house, { by: grace, for: 'administer the panel' }, tx =>
      tx
        .selectFrom('selection_run')
        .select(['types', 'pool_digest'])
        .where('round_id', '=', other.round)
        .where('state', '=', 'committed')
        .executeTakeFirst(),
    )
  await other.run()
  const before = await lottery()
  await within(house, { by: grace, for: 'administer the panel' }, tx =>
    house.vault.putMany(
      tx,
      grace,
      'panel',
      other.people.map((id, i) => ({ id, values: { ethnicity: i % 2 ? 'asian-indian' : 'white-irish' } })),
    ),
  )
  await desk.post(`${other.href()}/draw`, { seed: 'the same public numbers' })
  assert.match((await desk.get(other.href())).text, /Drawn by: the same public numbers/)
  assert.ok(before?.types?.every(type => !('ethnicity' in type.features) && !('adjustments' in type.features)))
})

test('a pool that changed since the commitment is not drawn from', async () => {
  const other = await openAnother()
  await other.run()
  await within(house, { by: grace, for: 'administer the panel' }, tx =>
    house.vault.put(tx, grace, 'panel', other.people[0] ?? '', { area: 'E06000052' }),
  )
  const answer = await desk.post(`${other.href()}/draw`, { seed: 'public numbers' })
  assert.match(answer.text, /The pool has changed since the lottery was committed to/)
})

test('a run whose process was killed is marked as interrupted, and nothing is half drawn', async () => {
  const other = await openAnother()
  await other.run()
  const id = other.href().split('/').at(-1) ?? ''
  await within(house, { by: grace, for: 'administer the panel' }, async tx => {
    await tx.deleteFrom('selection_place').where('run_id', '=', id).execute()
    await tx
      .updateTable('selection_run')
      .set({ state: 'running', beat_at: house.clock.now() })
      .where('id', '=', id)
      .execute()
  })
  house.clock.set(new Date(house.clock.now().getTime() + 60_000).toISOString())
  assert.match((await desk.get(other.href())).text, /The service stopped while it was going on. Nobody was drawn/)
})

test('a run that an officer stops ends as stopped', async () => {
  const other = await openAnother(600)
  const begun = await desk.post(`/staff/selection/${other.round}/runs`)
  await desk.post(`${begun.location}/cancel`)
  for (let i = 0; i < 100 && (await desk.get(begun.location)).headers.refresh; i++) await wait(50)
  assert.match((await desk.get(begun.location)).text, /It was stopped. Nobody was drawn|Ready to draw/)
})

test('a pool of nobody says so, and other roles see nothing', async () => {
  const other = await openAnother(0)
  assert.match((await desk.get(`/staff/selection/${other.round}`)).text, /Nobody is in the pool/)
  desk.as({ ...dorothy, roles: ['reviewer'] })
  assert.equal((await desk.get(page)).status, 403)
  desk.as(grace)
  assert.equal((await desk.get('/staff/selection/nowhere')).status, 404)
  assert.equal((await desk.get('/staff/selection/runs/nowhere')).status, 404)
})

let months = 2
/** Another closed round with a crowd of its own. */
async function openAnother(count = 80) {
  const month = String(++months).padStart(2, '0')
  house.clock.set(`2027-${month}-01T09:00:00Z`)
  const more = {
    opensAt: new Date(`2027-${month}-02T09:00:00Z`),
    closesAt: new Date(`2027-${month}-20T17:00:00Z`),
    termStartsOn: `2027-${month}-27`,
    targetSize: 12,
    reserveSize: 3,
  }
  const id = await within(house, { by: grace, for: 'administer the panel' }, async tx => {
    const made = await createRound(tx, house, grace, plan(more))
    assert.equal(await publish(tx, house, grace, made), undefined)
    return made
  })
  house.clock.set(`2027-${month}-11T09:00:00Z`)
  const all = await sent(house, id, crowd(count, [], ['Alder Homes']))
  house.clock.set(`2027-${month}-21T09:00:00Z`)
  let href = ''
  return {
    round: id,
    people: all,
    href: () => href,
    run: async () => {
      href = (await desk.post(`/staff/selection/${id}/runs`)).location
      for (let i = 0; i < 200 && (await desk.get(href)).headers.refresh; i++) await wait(50)
    },
  }
}
