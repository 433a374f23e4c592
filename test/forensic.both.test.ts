import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import pg from 'pg'
import { openSite } from '#src/app.ts'
import { fingerprint, furnish, migrateAll } from '#src/house.ts'
import { lettersQueue } from '#src/panel/correspondence/tell.ts'
import { type Database, openPGlite, openPostgresOwner } from '#src/platform/database/database.ts'
import { startJobs } from '#src/platform/jobs/jobs.ts'
import { type House, within } from '#src/promises/house.ts'
import { system } from '#src/promises/notice/actor.ts'
import { dataMap, everyField } from '#src/promises/notice/datamap.ts'
import { erase, finishErasures } from '#src/promises/retention/erase.ts'
import { sweep } from '#src/promises/retention/sweep.ts'
import { openRuntime, standing } from './house.ts'
import { formsOf, scan } from './markers.ts'
import { createDatabase } from './postgres.ts'
import { siteOf } from './site.ts'

// What a burglar finds who takes everything: data files, write-ahead log, dumps, base backups, key store, files, logs.
const isPGlite = process.env.TEST_DATABASE === 'pglite'
const {
  TEST_POSTGRES_URL: server = '',
  TEST_POSTGRES_BIN: bin = '',
  TEST_POSTGRES_DATA: serverData = '',
  TEST_POSTGRES_ARCHIVE: archive = '',
  TEST_POSTGRES_LOG: serverLog = '',
} = process.env

/** Every marker of a run begins alike, so that one search finds them all. */
const stem = `Mk${Math.random().toString(36).slice(2, 12)}q`
let serial = 0
/** A word that stands nowhere else. */
const marker = () => `${stem}${(++serial).toString(36)}z`

async function furnished(dir: string, clock: ReturnType<typeof standing>) {
  const config = { ...baseConfig(dir) }
  if (isPGlite) {
    const database = await openPGlite(
      { dir, fingerprint: fingerprint() },
      async owner => void (await migrateAll(owner)),
    )
    return { house: await furnish(config, clock, database), ownerUrl: '' }
  }
  const ownerUrl = await createDatabase(server, `forensic_${marker().toLowerCase()}`)
  const owner = await openPostgresOwner(ownerUrl)
  await migrateAll(owner)
  await owner.close()
  return { house: await furnish(config, clock, await openRuntime(ownerUrl)), ownerUrl }
}

function baseConfig(dir: string) {
  return {
    mode: 'demo' as const,
    port: 0,
    proxies: 0,
    host: '127.0.0.1',
    baseUrl: 'http://localhost',
    dataDir: dir,
    mailFrom: 'Panel <panel@localhost>',
    masterKeyFile: join(dir, 'masters', 'master-keys.json'),
  }
}

/** Applies through the real pages with a marker in every box; returns the markers. */
async function plant(site: Awaited<ReturnType<typeof siteOf>>): Promise<{ markers: string[]; email: string }> {
  const [name, mail, phone, line, landlord, gender, one, two, words] = Array.from({ length: 9 }, marker)
  const email = `${mail}@example.org`
  const visitor = site.visitor()
  await visitor.send('/apply/name', { name: `${name}` })
  const sent = await visitor.send('/apply/contact', {
    channel: 'email',
    email,
    phone: '07700 900 982',
    address: `${line} Street`,
    postcode: 'PR2 0ET',
  })
  assert.equal(sent.location, '/apply/landlord')
  await visitor.send('/apply/landlord', { landlord: `${landlord} Homes`, tenancy: 'other', found: 'not-listed' })
  await visitor.send('/apply/area', { area: 'E06000001' })
  await visitor.send('/apply/age-range', { ageRange: '35-44' })
  await visitor.send('/apply/gender', { gender: 'own-words', genderDescription: `${gender}` })
  await visitor.send('/apply/skills', { answer1: `${one} and more`, answer2: `${two}` })
  await visitor.send('/apply/adjustments', { adjustments: ['captions'], words: `${words}` })
  assert.equal((await visitor.send('/apply/check')).location, '/apply/equality')
  // A wrong page too: what is refused is kept nowhere either.
  await visitor.send('/apply/contact', { channel: 'email', email: `${phone} at nowhere` })
  return { markers: [name, mail, phone, line, landlord, gender, one, two, words].map(String), email }
}

