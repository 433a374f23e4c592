import assert from 'node:assert/strict'
import { appendFileSync, mkdtempSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { test } from 'node:test'
import { runCommand } from '#src/commands.ts'
import { openHouse } from '#src/house.ts'
import { startLetters } from '#src/panel/correspondence/send.ts'
import { tell } from '#src/panel/correspondence/tell.ts'
import { fillDemo } from '#src/people/demo/world.ts'
import { enrichFor } from '#src/people/enrich.ts'
import { readConfig } from '#src/platform/config.ts'
import { RUNTIME_ROLE } from '#src/platform/database/database.ts'
import { startJobs } from '#src/platform/jobs/jobs.ts'
import { readOutbox } from '#src/platform/mail/mailer.ts'
import { restoreCommand } from '#src/restore.ts'
import { freshPostgres, standing } from '#test/house.ts'
import { databaseUrl } from '#test/postgres.ts'
import { type House, within } from '../house.ts'
import { link } from '../ledger/linker.ts'
import { verify } from '../ledger/verify.ts'
import { system } from '../notice/actor.ts'
import { everyField } from '../notice/datamap.ts'
import { hold, restrict } from '../retention/brakes.ts'
import { erase } from '../retention/erase.ts'
import { pauseOf, sweep } from '../retention/sweep.ts'
import { openCase } from '../rights/cases.ts'
import { openFile, putFile } from '../vault/files.ts'
import { Special } from '../vault/special.ts'
import { mainBackup } from './backup.ts'

const by = system('test')
const clock = standing('2026-11-23T09:00:00Z')
const dataDir = mkdtempSync(join(tmpdir(), 'keeping-'))
const config = readConfig({ DATA_DIR: dataDir, ...(await databases()) })
const safe = mkdtempSync(join(tmpdir(), 'backup-'))

async function databases() {
  if (process.env.TEST_DATABASE === 'pglite') return {}
  const owner = await freshPostgres()
  const name = new URL(owner).pathname.slice(1)
  return { OWNER_DATABASE_URL: owner, DATABASE_URL: databaseUrl(owner, name, RUNTIME_ROLE) }
}

/** Runs with the house open, and closes it. */
async function open<T>(work: (house: House) => Promise<T>): Promise<T> {
  const house = await openHouse(config, clock)
  try {
    return await work(house)
  } finally {
    await house.close()
  }
}

function quiet() {
  const said: string[] = []
  return { said, io: { out: (line: string) => void said.push(line), err: (line: string) => void said.push(line) } }
}

async function panel(...args: string[]): Promise<{ code: number; said: string }> {
  const { said, io } = quiet()
  const code =
    args[0] === 'restore'
      ? await restoreCommand(args.slice(1), config, clock.now(), io)
      : await open(house => runCommand(args, house, io))
  return { code, said: said.join('\n') }
}

const rights = { by: { id: 'test', roles: ['dpo'], own: [] }, for: 'exercise rights' } as const

function shown(value: string | Special | undefined): string {
  return value instanceof Special ? value.reveal() : (value ?? '')
}

/** What opens of some records, each as one text; nothing for those that are dead. */
async function picture(house: House, ids: readonly string[]): Promise<Map<string, string>> {
  const fields = ['name', 'email', 'landlord', 'area', 'ageRange', 'ethnicity', 'answers'] as const
  const opened = await within(house, rights, tx =>
    house.vault.open(tx, 'panel', { ...rights, fields, related: ids }, ids),
  )
  return new Map(opened.map(one => [one.id, fields.map(field => shown(one[field])).join('|')]))
}

const people = await open(async house => {
  await fillDemo(house, { closed: 120 })
  const ids = await within(house, { by, for: 'administer the panel' }, tx =>
    tx.selectFrom('application').select('dossier_id as id').where('received_via', '=', 'import').execute(),
  )
  return ids.map(one => one.id)
})
const [erased, restricted, appointed, held] = [
  people.slice(0, 50),
  people.slice(50, 60),
  people.slice(60, 80),
  people.slice(80, 81),
]
const before = await open(house => picture(house, people))

test('every field of the data map is kept, so that a backup holds all of it', () => {
  for (const { kind, field, rule } of everyField()) assert.ok(rule.purposes.includes('store'), `${kind} ${field}`)
})

test('a backup is made and tried, and holds no master key', async () => {
  await open(async house => {
    await within(house, { by, for: 'administer the panel' }, tx =>
      putFile(tx, house, by, 'panel', people[90] ?? '', 'answers', Readable.from([Buffer.from('a sealed file')])),
    )
  })
  const { code, said } = await panel('backup', safe)
  assert.equal(code, 0, said)
  assert.match(said, /A trial restore read it whole/)
  assert.deepEqual(readdirSync(safe).sort(), ['files', 'keys', 'main'])
})

test('[N-47] [N-50] after a restore the erased stay erased, the restricted restricted, the appointed are not swept, all others are equal', async () => {
  await open(async house => {
    await erase(house.reach, by, erased, 'erasure request')
    await within(house, rights, async tx => {
      for (const id of restricted) await restrict(tx, house, by, id, '2027-02-01')
      for (const id of held) await hold(tx, house, by, id, 'legal matter', '2027-02-01')
      await house.vault.moveExpiry(tx, by, appointed, '2030-05-01', 'appointed')
    })
  })
  assert.match((await panel('backup', mkdtempSync(join(tmpdir(), 'later-')), '--no-trial')).said, /Backed up/)
  const restored = await panel('restore', safe)
  assert.equal(restored.code, 0, restored.said)
  assert.match(restored.said, /50 records that ended since are deleted, 31 follow the key store/)
  await open(async house => {
    const now = await picture(house, people)
    for (const id of erased) assert.equal(now.get(id), undefined)
    for (const id of people.slice(50)) if (id !== people[90]) assert.equal(now.get(id), before.get(id))
    const rows = await within(house, { by, for: 'store' }, tx =>
      tx.selectFrom('dossier').select(['id', 'expires_on', 'restricted_at', 'held_at']).execute(),
    )
    assert.equal(rows.filter(row => erased.includes(row.id)).length, 0)
    assert.equal(rows.filter(row => row.restricted_at).length, 10)
    const seen = await within(house, { by, for: 'administer the panel' }, tx =>
      tx.selectFrom('application').select('dossier_id').where('dossier_id', 'in', restricted).execute(),
    )
    assert.deepEqual(seen, [], 'a restricted record is invisible')
    clock.set('2028-01-10T03:00:00Z')
    assert.equal((await sweep(house.reach)).waits, true)
  })
  assert.equal((await panel('retention', '--resume')).code, 0)
  await open(async house => {
    assert.equal((await sweep(house.reach)).waits, false)
    const living = await picture(house, people)
    assert.deepEqual([...living.keys()].sort(), [...restricted, ...appointed, ...held].sort())
    clock.set('2026-11-24T09:00:00Z')
    await link(house)
    assert.equal((await verify(house)).ok, true)
  })
})

test('[N-72] a restore waits until the service has stopped, and names what began since the backup: a request is not lost unseen', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'backup-case-'))
  assert.equal((await panel('backup', dir, '--no-trial')).code, 0)
  clock.set('2026-11-24T09:05:00Z')
  const requester = { name: 'Late Comer', reach: '1 Road, Leeds' }
  await open(async house => {
    await within(house, rights, tx =>
      openCase(tx, house, by, { matter: 'access', channel: 'post', requester, words: 'All of it.' }),
    )
    const { said, io } = quiet()
    const code = await restoreCommand([dir], config, clock.now(), io).catch((error: Error) => {
      said.push(error.message)
      return 1
    })
    assert.equal(code, 1)
    assert.match(said.join(), /running|in use|another/i)
    assert.equal(
      (await within(house, rights, tx => tx.selectFrom('rights_case').select('reference').execute())).length,
      1,
    )
  })
  const restored = await panel('restore', dir)
  assert.equal(restored.code, 0, restored.said)
  assert.match(restored.said, /What began since the backup is not in it: 1 of kind case/)
  await open(async house => {
    assert.deepEqual(await within(house, rights, tx => tx.selectFrom('rights_case').select('reference').execute()), [])
  })
})

