import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import { inWorld } from '#src/platform/database/world.ts'
import { testHouse } from '#test/house.ts'
import { within } from '../house.ts'
import { system } from '../notice/actor.ts'
import { type Purpose, purposes } from '../notice/purposes.ts'

const house = await testHouse()
const by = system('test')
const world = 'b5a1c9f2-0000-4000-8000-000000000009'
const other = 'b5a1c9f2-0000-4000-8000-00000000000a'
const desk = { by, for: 'administer the panel' } as const

/** Someone invented in a practice, with a name. */
async function invented(whose: string): Promise<string> {
  const practice = { world: whose, started_at: house.clock.now(), ends_on: '2027-01-01', ended_at: null }
  return inWorld(whose, () =>
    within(house, desk, async tx => {
      await tx
        .insertInto('practice')
        .values(practice)
        .onConflict(on => on.doNothing())
        .execute()
      const id = await house.vault.begin(tx, by, 'panel', '2027-06-01')
      await house.vault.put(tx, by, 'panel', id, { name: 'Nobody', email: 'nobody@residents.example' })
      return id
    }),
  )
}
const id = await invented(world)
await invented(other)

test('whoever is begun in a practice is seen in that practice alone, for whatever purpose', async () => {
  const seen = (whose: string, purpose: Purpose) =>
    inWorld(whose, () => within(house, { by, for: purpose }, tx => tx.selectFrom('dossier').select('id').execute()))
  for (const purpose of Object.keys(purposes) as Purpose[]) {
    assert.deepEqual(await seen('', purpose), [], purpose)
    assert.deepEqual(await seen(world, purpose), [{ id }], purpose)
  }
  const rows = await within(house, { by, for: 'store' }, tx => tx.selectFrom('sealed_value').selectAll().execute())
  assert.deepEqual(rows, [])
  const open = (tx: Parameters<typeof house.vault.open>[0]) =>
    house.vault.open(tx, 'panel', { by, for: 'administer the panel', fields: ['name'] }, [id])
  assert.deepEqual(await within(house, desk, open), [{ id }], 'the key is there, the values are not')
  assert.deepEqual(await inWorld(world, () => within(house, desk, open)), [{ id, name: 'Nobody' }])
})

test('nothing is written of someone in another world', async () => {
  const stopped = { dossier_id: id, purpose: 'administer the panel', stopped_at: house.clock.now() }
  const write = () => within(house, desk, tx => tx.insertInto('stopped_purpose').values(stopped).execute())
  await assert.rejects(write(), /row-level security/)
  await assert.rejects(inWorld(other, write), /row-level security/)
  await inWorld(world, write)
})

test('nobody is begun in a practice that does not stand', async () => {
  const nowhere = 'b5a1c9f2-0000-4000-8000-00000000000b'
  const begin = () => within(house, desk, tx => house.vault.begin(tx, by, 'panel', '2027-06-01'))
  await assert.rejects(inWorld(nowhere, begin))
})

test('every table is either parted by world, or refuses to be changed from a practice', async () => {
  const { rows } = await sql<{ name: string }>`
    select c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = 'public' and c.relkind in ('r', 'p') and not c.relispartition
      and not exists (select from pg_policy p where p.polrelid = c.oid and p.polname = 'one_world')
      and not exists (select from pg_trigger t where t.tgrelid = c.oid and t.tgname = 'real_alone')
    order by 1`.execute(house.db)
  assert.deepEqual(
    rows.map(row => row.name),
    [
      'certificate',
      'ledger_entry',
      'ledger_head',
      'ledger_leaf',
      'migration',
      'practice',
      'practice_dossier',
      'purpose',
      'purpose_field',
      'session',
    ],
  )
  const landlord = { id: world, name: 'Nowhere Homes', listed_at: house.clock.now() }
  const write = () => within(house, desk, tx => tx.insertInto('landlord').values(landlord).execute())
  await assert.rejects(inWorld(world, write), { code: 'PK001' })
  await write()
})
