import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import { testHouse } from '#test/house.ts'
import { within } from '../house.ts'
import type { Actor } from '../notice/actor.ts'
import { resident, system } from '../notice/actor.ts'
import { erase } from '../retention/erase.ts'
import { sweep } from '../retention/sweep.ts'
import { Refused, SpecialDataStopped } from './vault.ts'

const house = await testHouse()
const { vault } = house
const officer: Actor = { id: 'officer', roles: ['officer'], own: [] }
const reviewer: Actor = { id: 'reviewer', roles: ['reviewer'], own: [] }
const stranger = resident('00000000-0000-4000-8000-000000000000')

async function amina(): Promise<string> {
  return within(house, { by: officer, for: 'administer the panel' }, async tx => {
    const id = await vault.begin(tx, officer, 'panel', '2027-06-30')
    await vault.put(tx, officer, 'panel', id, { name: 'Amina Okafor', email: 'Amina@example.org', area: 'E06000001' })
    return id
  })
}

test('an officer opens the fields that the notice grants, and the person is told who did', async () => {
  const id = await amina()
  const opened = await within(house, { by: officer, for: 'administer the panel' }, tx =>
    vault.open(tx, 'panel', { by: officer, for: 'administer the panel', fields: ['name', 'email'] }, [id]),
  )
  assert.deepEqual(opened, [{ id, name: 'Amina Okafor', email: 'Amina@example.org' }])
  const told = await within(house, { by: resident(id), for: 'administer the panel' }, tx =>
    tx.selectFrom('opening').select(['role', 'purpose', 'fields']).where('dossier_id', '=', id).execute(),
  )
  assert.deepEqual(told, [{ role: 'officer', purpose: 'administer the panel', fields: ['name', 'email'] }])
})

test('opening a field for a purpose that the map does not grant does not compile, and is refused', async () => {
  const id = await amina()
  const attempt = within(house, { by: reviewer, for: 'review applications' }, tx =>
    // @ts-expect-error reviewers never see ethnicity
    vault.open(tx, 'panel', { by: reviewer, for: 'review applications', fields: ['ethnicity'], related: [id] }, [id]),
  )
  await assert.rejects(attempt, Refused)
  const union = 'review applications' as 'review applications' | 'administer the panel'
  const widened = within(house, { by: reviewer, for: 'review applications' }, tx =>
    // @ts-expect-error a union of purposes is refused, whatever its fields have in common
    vault.open(tx, 'panel', { by: reviewer, for: union, fields: ['answers'] }, [id]),
  )
  await assert.rejects(widened, Refused)
  const counted = within(house, { by: officer, for: 'representativeness' }, tx =>
    // @ts-expect-error groups are counted for this purpose; nobody is opened
    vault.open(tx, 'panel', { by: officer, for: 'representativeness', fields: ['ethnicity'] }, [id]),
  )
  await assert.rejects(counted, Refused)
})

test('a resident opens their own record and nobody else’s', async () => {
  const id = await amina()
  const own = await within(house, { by: resident(id), for: 'exercise rights' }, tx =>
    vault.open(tx, 'panel', { by: resident(id), for: 'exercise rights', fields: ['name'] }, [id]),
  )
  assert.equal(own[0]?.name, 'Amina Okafor')
  const other = within(house, { by: stranger, for: 'exercise rights' }, tx =>
    vault.open(tx, 'panel', { by: stranger, for: 'exercise rights', fields: ['name'] }, [id]),
  )
  await assert.rejects(other, Refused)
})

test('raw SQL under the runtime role returns nothing unless a granted purpose is set', async () => {
  await amina()
  const none = await sql`select * from sealed_value`.execute(house.db)
  assert.equal(none.rows.length, 0)
  const wrong = await within(house, { by: officer, for: 'review applications' }, tx =>
    tx.selectFrom('sealed_value').select('field').distinct().execute(),
  )
  assert.ok(!wrong.some(row => row.field === 'name'))
  const invented = await house.db.transaction().execute(async tx => {
    await sql`select set_config('panel.purpose', 'curiosity', true)`.execute(tx)
    return tx.selectFrom('dossier').selectAll().execute()
  })
  assert.equal(invented.length, 0)
})

test('an e-mail address is found without regard to case, until the record ends', async () => {
  const before = await vault.findByEmail('amina@EXAMPLE.org')
  const id = await amina()
  assert.deepEqual(await vault.findByEmail('amina@EXAMPLE.org'), [...before, id])
  await erase(house.reach, system('test'), [id], 'erasure request')
  assert.deepEqual(await vault.findByEmail('amina@example.org'), before)
})

