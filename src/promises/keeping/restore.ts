import { join } from 'node:path'
import { z } from 'zod'
import type { OwnerConnection } from '#src/platform/database/database.ts'
import { diskFiles, type FileStore } from '#src/platform/files/store.ts'
import { insertJobsAsOwner } from '#src/platform/jobs/jobs.ts'
import { kinds } from '../notice/datamap.ts'
import { secret } from '../vault/keys.ts'
import type { KeyRecord, KeyStore } from '../vault/keystore.ts'
import type { Masters } from '../vault/masters.ts'
import { readArchive } from './archive.ts'
import { BackupFault, copyFiles, keysBackup, type MainManifest, mainBackup } from './backup.ts'
import { type Reconciled, replayDeaths, takeTheWordOf } from './reconcile.ts'
import { goOn, type KeptTable, keptTables, putRows, quoted } from './tables.ts'

const PAGE = 2000
const headLine = z.object({ table: z.string(), columns: z.array(z.string()) })
const jobsLine = z.object({ jobs: z.array(z.object({ name: z.string(), id: z.string(), after: z.string() })) })

/** What a restore works on: the database as its owner, migrated; the key store; the files. */
export interface Ground {
  owner: OwnerConnection
  keys: KeyStore
  masters: Masters
  files: FileStore
  now: Date
}

/**
 * Puts the main data of a backup in place of what is there, in one transaction: rows, waiting jobs, and over them the
 * key store's word, so that nobody can sign in before it holds. What was erased since is gone; dates, holds and
 * restrictions are today's; the sweep waits for a person.
 */
export async function restoreMain(ground: Ground, dir: string, stamp?: string): Promise<MainManifest & Reconciled> {
  const { owner, keys, now } = ground
  const manifest = await mainBackup(dir, stamp)
  await sameProgram(owner, manifest)
  await owner.exec('begin')
  try {
    await owner.query(
      `select set_config('panel.purpose', 'store', true), set_config('panel.actor', 'system:restore', true),
        set_config('panel.world', '*', true)`,
    )
    const tables = await keptTables(text => owner.query(text))
    await owner.exec(`truncate ${tables.map(table => quoted(table.name)).join(', ')}`)
    await owner.exec(`delete from pgboss.job where data->>'id' <> 'due'`)
    await load(owner, tables, manifest, readArchive(dir, `main/${manifest.file}`, await mainKey(ground)))
    await replayDeaths(keys, text => owner.query(text), now)
    const reconciled = await takeTheWordOf(keys, owner, now, manifest.at)
    await owner.exec('commit')
    const alive = await livingIn(keys)
    await copyFiles(diskFiles(join(dir, 'files')), ground.files, key => alive.has(key.split('/', 1)[0] ?? ''))
    return { ...manifest, ...reconciled }
  } catch (error) {
    await owner.exec('rollback')
    throw error
  }
}

/** Reads a backup into an empty migrated database and counts what arrived: whether it could be restored. */
export async function tryMain(
  ground: Omit<Ground, 'files' | 'now'>,
  dir: string,
  stamp?: string,
): Promise<MainManifest> {
  const manifest = await mainBackup(dir, stamp)
  await sameProgram(ground.owner, manifest)
  const tables = await keptTables(text => ground.owner.query(text))
  await ground.owner.exec('begin')
  await ground.owner.query(`select set_config('panel.purpose', 'store', true), set_config('panel.world', '*', true)`)
  await load(ground.owner, tables, manifest, readArchive(dir, `main/${manifest.file}`, await mainKey(ground)))
  await ground.owner.exec('rollback')
  return manifest
}

