import assert from 'node:assert/strict'
import { randomBytes, randomUUID } from 'node:crypto'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { openHouse } from '#src/house.ts'
import { readConfig } from '#src/platform/config.ts'
import { RUNTIME_ROLE } from '#src/platform/database/database.ts'
import { freshPostgres, standing } from '#test/house.ts'
import { createDatabase, databaseUrl } from '#test/postgres.ts'
import { within } from '../house.ts'
import { system } from '../notice/actor.ts'
import { erase } from '../retention/erase.ts'
import { sweep } from '../retention/sweep.ts'
import { rotate } from './keys.ts'
import type { KeyRecord, KeyStore } from './keystore.ts'
import { openPostgresKeyStore } from './keystore-postgres.ts'
import { openSqliteKeyStore } from './keystore-sqlite.ts'

const main = await freshPostgres()
const keysUrl = await createDatabase(main, `keys_${randomUUID()}`)
const folder = mkdtempSync(join(tmpdir(), 'keystore-'))

function record(more: Partial<KeyRecord> = {}): KeyRecord {
  return {
    id: randomUUID(),
    kind: 'panel',
    state: 'alive',
    expiresOn: '2027-06-30',
    held: false,
    restricted: false,
    master: '2026-11-23',
    wrapped: randomBytes(61),
    wrappedSpecial: randomBytes(61),
    emailHash: randomBytes(32),
    bornAt: '2026-11-23T09:00:00.000Z',
    diedAt: null,
    ...more,
  }
}

const kinds: [string, KeyStore][] = [
  ['SQLite', openSqliteKeyStore(join(folder, `${randomUUID()}.sqlite`))],
  ['PostgreSQL', await openPostgresKeyStore(await createDatabase(main, `keys_${randomUUID()}`))],
]
after(() => Promise.all(kinds.map(([, keys]) => keys.close())))

for (const [name, keys] of kinds) {
  test(`${name}: what is put in comes out, and nothing else`, async () => {
    const all = [record(), record({ kind: 'staff', wrappedSpecial: null, emailHash: null }), record({ held: true })]
    await keys.insert(all)
    const found = await keys.read([...all.map(one => one.id), randomUUID(), 'nobody'])
    assert.deepEqual([...found.values()].sort(byId), all.toSorted(byId))
    const paged: KeyRecord[] = []
    for (let after = ''; ; after = paged.at(-1)?.id ?? '') {
      const page = await keys.page(after, 2)
      if (!page.length) break
      paged.push(...page)
    }
    assert.deepEqual(paged, all.toSorted(byId))
    await assert.rejects(keys.insert([all[0] ?? record()]))
  })

  test(`${name}: an address is found by its hash, by everyone who shares it, until they die`, async () => {
    const hash = randomBytes(32)
    const [one, two] = [
      record({ emailHash: hash, bornAt: '2026-01-01T00:00:00.000Z' }),
      record({ emailHash: null, bornAt: '2026-02-01T00:00:00.000Z' }),
    ]
    await keys.insert([one, two])
    await keys.setEmailHashes([{ id: two.id, hash }])
    assert.deepEqual(await keys.findByEmailHash(hash), [one.id, two.id])
    await keys.tombstone([one.id], new Date())
    assert.deepEqual(await keys.findByEmailHash(hash), [two.id])
    await keys.setEmailHashes([{ id: two.id, hash: null }])
    assert.deepEqual(await keys.findByEmailHash(hash), [])
  })

  test(`${name}: [N-47] death is final: tombstone, then the keys, each safe to repeat`, async () => {
    const one = record()
    await keys.insert([one])
    await keys.destroyKeys([one.id])
    assert.ok((await keys.read([one.id])).get(one.id)?.wrapped, 'a living key is not destroyed')
    await keys.tombstone([one.id], new Date('2026-12-01T00:00:00Z'))
    await keys.tombstone([one.id], new Date('2026-12-02T00:00:00Z'))
    await keys.destroyKeys([one.id])
    await keys.destroyKeys([one.id])
    const dead = (await keys.read([one.id])).get(one.id)
    assert.deepEqual(
      [dead?.state, dead?.wrapped, dead?.wrappedSpecial, dead?.emailHash],
      ['tombstone', null, null, null],
    )
    assert.equal(dead?.diedAt, '2026-12-01T00:00:00.000Z')
    await keys.rewrap({ id: one.id, master: 'x', wrapped: randomBytes(61), wrappedSpecial: null })
    assert.equal((await keys.read([one.id])).get(one.id)?.wrapped, null, 'and never comes back')
  })

  test(`${name}: what is due is told by date, and a hold keeps it`, async () => {
    const [due, kept] = [record({ expiresOn: '2026-01-01' }), record({ expiresOn: '2026-01-01' })]
    await keys.insert([due, kept])
    await keys.setHeld(kept.id, true)
    await keys.setRestricted(kept.id, true)
    assert.deepEqual(await keys.expired('2026-01-01', 10), [{ id: due.id, kind: 'panel' }])
    assert.equal((await keys.counts('2026-01-01')).overdue, 1)
    await keys.setExpiry([due.id], '2030-01-01')
    assert.deepEqual(await keys.expired('2026-01-01', 10), [])
    assert.equal((await keys.read([kept.id])).get(kept.id)?.restricted, true)
  })

  test(`${name}: secrets of the service are kept by name`, async () => {
    await keys.putSecret('one', Buffer.from('a'), 'm1')
    await keys.putSecret('one', Buffer.from('b'), 'm2')
    assert.deepEqual(await keys.secret('one'), { wrapped: Buffer.from('b'), master: 'm2' })
    assert.equal(await keys.secret('two'), undefined)
    assert.deepEqual(await keys.secretNames(), ['one'])
  })
}

test('[N-47] a whole house stands on a PostgreSQL key store: seal, open, rotate, erase, sweep', async () => {
  const url = databaseUrl(main, new URL(main).pathname.slice(1), RUNTIME_ROLE)
  const config = readConfig({ DATA_DIR: folder, DATABASE_URL: url, KEYS_DATABASE_URL: keysUrl })
  const house = await openHouse(config, standing('2026-11-23T09:00:00Z'))
  after(() => house.close())
  const by = system('test')
  const [one = '', two = ''] = await within(house, { by, for: 'administer the panel' }, async tx => {
    const ids = await house.vault.beginMany(tx, by, 'panel', '2026-11-23', 2)
    await house.vault.putMany(
      tx,
      by,
      'panel',
      ids.map(id => ({ id, values: { name: `N ${id}`, email: 'shared@example.org' } })),
    )
    return ids
  })
  assert.equal((await house.vault.findByEmail('Shared@example.org')).length, 2)
  assert.equal(await rotate(house.keys, house.masters, new Date('2026-12-23T09:00:00Z')), 2)
  await within(house, { by, for: 'store' }, tx => house.vault.moveExpiry(tx, by, [two], '2027-01-01', 'test'))
  const opened = await within(house, { by, for: 'exercise rights' }, tx =>
    house.vault.open(tx, 'panel', { by, for: 'exercise rights', fields: ['name'] }, [two]),
  )
  assert.deepEqual(opened, [{ id: two, name: `N ${two}` }])
  assert.equal((await sweep(house.reach)).ended, 1)
  assert.equal((await house.vault.record(one))?.state, 'tombstone')
  await erase(house.reach, by, [two], 'erasure request')
  assert.deepEqual(await house.vault.findByEmail('shared@example.org'), [])
})

function byId(a: { id: string }, b: { id: string }): number {
  return a.id < b.id ? -1 : 1
}