test('[N-21] [N-22] [N-47] [N-48] [N-50] [N-52] nothing that a person said is found anywhere in clear, and an old backup does not bring the erased back', {
  timeout: 300_000,
}, async () => {
  const dir = mkdtempSync(join(tmpdir(), 'forensic-'))
  const clock = standing('2026-11-23T09:00:00Z')
  const { house, ownerUrl } = await furnished(dir, clock)
  const log: string[] = []
  const logFile = join(dir, 'service.log')
  const app = await openSite(house, { log: { write: line => void log.push(line) } })
  const site = await siteOf(house, app)
  const gone = await plant(site)
  const stays = await plant(site)

  // Every field of the data map gets a marker, whichever form or staff page it comes from.
  const by = system('test')
  const everywhere: string[] = []
  const extra = await within(house, { by, for: 'administer the panel' }, async tx => {
    const ids: string[] = []
    for (const kind of ['panel', 'case', 'staff', 'inbox'] as const) {
      const id = await house.vault.begin(tx, by, kind, '2027-06-30')
      const values = Object.fromEntries(Object.keys(dataMap[kind]).map(field => [field, marker()]))
      everywhere.push(...Object.values(values))
      await house.vault.put(tx, by, kind, id, values)
      ids.push(id)
    }
    return ids
  })
  assert.equal(everywhere.length, everyField().length)
  await sealFile(house, extra[0] ?? '', everywhere)

  // A mail that bounces and a job that fails, with the address in the library's own error.
  const jobs = await startJobs(house.database, () => {})
  await jobs.work(lettersQueue, async () => {
    throw new Error(`550 no such user ${gone.email}`)
  })
  await site.visitor().send('/sign-in', { email: gone.email })
  await new Promise(resolve => setTimeout(resolve, 2500))
  await jobs.stop()
  writeFileSync(logFile, log.join(''))

  const before = await picture(house, await house.vault.findByEmail(stays.email))
  const backup = mkdtempSync(join(tmpdir(), 'forensic-backup-'))
  const database = await takeBackup(house, ownerUrl, dir, backup)
  const places = [dir, backup, ...(isPGlite ? [] : [serverData, archive, serverLog])]
  const delivered = (path: string) => path.startsWith(join(dir, 'outbox'))
  assert.deepEqual(scan(places, [stem], delivered), [], 'before erasure')

  // The scanner finds what is there: each form of a marker, written in clear.
  const seen = `Sn${Math.random().toString(36).slice(2, 12)}z`
  for (const { form, bytes } of formsOf(seen)) {
    const decoy = join(dir, 'decoy')
    writeFileSync(decoy, Buffer.concat([Buffer.from('x'), bytes, Buffer.from('y')]))
    assert.ok(scan([decoy], [seen]).length > 0, `the scanner sees ${form}`)
    writeFileSync(decoy, '')
  }

  // Erase one person; then bring the old database back beside the key store of today.
  const [goneId = ''] = await house.vault.findByEmail(gone.email)
  const [staysId = ''] = await house.vault.findByEmail(stays.email)
  const key = (await house.keys.read([goneId])).get(goneId)?.wrapped
  assert.ok(key && readFileSync(join(dir, 'keys', 'keys.sqlite')).includes(key))
  await erase(house.reach, by, [goneId], 'erasure request')
  assert.ok(!readFileSync(join(dir, 'keys', 'keys.sqlite')).includes(key), 'the key is not in the key store’s file')
  await app.close()
  await house.close()

  const restored = await database(clock)
  try {
    const still = await within(restored, { by, for: 'store' }, tx =>
      tx.selectFrom('sealed_value').select('field').where('dossier_id', '=', goneId).execute(),
    )
    assert.ok(still.length > 5, 'the backup holds the sealed rows')
    assert.deepEqual(await picture(restored, [goneId]), [], 'and none of them opens')
    await finishErasures(restored.reach, by)
    const rows = await within(restored, { by, for: 'store' }, tx =>
      tx.selectFrom('dossier').select('id').where('id', '=', goneId).execute(),
    )
    assert.deepEqual(rows, [], 'the key store’s word deletes them')
    assert.deepEqual(await picture(restored, [staysId]), before, 'everyone else is intact')
    await sweep(restored.reach)
    assert.equal((await restored.vault.record(staysId))?.state, 'alive')
  } finally {
    await restored.close()
  }
})