/** Puts a copy of the key store into an empty one. Its records are then held against the main data's certificates. */
export async function restoreKeys(
  { keys, masters }: Pick<Ground, 'keys' | 'masters'>,
  dir: string,
  stamp?: string,
): Promise<{ at: string; count: number }> {
  if ((await keys.page('', 1)).length)
    throw new BackupFault('The key store holds keys, and its word wins: move it away first to bring an older one back.')
  const manifest = await keysBackup(dir, stamp)
  const key = masters.unwrap(`backup/keys/${manifest.file}`, Buffer.from(manifest.key, 'base64'), manifest.master)
  let count = 0
  let held: KeyRecord[] = []
  const flush = async () => {
    await keys.insert(held)
    count += held.length
    held = []
  }
  for await (const line of readArchive(dir, `keys/${manifest.file}`, key)) {
    const one = keysLine.parse(JSON.parse(line))
    if ('key' in one) held.push(one.key)
    else await keys.putSecret(one.secret.name, one.secret.wrapped, one.secret.master)
    if (held.length >= PAGE) await flush()
  }
  await flush()
  return { at: manifest.at, count }
}

async function load(
  owner: OwnerConnection,
  tables: readonly KeptTable[],
  manifest: MainManifest,
  lines: AsyncIterable<string>,
): Promise<void> {
  let table: KeptTable | undefined
  let rows: string[] = []
  const counted: Record<string, number> = {}
  const flush = async () => {
    if (!table || !rows.length) return
    await putRows(owner, table, rows)
    counted[table.name] = (counted[table.name] ?? 0) + rows.length
    rows = []
  }
  for await (const line of lines) {
    const head = line.startsWith('{"table":') ? headLine.safeParse(JSON.parse(line)) : undefined
    const jobs = line.startsWith('{"jobs":') ? jobsLine.safeParse(JSON.parse(line)) : undefined
    if (head?.success) {
      await flush()
      table = tables.find(one => one.name === head.data.table)
    } else if (jobs?.success) {
      await flush()
      for (const { name, id, after } of jobs.data.jobs) await insertJobsAsOwner(owner, name, id, new Date(after))
    } else {
      rows.push(line)
      if (rows.length >= PAGE) await flush()
    }
  }
  for (const [name, count] of Object.entries(manifest.rows))
    if ((counted[name] ?? 0) !== count) throw new BackupFault(`The backup lacks rows of ${name}: use another one.`)
  for (const one of tables) await goOn(owner, one)
}

async function mainKey({ keys, masters }: Pick<Ground, 'keys' | 'masters'>): Promise<Buffer> {
  if (!(await keys.secret('backup')))
    throw new BackupFault('This key store does not open the backup: restore the key store that belongs to it first.')
  return secret(keys, masters, 'backup')
}

async function sameProgram(owner: OwnerConnection, manifest: MainManifest): Promise<void> {
  const rows = await owner.query<{ number: string }>('select number from migration order by number')
  const here = rows.map(row => row.number).join(' ')
  if (here !== manifest.migrations.join(' '))
    throw new BackupFault(
      'The backup was made by another version of the program: restore it with that version, then run ./panel migrate.',
    )
}

async function livingIn(keys: KeyStore): Promise<Set<string>> {
  const alive = new Set<string>()
  for (let after = ''; ; ) {
    const page = await keys.page(after, 2000)
    for (const one of page) if (one.state === 'alive') alive.add(one.id)
    const last = page.at(-1)
    if (!last) return alive
    after = last.id
  }
}

const bytes = z.string().transform(text => Buffer.from(text, 'base64'))
const keysLine = z.union([
  z.object({
    key: z.object({
      id: z.uuid(),
      kind: z.enum(kinds),
      state: z.enum(['alive', 'tombstone']),
      expiresOn: z.string(),
      held: z.boolean(),
      restricted: z.boolean(),
      master: z.string(),
      wrapped: bytes.nullable(),
      wrappedSpecial: bytes.nullable(),
      emailHash: bytes.nullable(),
      bornAt: z.string(),
      diedAt: z.string().nullable(),
    }),
  }),
  z.object({ secret: z.object({ name: z.string(), wrapped: bytes, master: z.string() }) }),
])