test('a letter that waited when the backup was made goes out after the restore, once', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'backup-letters-'))
  const one = appointed[0] ?? ''
  await open(async house => {
    await within(house, { by, for: 'administer the panel' }, tx =>
      tell(tx, house, by, one, 'withdrawn', { reference: 'RP-LAST-ONE9', deleted: '1 May 2030' }),
    )
  })
  assert.equal((await panel('backup', dir)).code, 0)
  assert.equal((await panel('restore', dir)).code, 0)
  await open(async house => {
    const jobs = await startJobs(house.database, () => {})
    await startLetters(house, jobs, enrichFor(house))
    const mails = () => readOutbox(join(dataDir, 'outbox')).filter(mail => mail.raw.includes('RP-LAST-ONE9'))
    for (let i = 0; i < 100 && !mails().length; i++) await new Promise(resolve => setTimeout(resolve, 200))
    await jobs.stop()
    assert.equal(mails().length, 1)
  })
})

test('[N-52] when the key store comes back from a copy, those who died since die again', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'backup-keys-'))
  assert.equal((await panel('backup', dir)).code, 0)
  const [leaver = '', mover = ''] = appointed
  await open(async house => {
    await erase(house.reach, by, [leaver], 'erasure request')
    await within(house, rights, tx => house.vault.moveExpiry(tx, by, [mover], '2031-01-01', 'appointed'))
  })
  assert.match((await panel('restore', dir, '--keys')).said, /The key store holds keys, and its word wins/)
  renameSync(join(dataDir, 'keys', 'keys.sqlite'), join(dataDir, 'keys', 'lost.sqlite'))
  const back = await panel('restore', dir, '--keys')
  assert.equal(back.code, 0, back.said)
  assert.match(back.said, /1 that died since died again/)
  await open(async house => {
    const record = await house.vault.record(leaver)
    assert.deepEqual([record?.state, record?.wrapped], ['tombstone', null])
    assert.equal((await house.vault.record(mover))?.expiresOn, '2031-01-01')
    assert.equal((await picture(house, [mover])).get(mover), before.get(mover))
  })
})

