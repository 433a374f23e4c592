import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { sql } from 'kysely'
import { testHouse } from '#test/house.ts'
import { within } from '../house.ts'
import { system } from '../notice/actor.ts'
import { record } from './ledger.ts'
import { link } from './linker.ts'
import { verify } from './verify.ts'

const house = await testHouse()
const by = system('test')

function write(act: string, detail = {}): Promise<void> {
  return within(house, { by, for: 'store' }, tx =>
    record(tx, { actor: by.id, role: 'system', purpose: 'store', act, detail, at: house.clock.now() }),
  )
}

/** Links until so many entries are in: an entry waits while any older transaction of the server still runs. */
async function linked(count: number): Promise<void> {
  for (let added = 0; added < count; ) added += await link(house)
}

test('[N-52] what was done is linked into one tree, signed, and stands', async () => {
  for (let at = 0; at < 7; at++) await write(`act ${at}`, { b: at, a: ['x'] })
  await linked(7)
  await write('later')
  await linked(1)
  assert.equal(await link(house), 0)
  assert.deepEqual(await verify(house), { ok: true, entries: 8, says: '8 entries stand as they were written.' })
  assert.ok(readdirSync(join(house.dir, 'heads')).length >= 2)
})

test('[N-52] nobody who runs the service can change or remove an entry', async () => {
  for (const attempt of [
    sql`update ledger_entry set act = 'nothing'`,
    sql`delete from ledger_entry`,
    sql`delete from ledger_leaf`,
    sql`update ledger_head set size = 0`,
    sql`truncate ledger_entry cascade`,
  ])
    await assert.rejects(attempt.execute(house.db), /permission denied/)
})

test('a rolled-back change leaves no entry behind', async () => {
  const undone = within(house, { by, for: 'store' }, async tx => {
    await record(tx, { actor: by.id, role: 'system', purpose: 'store', act: 'undone', at: house.clock.now() })
    throw new Error('no')
  })
  await assert.rejects(undone)
  assert.equal(await link(house), 0)
})
