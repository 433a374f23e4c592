import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { sql } from 'kysely'
import { EVERY, inWorld } from '#src/platform/database/world.ts'
import { within } from '#src/promises/house.ts'
import { backup } from '#src/promises/keeping/backup.ts'
import { system } from '#src/promises/notice/actor.ts'
import { realColumns } from '#src/promises/publishing/check.ts'
import { trial } from '#src/restore.ts'
import { practise } from '#test/practice.ts'
import { testSite } from '#test/site.ts'
import { disable } from '../staff/accounts.ts'
import { wipeOverdue } from './wipe.ts'

const site = await testSite({ closed: 6 })
const { house } = site
const by = system('test')

/** How many rows each table has, in every world; without what tells that something was done. */
async function rowsOf(): Promise<Record<string, number>> {
  const tables = [...new Set((await realColumns(house)).map(one => one.table))]
  const told = new Set(['ledger_entry', 'ledger_leaf', 'ledger_head', 'certificate', 'session', 'session_dossier'])
  return inWorld(EVERY, () =>
    within(house, { by, for: 'store' }, async tx => {
      const counts: Record<string, number> = {}
      for (const table of tables.filter(one => !told.has(one))) {
        const { rows } = await sql<{ count: number }>`select count(*)::int as count from ${sql.id(table)}`.execute(tx)
        counts[table] = rows[0]?.count ?? 0
      }
      return counts
    }),
  )
}
const alive = async () => (await house.keys.counts('2026-11-23')).alive
const acts = (act: string) =>
  within(house, { by, for: 'store' }, tx =>
    tx.selectFrom('ledger_entry').select(['act', 'count']).where('act', '=', act).execute(),
  )
const before = { rows: await rowsOf(), alive: await alive() }
const now = async () => ({ rows: await rowsOf(), alive: await alive() })

test('one press wipes a practice: no row, key or place in it is left, and the ledger tells that it was', async () => {
  const grace = await site.staff('Grace')
  await practise(grace)
  assert.equal((await now()).alive, before.alive + 46)
  const wiped = await grace.send('/staff/practice/deletion', {}, '/staff/practice')
  assert.match((await grace.get(wiped.location)).text, /The practice is deleted: 46 invented records are gone/)
  assert.deepEqual(await now(), before)
  assert.deepEqual(await acts('practice wiped'), [{ act: 'practice wiped', count: 46 }])
  assert.match((await grace.get('/staff')).text, /the round that has just closed/)
  assert.match((await grace.get('/staff/practice')).text, /Start a practice/)
})

test('a backup made in a practice holds it, and can be restored', async () => {
  const grace = await site.staff('Grace')
  await practise(grace)
  const dir = join(house.dir, 'backup')
  const { main } = await backup(house, dir)
  assert.equal(main.rows.practice_dossier, 46)
  assert.equal(main.rows.practice, 1)
  const { rows } = await trial(house, dir)
  assert.equal(rows.dossier, before.alive + 46)
  await grace.send('/staff/practice/deletion', {}, '/staff/practice')
  assert.deepEqual(await now(), before)
})

test('a crash between any two steps of wiping leaves nobody in it, and the next press or the night finishes it', async () => {
  for (const step of ['tombstone', 'keys', 'files', 'rows'] as const) {
    const grace = await site.staff('Grace')
    await practise(grace)
    house.reach.step = at => {
      if (at === step) throw new Error('the power went')
    }
    assert.equal((await grace.send('/staff/practice/deletion', {}, '/staff/practice')).status, 500)
    delete house.reach.step
    assert.doesNotMatch((await grace.get('/staff')).text, /Practice: invented/)
    if (step === 'keys') assert.match((await grace.get('/staff/practice')).text, /Finish deleting/)
    if (step === 'rows') assert.equal(await wipeOverdue(house), 1)
    else await grace.send('/staff/practice/deletion', {}, '/staff/practice')
    assert.deepEqual(await now(), before, step)
  }
})

test('a practice that is forgotten is wiped on its thirtieth day, and not before', async () => {
  const grace = await site.staff('Grace')
  await practise(grace)
  house.clock.set('2026-12-22T23:00:00Z')
  assert.equal(await wipeOverdue(house), 0)
  house.clock.set('2026-12-23T02:00:00Z')
  assert.equal(await wipeOverdue(house), 1)
  assert.deepEqual((await now()).rows, before.rows)
  house.clock.set('2026-11-23T09:00:00Z')
})

test('the practice of someone who has left goes the next night', async () => {
  const omar = await site.staff('Omar')
  await practise(omar)
  const [id = ''] = await house.vault.findByEmail('omar@panel.example')
  await within(house, { by, for: 'keep the service safe' }, tx => disable(tx, house, by, id))
  assert.equal(await wipeOverdue(house), 1)
  assert.deepEqual((await now()).rows, before.rows)
})

test('without a notice in force nothing is started, and the page says what is missing', async () => {
  await within(house, { by, for: 'administer the panel' }, tx =>
    tx.updateTable('policy_document').set({ withdrawn_at: house.clock.now() }).execute(),
  )
  const grace = await site.staff('Grace')
  const answer = await grace.send('/staff/practice')
  assert.equal(answer.status, 422)
  assert.match(answer.text, /No policy document is in force: the data protection officer adds one first/)
  assert.deepEqual((await now()).rows, before.rows)
})