test('on a new machine both come back, with the files; without the master key file nothing does', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'backup-new-'))
  const [who = ''] = held
  await open(house =>
    within(house, { by, for: 'administer the panel' }, tx =>
      putFile(tx, house, by, 'panel', who, 'answers', Readable.from([Buffer.from('a sealed file')])),
    ),
  )
  assert.equal((await panel('backup', dir)).code, 0)
  for (const lost of ['keys', 'files']) renameSync(join(dataDir, lost), join(dataDir, `lost-${lost}`))
  const back = await panel('restore', dir)
  assert.equal(back.code, 0, back.said)
  await open(async house => {
    const ask = { ...rights, fields: ['answers'], related: [who] } as const
    const found = await within(house, rights, async tx => {
      const file = await openFile(tx, house, 'panel', ask, who)
      return file ? text(file) : undefined
    })
    assert.equal(found, 'a sealed file')
  })
})

test('a backup that was changed, is not there, or is another version’s is refused with one sentence', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'backup-bad-'))
  assert.match((await panel('restore', dir)).said, /There is no backup of the main data/)
  assert.match((await panel('restore', join(dir, 'nowhere'))).said, /There is no folder/)
  await panel('backup', dir, '--no-trial')
  const [file = ''] = readdirSync(join(dir, 'main')).filter(name => name.endsWith('.panel'))
  appendFileSync(join(dir, 'main', file), 'x')
  const { code, said } = await panel('restore', dir)
  assert.equal(code, 1)
  assert.match(said, /is not as it was written/)
})

