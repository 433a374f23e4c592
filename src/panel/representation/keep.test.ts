import assert from 'node:assert/strict'
import { test } from 'node:test'
import { crowd } from '#src/people/demo/crowd.ts'
import { type House, within } from '#src/promises/house.ts'
import { system } from '#src/promises/notice/actor.ts'
import { restrict } from '#src/promises/retention/brakes.ts'
import { sweep } from '#src/promises/retention/sweep.ts'
import { stopEquality } from '#src/promises/rights/act.ts'
import { openCase } from '#src/promises/rights/cases.ts'
import { populationsOf } from '#src/promises/tally/population.ts'
import { releasesOf } from '#src/promises/tally/tally.ts'
import { sent } from '#test/applicants.ts'
import { testHouse } from '#test/house.ts'
import { openRoundNow, plan } from '#test/round.ts'
import { grace } from '#test/settled.ts'
import { createRound, publish } from '../recruitment/round.ts'
import { countBeforeEnd } from './keep.ts'
import { tables } from './tables.ts'

const house = await testHouse()
const by = system('test')
const rights = { by, for: 'exercise rights' } as const
const round = await openRoundNow(house)
const people = await sent(house, round, crowd(120, [], ['Alder Homes']))
const [stopped = '', objector = '', refused = '', restricted = ''] = people

const objects = (subject: string) =>
  within(house, rights, tx =>
    openCase(tx, house, by, {
      matter: 'objection',
      channel: 'post',
      requester: { name: '', reach: '' },
      words: '',
      subject,
    }),
  )
const counts = () =>
  within(house, { by, for: 'representativeness' }, async tx => {
    const [population, ...more] = await populationsOf(tx, round)
    return { population, more, releases: population ? await releasesOf(tx, population, tables) : [] }
  })

test('[N-51] [N-47] before a round’s records end its groups are counted, once, and then everyone is gone', async () => {
  await within(house, rights, tx => stopEquality(tx, house, by, stopped))
  await objects(objector)
  const no = await objects(refused)
  await within(house, rights, tx =>
    tx
      .updateTable('rights_case')
      .set({ decision: 'refused', closed_at: house.clock.now() })
      .where('dossier_id', '=', no.id)
      .execute(),
  )
  await within(house, rights, tx => restrict(tx, house, by, restricted, '2028-01-01'))
  house.clock.set('2027-07-20T03:20:00Z')
  await sweep(house.reach)
  assert.equal((await counts()).population, undefined, 'long before, nothing is counted')
  for (const night of ['23', '24', '28']) {
    house.clock.set(`2027-07-${night}T03:20:00Z`)
    await sweep(house.reach)
  }
  house.clock.set('2027-07-29T03:20:00Z')
  await sweep(house.reach)
  for (const id of people) {
    const kept = [objector, refused, restricted].includes(id) // an open request, or a hold, keeps the record
    assert.equal((await house.vault.record(id))?.state, kept ? 'alive' : 'tombstone')
  }
  const { population, more, releases } = await counts()
  assert.equal(
    population?.size,
    117,
    'who stopped, objected or is restricted is left out; whose objection was refused is not',
  )
  assert.deepEqual(more, [])
  assert.deepEqual(releases.map(one => one.table.name).sort(), tables.map(table => table.name).sort())
  const shown = releases.flatMap(one => [...one.cells.values()]).filter(value => value !== null)
  assert.ok(shown.length > 10)
  for (const value of shown) assert.equal(value % 5, 0, 'rounded to the nearest five')
  await sweep(house.reach)
  assert.equal((await counts()).more.length, 0, 'and not counted again of those few who stay')
})

test('[N-51] what stays is counts: no row, id or key of anyone joins to them', async () => {
  const left = await within(house, { by, for: 'store' }, async tx => ({
    members: await tx.selectFrom('population_member').select('dossier_id').execute(),
    releases: await tx.selectFrom('release').selectAll().execute(),
    populations: await tx.selectFrom('population').selectAll().execute(),
  }))
  assert.ok(left.members.every(row => [objector, refused, restricted].includes(row.dossier_id)))
  const text = JSON.stringify([left.releases, left.populations])
  for (const id of people) assert.ok(!text.includes(id))
  const thresholds = new Set(left.releases.map(row => row.threshold))
  assert.deepEqual([...thresholds].sort(), [10, 5])
})

test('[N-51] a round of fewer than ten people is not counted; deletion never waits for a count that fails', async () => {
  const small = await within(house, { by: grace, for: 'administer the panel' }, async tx => {
    const dates = { opensAt: new Date('2027-07-28T09:00:00Z'), closesAt: new Date('2027-08-31T16:00:00Z') }
    const id = await createRound(tx, house, grace, plan({ name: 'Small', ...dates, termStartsOn: '2027-11-01' }))
    await publish(tx, house, grace, id)
    return id
  })
  const few = await sent(house, small, crowd(6, [], ['Alder Homes']))
  house.clock.set('2028-02-27T03:20:00Z')
  await sweep(house.reach)
  const populations = await within(house, { by, for: 'representativeness' }, tx => populationsOf(tx, small))
  assert.deepEqual(populations, [])
  await sent(house, small, crowd(20, [], ['Alder Homes']))
  const broken: House = { ...house, vault: { ...house.vault, tally: () => Promise.reject(new RangeError('no')) } }
  await sweep({ ...house.reach, beforeEnd: () => countBeforeEnd(broken) })
  const told = await within(house, { by, for: 'store' }, tx =>
    tx.selectFrom('ledger_entry').select('detail').where('act', '=', 'statistics not kept').execute(),
  )
  assert.deepEqual(
    told.map(one => one.detail),
    [{ round: small, code: 'RangeError' }],
  )
  house.clock.set('2028-03-02T03:20:00Z')
  await sweep(house.reach)
  for (const id of few) assert.equal((await house.vault.record(id))?.state, 'tombstone')
})
