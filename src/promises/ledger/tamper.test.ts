import assert from 'node:assert/strict'
import { test } from 'node:test'
import pg from 'pg'
import { testHouse } from '#test/house.ts'
import { within } from '../house.ts'
import { system } from '../notice/actor.ts'
import { record } from './ledger.ts'
import { link } from './linker.ts'
import { verify } from './verify.ts'

const house = await testHouse()
const by = system('test')

test('[N-52] an owner of the database who rewrites an entry is found out, by its number', async () => {
  for (let at = 0; at < 20; at++)
    await within(house, { by, for: 'store' }, tx =>
      record(tx, { actor: by.id, role: 'system', purpose: 'store', act: 'opened', count: at, at: house.clock.now() }),
    )
  // An entry waits while any older transaction of the server still runs: those of other tests too.
  for (let linked = 0; linked < 20; ) linked += await link(house)
  assert.equal((await verify(house)).ok, true)
  const owner = new pg.Client({ connectionString: house.ownerUrl })
  await owner.connect()
  try {
    await owner.query('update ledger_entry set count = 1 where count = 7')
    const changed = await verify(house)
    assert.equal(changed.ok, false)
    const { rows } = await owner.query<{ id: number }>('select id from ledger_entry order by id offset 7 limit 1')
    assert.equal(changed.broken, Number(rows[0]?.id))
    await owner.query('update ledger_entry set count = 7 where id = $1', [rows[0]?.id])
    await owner.query('delete from ledger_leaf where index = 19')
    await owner.query('delete from ledger_entry where count = 19')
    assert.match((await verify(house)).says, /Entries after 19 are missing/)
  } finally {
    await owner.end()
  }
})

test('entries that a dump brought into another database, with its numbers, do not keep new ones from the tree', async () => {
  const owner = new pg.Client({ connectionString: house.ownerUrl })
  await owner.connect()
  await owner.query(`update ledger_entry set txid = '999999999999'`)
  await owner.end()
  await within(house, { by, for: 'store' }, tx =>
    record(tx, { actor: by.id, role: 'system', purpose: 'store', act: 'since', at: house.clock.now() }),
  )
  let linked = 0
  for (let tries = 0; tries < 200 && !linked; tries++) linked += await link(house)
  assert.equal(linked, 1)
})
