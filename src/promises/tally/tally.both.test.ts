import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ageTable, ethnicByRegion, ethnicTable, regionTable, tables } from '#src/panel/representation/tables.ts'
import { testHouse } from '#test/house.ts'
import { dorothy, grace, policyInForce } from '#test/settled.ts'
import { within } from '../house.ts'
import type { Actor } from '../notice/actor.ts'
import { restrict } from '../retention/brakes.ts'
import { Refused, SpecialDataStopped } from '../vault/vault.ts'
import { freeze } from './population.ts'
import type { Table } from './table.ts'
import { TooClose } from './tally.ts'

const house = await testHouse()
await policyInForce(house)
const ana: Actor = { id: 'b5a1c9f2-0000-4000-8000-000000000009', roles: ['analyst'], own: [] }
const reviewer: Actor = { id: 'b5a1c9f2-0000-4000-8000-000000000008', roles: ['reviewer'], own: [] }

type Values = { ethnicity?: string; area?: string; ageRange?: string }
const [leeds, london] = ['E08000035', 'E09000012']

/** People of a round; returns their ids. */
function people(groups: readonly (readonly [number, Values])[]): Promise<string[]> {
  return within(house, { by: grace, for: 'administer the panel' }, async tx => {
    const all = groups.flatMap(([count, values]) => Array.from({ length: count }, () => values))
    const ids = await house.vault.beginMany(tx, grace, 'panel', '2027-06-30', all.length)
    await house.vault.putMany(
      tx,
      grace,
      'panel',
      ids.map((id, i) => ({ id, values: all[i] ?? {} })),
    )
    return ids
  })
}

function counted(by: Actor, of: string, ids: readonly string[], table: Table) {
  return within(house, { by, for: 'representativeness' }, async tx => {
    const population = await freeze(tx, by, { name: 'applicants', of }, ids, house.clock.now())
    return house.vault.tally(tx, { by, for: 'representativeness' }, population, table, tables)
  })
}

const roundOf = (n: number) => `00000000-0000-4000-8000-00000000010${n}`

test('[N-28] [N-30] ethnicity is shown in groups of ten or more, rounded, and nobody is opened', async () => {
  const ids = await people([
    [61, { ethnicity: 'white-british' }],
    [23, { ethnicity: 'black-african' }],
    [9, { ethnicity: 'mixed-other' }],
    [14, {}],
  ])
  const { cells } = await counted(ana, roundOf(1), ids, ethnicTable)
  assert.equal(cells.get('ethnicity=white'), 60)
  assert.equal(cells.get('ethnicity=mixed'), null)
  assert.equal(cells.get(''), 105)
  for (const value of cells.values()) assert.ok(value === null || (value % 5 === 0 && value >= 10))
  const opened = await within(house, { by: grace, for: 'administer the panel' }, tx =>
    tx.selectFrom('opening').select('id').where('dossier_id', 'in', ids).execute(),
  )
  assert.deepEqual(opened, [])
  const entries = await within(house, { by: dorothy, for: 'administer the panel' }, tx =>
    tx.selectFrom('ledger_entry').select(['purpose', 'count']).where('act', '=', 'counted').execute(),
  )
  assert.deepEqual(entries, [{ purpose: 'representativeness', count: 107 }])
})

test('groups that are not special are shown from five people on; a true nought is shown', async () => {
  const ids = await people([
    [8, { ageRange: '18-24' }],
    [7, { ageRange: '25-34' }],
    [12, { ageRange: '45-54' }],
  ])
  const { cells } = await counted(ana, roundOf(2), ids, ageTable)
  assert.equal(cells.get('age=18-24'), 10)
  assert.equal(cells.get('age=35-44'), 0)
})

test('a second look at the same people shows the first answer, whatever changed since', async () => {
  const ids = await people([[30, { ageRange: '18-24' }]])
  const first = await counted(ana, roundOf(3), ids, ageTable)
  await within(house, { by: grace, for: 'administer the panel' }, tx =>
    house.vault.putMany(
      tx,
      grace,
      'panel',
      ids.slice(0, 20).map(id => ({ id, values: { ageRange: '25-34' } })),
    ),
  )
  const second = await counted(ana, roundOf(3), ids, ageTable)
  assert.deepEqual([...second.cells].sort(), [...first.cells].sort())
})

test('[N-51] people who differ by a few from a group counted before are not counted again', async () => {
  const ids = await people([
    [40, { ethnicity: 'white-british' }],
    [20, { ethnicity: 'asian-indian' }],
  ])
  await counted(ana, roundOf(4), ids, ethnicTable)
  await assert.rejects(counted(ana, roundOf(4), ids.slice(0, 57), ethnicTable), TooClose)
  const fewer = await counted(ana, roundOf(4), [...ids.slice(0, 30), ...ids.slice(44)], ethnicTable)
  // 10 fewer white and 4 fewer Asian people: the difference of the two tables would tell of the four.
  assert.equal(fewer.cells.get('ethnicity=asian'), null)
})

test('tables of the same people guard each other: what one hides, another does not give away', async () => {
  const ids = await people([
    [40, { ethnicity: 'white-british', area: leeds }],
    [30, { ethnicity: 'white-irish', area: london }],
    [25, { ethnicity: 'black-caribbean', area: london }],
    [11, { ethnicity: 'black-african', area: leeds }],
    [4, { ethnicity: 'asian-indian', area: leeds }],
    [16, { ethnicity: 'asian-chinese', area: london }],
  ])
  const wide = await counted(ana, roundOf(5), ids, ethnicByRegion)
  const cell = (group: string, region: string) => wide.cells.get(`ethnicity=${group}&region=${region}`)
  assert.equal(cell('asian', 'E12000003'), null)
  // Leeds holds 55 and London 71; the four are not to be had by taking the rest away from a total.
  const row = ['white', 'mixed', 'asian', 'black', 'other', 'not-said'].map(group => cell(group, 'E12000003'))
  assert.ok(row.filter(value => value === null).length >= 2)
  const narrow = await counted(ana, roundOf(5), ids, ethnicTable)
  const asian = wide.cells.get('ethnicity=asian')
  assert.equal(narrow.cells.get('ethnicity=asian'), asian)
})

test('a group of fewer than the threshold shows nothing at all', async () => {
  const { cells } = await counted(ana, roundOf(6), await people([[9, { ethnicity: 'white-british' }]]), ethnicTable)
  assert.ok([...cells.values()].every(value => value === null))
})

test('[N-30] those whose role does not count groups are refused; a restricted record is not counted', async () => {
  const ids = await people([[21, { area: leeds }]])
  await assert.rejects(counted(reviewer, roundOf(7), ids, regionTable), Refused)
  await within(house, { by: dorothy, for: 'exercise rights' }, async tx => {
    for (const id of ids.slice(0, 4)) await restrict(tx, house, dorothy, id, '2027-02-01')
  })
  const { cells } = await counted(ana, roundOf(7), ids, regionTable)
  assert.equal(cells.get(''), 15)
})

test('[N-30] without a policy document in force, ethnicity is not counted', async () => {
  const ids = await people([[30, { ethnicity: 'white-british', area: leeds }]])
  house.clock.set('2028-02-01T09:00:00Z')
  await assert.rejects(counted(ana, roundOf(8), ids, ethnicTable), SpecialDataStopped)
  house.clock.set('2026-11-23T09:00:00Z')
})