test('a restore that fails at its very end changes nothing; a backup that a crash cut short is not chosen', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'backup-short-'))
  await panel('backup', dir, '--no-trial')
  const main = join(dir, 'main')
  const [kept = ''] = readdirSync(main).filter(name => name.endsWith('.json'))
  writeFileSync(join(main, '2099-01-01T00-00-00-000Z.panel'), 'the power went')
  assert.equal((await mainBackup(dir)).file, kept.replace('.json', '.panel'), 'the one that was finished is chosen')
  const manifest = JSON.parse(readFileSync(join(main, kept), 'utf8'))
  manifest.rows.certificate += 1
  writeFileSync(join(main, kept), JSON.stringify(manifest))
  const ids = [...appointed.slice(2), ...held]
  const there = await open(house => picture(house, ids))
  const { code, said } = await panel('restore', dir)
  assert.equal(code, 1)
  assert.match(said, /lacks rows of certificate/)
  await open(async house => {
    assert.deepEqual(await picture(house, ids), there)
    assert.equal((await sweep(house.reach)).waits, await sweepWaits(house), 'and no pause was left behind')
  })
})

test('a backup made while people apply, write and are erased is whole: what it brings back opens, and the rest is gone', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'backup-load-'))
  const born: string[] = []
  const dead: string[] = []
  await open(async house => {
    let isRunning = true
    const life = (async () => {
      while (isRunning) {
        const id = await within(house, { by, for: 'administer the panel' }, async tx => {
          const made = await house.vault.begin(tx, by, 'panel', '2030-01-01')
          await house.vault.put(tx, by, 'panel', made, { name: `Load ${born.length}` })
          await putFile(tx, house, by, 'panel', made, 'answers', Readable.from([Buffer.from('a sealed file')]))
          return made
        })
        born.push(id)
        if (born.length % 3 === 0) {
          await erase(house.reach, by, [id], 'erasure request')
          dead.push(id)
        }
      }
    })()
    const { said, io } = quiet()
    const code = await runCommand(['backup', dir, '--no-trial'], house, io)
    isRunning = false
    await life
    assert.equal(code, 0, said.join('\n'))
    assert.ok(born.length > 2, 'life went on meanwhile')
  })
  assert.equal((await panel('restore', dir)).code, 0)
  await open(async house => {
    const rows = await within(house, { by, for: 'store' }, tx => tx.selectFrom('dossier').select('id').execute())
    const there = new Set(rows.map(row => row.id))
    for (const id of dead) assert.ok(!there.has(id))
    const living = born.filter(id => there.has(id))
    const opened = await picture(house, living)
    for (const id of living) assert.equal(opened.get(id)?.split('|')[0], `Load ${born.indexOf(id)}`)
    assert.deepEqual(
      [...(await house.keys.read([...there])).values()].filter(one => one.state !== 'alive'),
      [],
    )
  })
})

test('[N-48] copies of the key store go after 30 days, of the main data after 35, and files with their record', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'backup-old-'))
  const copies = (folder: string) => readdirSync(join(dir, folder)).filter(name => name.endsWith('.panel')).length
  const [who = ''] = held
  await open(house =>
    within(house, { by, for: 'administer the panel' }, tx =>
      putFile(tx, house, by, 'panel', who, 'answers', Readable.from([Buffer.from('a sealed file')])),
    ),
  )
  const days = async (count: number) => {
    clock.set(new Date(clock.now().getTime() + count * 86_400_000).toISOString())
    await panel('backup', dir, '--no-trial')
    return [copies('main'), copies('keys')]
  }
  assert.deepEqual(await days(0), [1, 1])
  assert.deepEqual(await days(30), [2, 2])
  assert.ok(readdirSync(join(dir, 'files')).includes(who))
  await open(house => erase(house.reach, by, [who], 'erasure request'))
  assert.deepEqual(await days(5), [3, 2])
  const left = (path: string) => readdirSync(join(dir, 'files', path)).length
  assert.ok(!readdirSync(join(dir, 'files')).includes(who) || left(who) === 0)
  assert.deepEqual(await days(1), [3, 3])
})

const sweepWaits = (house: House) => within(house, { by, for: 'store' }, async tx => (await pauseOf(tx)) !== undefined)
