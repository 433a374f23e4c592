import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { rounds } from '#src/panel/recruitment/round.ts'
import { startSession } from '#src/people/doors/sessions.ts'
import { within } from '#src/promises/house.ts'
import { system } from '#src/promises/notice/actor.ts'
import { testSite } from '#test/site.ts'
import { acceptedOutcome } from '../../selection/board/outcome.ts'
import { verifyDraw } from '../../selection/verify-draw.ts'
import { sendBatches } from './batch.ts'
import { accept, decline, offersOf } from './offers.ts'

const site = await testSite({ closed: 90 })
const { house } = site
const by = system('test')
const tx = <T>(work: Parameters<typeof within<T>>[2]) => within(house, { by, for: 'administer the panel' }, work)
const all = await tx(rounds)
const round = all.find(one => one.name.includes('just closed'))?.id ?? ''
const grace = await site.staff('Grace')
const omar = await site.staff('Omar')
const plan = `/staff/selection/${round}`
const offers = `/staff/members/offers/${round}`

/** Draws as officers do, from the plan as it is saved to a second person's word; returns the run's address. */
async function drawn(seed: string): Promise<string> {
  const { location, text } = await grace.send(`${plan}/runs`, {}, plan)
  assert.match(location, /runs/, text)
  for (let i = 0; i < 1200 && /looks again by itself/.test((await grace.get(location)).text); i++) await wait(100)
  const said = await grace.send(`${location}/draw`, { seed }, location)
  assert.equal(said.status, 303, said.text)
  await grace.send(`${location}/decision`, { decision: 'accept' }, location)
  await omar.send(`${location}/confirmation`, { confirm: 'yes' }, location)
  assert.match((await grace.get(location)).text, /Confirmed by a second person/)
  return location
}

/** Offers places to everyone drawn; they go out at once. */
async function offered(seen: number) {
  const asked = await grace.send(offers, { act: 'draw', seen: String(seen) })
  assert.equal(asked.status, 303, asked.text)
  house.clock.set(new Date(house.clock.now().getTime() + 11 * 60_000).toISOString())
  await sendBatches(house)
}

async function drawPage(dossier: string): Promise<string> {
  const visitor = site.visitor()
  await visitor.get('/')
  const token = await within(house, { by, for: 'exercise rights' }, inner =>
    startSession(inner, house.clock.now(), 'resident', [dossier]),
  )
  visitor.setCookies({ ...visitor.cookies(), session: token })
  return (await visitor.get('/me/draw?chance=1')).text
}

test('when no reserve is left, officers draw for the places that fell free, around those who hold one', async () => {
  // One quota alone, and wide, so that whoever says no, it can be met again.
  const loose = Object.fromEntries(
    [...(await grace.get(plan)).text.matchAll(/name="([^"]+-m(?:in|ax))"/g)].map(([, name = '']) => [name, '']),
  )
  assert.ok('gender-woman-min' in loose)
  await grace.send(plan, { ...loose, size: '30', reserves: '0', 'gender-woman-min': '8', 'gender-woman-max': '22' })
  await drawn('public numbers 1 2 3')
  const first = (await tx(inner => acceptedOutcome(inner, round)))?.members ?? []
  assert.equal(first.length, 30)
  assert.match((await grace.get(plan)).text, /You can draw again when a place falls free/)
  assert.match((await grace.send(`${plan}/runs`, {}, offers)).text, /there is no place to draw for/)
  await offered(30)
  for (const id of first.slice(0, 28)) await tx(inner => accept(inner, house, by, id))
  for (const id of first.slice(28)) await tx(inner => decline(inner, house, by, id, ''))

  assert.match((await grace.get('/staff')).text, /2 places are free and no reserve is left/)
  assert.match((await grace.get(offers)).text, /<a[^>]*>Draw for them<\/a> from the 60 people still in the pool/)
  const board = (await grace.get(plan)).text
  assert.match(board, /2 places have fallen free since and no reserve is left/)
  assert.match(board, /<span class="panel-count">28<\/span> hold a place/)
  assert.match(board, /They can be met/)
  const run = await drawn('public numbers 4 5 6')
  assert.match((await grace.get(run)).text, /28 people hold a place already and count towards the quotas/)
  const outcome = await tx(inner => acceptedOutcome(inner, round))
  const [one = '', two = ''] = outcome?.members.slice(30) ?? []
  assert.equal(outcome?.members.length, 32)
  assert.ok(!first.includes(one) && !first.includes(two), 'nobody is drawn twice')

  const id = run.split('/').at(-1) ?? ''
  const file = async (name: string) => (await grace.get(`/selection/${id}/${name}`)).text
  const files = {
    lottery: await file('lottery.json'),
    commitment: await file('commitment.txt'),
    draw: await file('draw.json'),
  }
  assert.deepEqual(verifyDraw(files), [])
  const report = (await site.visitor().get(`/selection/${id}`)).text
  assert.match(report, /2 people were drawn for them from 60 still in the pool, to join 28 who hold a place/)
  assert.match(
    await drawPage(one),
    /You were drawn for the panel.*2 people were drawn from 60, for places that fell free/,
  )
  assert.match(await drawPage(first[0] ?? ''), /You were drawn for the panel.*30 people were drawn from 90/)

  await offered(2)
  const rows = await tx(inner => offersOf(inner, round))
  assert.deepEqual(new Set(rows.filter(row => row.state === 'offered').map(row => row.dossier_id)), new Set([one, two]))
  const regions = await tx(inner =>
    inner.selectFrom('selection_run').select('quotas').where('id', '=', id).executeTakeFirst(),
  )
  const people = await tx(inner =>
    house.vault.open(inner, 'panel', { by, for: 'administer the panel', fields: ['gender'] }, [
      ...first.slice(0, 28),
      one,
      two,
    ]),
  )
  for (const { feature, value, min, max } of regions?.quotas ?? [])
    if (feature === 'gender') {
      const count = people.filter(person => person.gender === value).length
      assert.ok(count >= min && count <= (max ?? 30), `${count} of ${value} keeps ${min} to ${max}`)
    }
})

test('who was passed over more often has more chance in the next draw of the pool', async () => {
  const late = await tx(async inner => {
    const lost = await inner
      .selectFrom('selection_place')
      .innerJoin('selection_run', 'selection_run.id', 'selection_place.run_id')
      .select(['dossier_id', 'run_id'])
      .where('round_id', '=', round)
      .where('outcome', 'is', null)
      .orderBy('confirmed_at')
      .execute()
    return lost
  })
  const newcomer = late[0]?.dossier_id ?? ''
  // As if they had come into the pool after the draws: a decision that was put right late.
  await tx(inner => inner.deleteFrom('selection_place').where('dossier_id', '=', newcomer).execute())
  const [leaving] = (await tx(inner => offersOf(inner, round))).filter(row => row.state === 'offered')
  await tx(inner => decline(inner, house, by, leaving?.dossier_id ?? '', ''))
  const run = await drawn('public numbers 7 8 9')
  const chances = await tx(inner =>
    inner
      .selectFrom('selection_place')
      .select(['dossier_id', 'chance'])
      .where('run_id', '=', run.split('/').at(-1) ?? '')
      .where(eb => eb.or([eb('outcome', 'is', null), eb('outcome', '!=', 'seated')]))
      .execute(),
  )
  const own = chances.find(row => row.dossier_id === newcomer)?.chance ?? 1
  const most = Math.max(...chances.map(row => row.chance))
  assert.ok(own < most, `${own} is less than ${most}`)
})