/** Everything that opens of some dossiers, for rights. */
async function picture(house: House, ids: readonly string[]): Promise<string[]> {
  const by = { id: 'test', roles: ['dpo'], own: [] } as const
  const fields = Object.keys(dataMap.panel) as (keyof typeof dataMap.panel)[]
  const opened = await within(house, { by, for: 'exercise rights' }, tx =>
    house.vault.open(tx, 'panel', { by, for: 'exercise rights', fields, related: ids }, ids),
  )
  return opened.map(one =>
    JSON.stringify(
      Object.entries(one)
        .map(([field, value]) => [field, typeof value === 'string' ? value : value?.reveal()])
        .sort(),
    ),
  )
}

async function sealFile(house: House, id: string, words: readonly string[]): Promise<void> {
  const { putSealed } = await import('#src/platform/files/sealed.ts')
  const keys = await house.vault.keysOf(id)
  if (!keys) throw new Error('The dossier lives.')
  async function* bytes() {
    yield Buffer.from(words.join('\n'))
  }
  await putSealed(house.files, `${id}/letter`, keys.ordinary, `letter/${id}`, bytes())
}

/** Backs the database up (a dump and a copy of the files); returns how to open it again beside the key store of then. */
async function takeBackup(
  house: House,
  ownerUrl: string,
  dir: string,
  backup: string,
): Promise<(clock: ReturnType<typeof standing>) => Promise<House & { close(): Promise<void> }>> {
  const config = baseConfig(dir)
  if (isPGlite) {
    const dump = await dumpOf(house.database)
    writeFileSync(join(backup, 'database.tar'), Buffer.from(await dump.arrayBuffer()))
    cpSync(join(dir, 'database'), join(backup, 'database'), { recursive: true })
    return async clock =>
      furnish(
        config,
        clock,
        await openPGlite({ fingerprint: fingerprint(), template: dump, migrated: true }, async () => {}),
      )
  }
  execFileSync(join(bin, 'pg_dump'), ['-d', ownerUrl, '-f', join(backup, 'dump.sql')])
  execFileSync(join(bin, 'pg_dump'), ['-d', ownerUrl, '-Fc', '-Z0', '-f', join(backup, 'dump.custom')])
  mkdirSync(join(backup, 'base'))
  execFileSync(join(bin, 'pg_basebackup'), ['-d', server, '-D', join(backup, 'base'), '-X', 'stream', '-c', 'fast'])
  const root = new pg.Client({ connectionString: server })
  await root.connect()
  await root.query('checkpoint')
  await root.query('select pg_switch_wal()')
  await root.end()
  return async clock => {
    const url = await createDatabase(server, `restored_${marker().toLowerCase()}`)
    execFileSync(join(bin, 'psql'), ['-q', '-v', 'ON_ERROR_STOP=1', '-d', url, '-f', join(backup, 'dump.sql')], {
      stdio: 'ignore',
    })
    return furnish(config, clock, await openRuntime(url))
  }
}

function dumpOf(database: Database): Promise<Blob> {
  if (!('dump' in database) || typeof database.dump !== 'function') throw new Error('Only PGlite dumps itself.')
  return database.dump()
}
