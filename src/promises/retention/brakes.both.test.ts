import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import { testHouse } from '#test/house.ts'
import { within } from '../house.ts'
import type { Actor } from '../notice/actor.ts'
import { type Purpose, purposes, seesRestricted } from '../notice/purposes.ts'
import { hold, liftHold, liftRestriction, restrict } from './brakes.ts'
import { erase } from './erase.ts'
import { sweep } from './sweep.ts'

const house = await testHouse()
const officer: Actor = { id: 'officer', roles: ['officer'], own: [] }
const dpo: Actor = { id: 'dpo', roles: ['dpo'], own: [] }

function born(): Promise<string> {
  return within(house, { by: officer, for: 'administer the panel' }, async tx => {
    const id = await house.vault.begin(tx, officer, 'panel', '2026-12-01')
    await house.vault.put(tx, officer, 'panel', id, { name: 'Amina Okafor' })
    return id
  })
}

async function opens(id: string): Promise<number> {
  const opened = await within(house, { by: officer, for: 'administer the panel' }, tx =>
    house.vault.open(tx, 'panel', { by: officer, for: 'administer the panel', fields: ['name'] }, [id]),
  )
  return opened.length
}

test('[N-70] a restricted record vanishes from every purpose except storing, rights and claims, below the application too', async () => {
  const id = await born()
  await within(house, { by: dpo, for: 'exercise rights' }, tx => restrict(tx, house, dpo, id, '2027-01-01'))
  assert.equal(await opens(id), 0)
  for (const purpose of Object.keys(purposes) as Purpose[]) {
    const rows = await within(house, { by: dpo, for: purpose }, async tx => {
      const found = await sql<{ count: number }>`
        select (select count(*) from dossier where id = ${id}) + (select count(*) from sealed_value where dossier_id = ${id})
             + (select count(*) from opening where dossier_id = ${id}) as count`.execute(tx)
      return Number(found.rows[0]?.count)
    })
    assert.equal(rows > 0, seesRestricted(purpose), purpose)
  }
  const asked = await within(house, { by: dpo, for: 'exercise rights' }, tx =>
    house.vault.open(tx, 'panel', { by: dpo, for: 'exercise rights', fields: ['name'], related: [id] }, [id]),
  )
  assert.equal(asked[0]?.name, 'Amina Okafor')
  await within(house, { by: dpo, for: 'exercise rights' }, tx => liftRestriction(tx, house, dpo, id))
  assert.equal(await opens(id), 1)
})

test('[N-47] a hold keeps a record past its date, and two holds until both are lifted', async () => {
  const id = await born()
  await within(house, { by: dpo, for: 'exercise rights' }, async tx => {
    await hold(tx, house, dpo, id, 'legal matter', '2027-01-01')
    await hold(tx, house, dpo, id, 'rights request', '2027-01-01')
  })
  house.clock.set('2026-12-02T09:00:00Z')
  await sweep(house.reach)
  assert.equal((await house.vault.record(id))?.state, 'alive')
  await within(house, { by: dpo, for: 'exercise rights' }, tx => liftHold(tx, house, dpo, id, 'legal matter'))
  await sweep(house.reach)
  assert.equal((await house.vault.record(id))?.state, 'alive')
  await within(house, { by: dpo, for: 'exercise rights' }, tx => liftHold(tx, house, dpo, id, 'rights request'))
  await sweep(house.reach)
  assert.equal((await house.vault.record(id))?.state, 'tombstone')
})

test('ten thousand records end in one go, each with its certificate', async () => {
  const ids = await within(house, { by: officer, for: 'administer the panel' }, tx =>
    house.vault.beginMany(tx, officer, 'panel', '2027-12-01', 10_000),
  )
  assert.equal(await erase(house.reach, dpo, ids, 'erasure request'), 10_000)
  const { rows } = await within(house, { by: dpo, for: 'store' }, tx =>
    sql<{ count: number }>`select count(*) as count from certificate where dossier_was = any(${ids}::uuid[])`.execute(
      tx,
    ),
  )
  assert.equal(Number(rows[0]?.count), 10_000)
})