test('special-category data is neither taken nor read without a policy document in force', async () => {
  const id = await amina()
  const put = () =>
    within(house, { by: resident(id), for: 'administer the panel' }, tx =>
      vault.put(tx, resident(id), 'panel', id, { adjustments: 'A text relay', ethnicity: 'white-irish' }),
    )
  await assert.rejects(put(), SpecialDataStopped)
  await within(house, { by: system('test'), for: 'store' }, tx =>
    tx
      .insertInto('policy_document')
      .values({
        approved_at: house.clock.now(),
        approved_by: 'dpo',
        review_by: '2027-05-01',
        adjustments_condition: 'Sch 1 para 6',
        lapse_ground: null,
        withdrawn_at: null,
      })
      .execute(),
  )
  await put()
  const lead: Actor = { id: 'lead', roles: ['adjustments lead'], own: [] }
  const [opened] = await within(house, { by: lead, for: 'arrange adjustments' }, tx =>
    vault.open(tx, 'panel', { by: lead, for: 'arrange adjustments', fields: ['adjustments'] }, [id]),
  )
  assert.equal(opened?.adjustments?.reveal(), 'A text relay')
  assert.equal(JSON.stringify(opened?.adjustments), '"[special category]"')
})

test('[N-50] the sweep ends a record on its date, and neither before nor past a hold', async () => {
  const id = await amina()
  house.clock.set('2027-06-29T23:30:00+01:00')
  await sweep(house.reach)
  assert.equal((await vault.record(id))?.state, 'alive')
  await house.keys.setHeld(id, true)
  house.clock.set('2027-06-30T00:30:00+01:00')
  await sweep(house.reach)
  assert.equal((await vault.record(id))?.state, 'alive')
  await house.keys.setHeld(id, false)
  await sweep(house.reach)
  const dead = await vault.record(id)
  assert.deepEqual([dead?.state, dead?.wrapped, dead?.emailHash], ['tombstone', null, null])
  const rows = await within(house, { by: system('test'), for: 'store' }, tx =>
    tx.selectFrom('sealed_value').select('field').where('dossier_id', '=', id).execute(),
  )
  assert.equal(rows.length, 0)
})

test('an erasure that stops between any two steps is finished by the next sweep', async () => {
  house.clock.set('2026-11-23T09:00:00Z')
  for (const at of ['tombstone', 'keys', 'files'] as const) {
    const id = await amina()
    const crash = erase(
      {
        ...house.reach,
        step: name => {
          if (name === at) throw new Error('crash')
        },
      },
      system('test'),
      [id],
      'erasure request',
    )
    await assert.rejects(crash, /crash/)
    const opened = await within(house, { by: officer, for: 'administer the panel' }, tx =>
      vault.open(tx, 'panel', { by: officer, for: 'administer the panel', fields: ['name'] }, [id]),
    )
    assert.equal(opened.length, 0, `unreadable after ${at}`)
    await sweep(house.reach)
    const left = await within(house, { by: system('test'), for: 'store' }, tx =>
      tx.selectFrom('dossier').select('id').where('id', '=', id).execute(),
    )
    assert.equal(left.length, 0, `rows gone after ${at}`)
  }
})

test('a key whose transaction failed is collected after 35 days; a record in use is not', async () => {
  house.clock.set('2026-11-23T09:00:00Z')
  const kept = await amina()
  let stray = ''
  const failing = within(house, { by: officer, for: 'administer the panel' }, async tx => {
    stray = await vault.begin(tx, officer, 'panel', '2027-06-30')
    await vault.put(tx, officer, 'panel', stray, { email: 'stray@example.org' })
    throw new Error('the connection broke')
  })
  await assert.rejects(failing)
  assert.deepEqual(await vault.findByEmail('stray@example.org'), [stray])
  house.clock.set('2026-12-20T03:20:00Z')
  await sweep(house.reach)
  assert.equal((await vault.record(stray))?.state, 'alive')
  house.clock.set('2026-12-29T03:20:00Z')
  await sweep(house.reach)
  assert.equal((await vault.record(stray))?.state, 'tombstone')
  assert.deepEqual(await vault.findByEmail('stray@example.org'), [])
  assert.equal((await vault.record(kept))?.state, 'alive')
})
