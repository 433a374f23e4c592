import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { sql } from 'kysely'
import { z } from 'zod'
import { setScope, type Tx } from '#src/platform/database/database.ts'
import { EVERY, inWorld } from '#src/platform/database/world.ts'
import { diskFiles, type FileStore } from '#src/platform/files/store.ts'
import { type House, within } from '../house.ts'
import { record } from '../ledger/ledger.ts'
import { system } from '../notice/actor.ts'
import type { KeyRecord } from '../vault/keystore.ts'
import { fingerprintOf, writeArchive } from './archive.ts'
import { askIn, keptTables, rowsOf } from './tables.ts'

const by = system('backup')
const DAY = 24 * 60 * 60_000
/** [N-48] A copy of the key store lives 30 days at most: then what was erased is unreadable everywhere. */
export const keyStoreDays = 30
/** The main data lives as long as keys without rows are kept for it (`collectStray`): an older copy opens only in part. */
export const mainDays = 35

const part = z.object({ file: z.string(), sha256: z.string(), rows: z.record(z.string(), z.number()) })
const mainManifest = part.extend({ at: z.string(), migrations: z.array(z.string()), jobs: z.number() })
const keysManifest = part.extend({ at: z.string(), master: z.string(), key: z.string() })
export type MainManifest = z.output<typeof mainManifest>
export type KeysManifest = z.output<typeof keysManifest>

/**
 * Backs everything up into a folder, while the service runs: the main data as it was at one moment, sealed files, and
 * apart from them the key store as it is just after. The main data opens with a secret of the key store, the key store's
 * copy with the master key, which is in neither. Copies of the key store older than 30 days are removed, those of the
 * main data older than 35, and the files of records that have ended.
 */
export async function backup(house: House, dir: string): Promise<{ main: MainManifest; keys: KeysManifest }> {
  const at = house.clock.now()
  const stamp = at.toISOString().replace(/[:.]/g, '-')
  for (const folder of ['main', 'keys', 'files']) mkdirSync(join(dir, folder), { recursive: true, mode: 0o700 })
  const main = await backupMain(house, dir, stamp, at)
  await copyFiles(house.files, diskFiles(join(dir, 'files')))
  const keys = await backupKeys(house, dir, stamp, at)
  for (const [folder, days] of [
    ['keys', keyStoreDays],
    ['main', mainDays],
  ] as const)
    for (const old of manifestsIn(dir, folder, part.extend({ at: z.string() })))
      if (at.getTime() - Date.parse(old.at) > days * DAY) removeBackup(dir, folder, old.file)
  await forgetFiles(house, diskFiles(join(dir, 'files')))
  await within(house, { by, for: 'store' }, tx =>
    record(tx, { actor: by.id, role: 'system', purpose: 'store', act: 'backed up', detail: { stamp }, at }),
  )
  return { main, keys }
}

async function backupMain(house: House, dir: string, stamp: string, at: Date): Promise<MainManifest> {
  const file = `${stamp}.panel`
  const rows: Record<string, number> = {}
  const key = await house.vault.secret('backup')
  let migrations: string[] = []
  let jobs = 0
  async function* lines(tx: Tx): AsyncGenerator<string> {
    const ask = askIn(tx)
    const applied = await ask<{ number: string }>('select number from migration order by number')
    migrations = applied.map(one => one.number)
    for (const table of await keptTables(ask)) {
      rows[table.name] = 0
      yield JSON.stringify({ table: table.name, columns: table.columns })
      for await (const row of rowsOf(tx, table)) {
        rows[table.name] = (rows[table.name] ?? 0) + 1
        yield row
      }
    }
    const waiting = await ask<{ name: string; id: string; after: string }>(
      `select name, data->>'id' as id, to_json(start_after) #>> '{}' as after from pgboss.job
       where state in ('created', 'retry', 'active') and data->>'id' <> 'due'`,
    )
    jobs = waiting.length
    yield JSON.stringify({ jobs: waiting })
  }
  const sha256 = await house.db
    .transaction()
    .setIsolationLevel('repeatable read')
    .execute(async tx => {
      await inWorld(EVERY, () => setScope(tx, { actor: by.id, purpose: 'store' }))
      await sql`set local statement_timeout = 0`.execute(tx)
      return writeArchive(dir, `main/${file}`, key, lines(tx))
    })
  const manifest = { file, sha256, rows, at: at.toISOString(), migrations, jobs }
  writeManifest(dir, 'main', manifest)
  return manifest
}

async function backupKeys(house: House, dir: string, stamp: string, at: Date): Promise<KeysManifest> {
  const file = `${stamp}.panel`
  const fresh = randomBytes(32)
  const { wrapped, master } = house.masters.wrap(`backup/keys/${file}`, fresh)
  const rows = { key: 0, secret: 0 }
  async function* lines(): AsyncGenerator<string> {
    for (let after = ''; ; ) {
      const page = await house.keys.page(after, 1000)
      for (const one of page) yield JSON.stringify({ key: packed(one) })
      rows.key += page.length
      const last = page.at(-1)
      if (!last) break
      after = last.id
    }
    for (const name of await house.keys.secretNames()) {
      const secret = await house.keys.secret(name)
      if (!secret) continue
      rows.secret++
      yield JSON.stringify({ secret: { name, wrapped: secret.wrapped.toString('base64'), master: secret.master } })
    }
  }
  const sha256 = await writeArchive(dir, `keys/${file}`, fresh, lines())
  const manifest = { file, sha256, rows, at: at.toISOString(), master, key: wrapped.toString('base64') }
  writeManifest(dir, 'keys', manifest)
  return manifest
}

function packed(one: KeyRecord): object {
  const base64 = (bytes: Buffer | null) => bytes?.toString('base64') ?? null
  return {
    ...one,
    wrapped: base64(one.wrapped),
    wrappedSpecial: base64(one.wrappedSpecial),
    emailHash: base64(one.emailHash),
  }
}

/**
 * Sealed files as they lie there; what is copied already, and did not change its size, is not copied again. A file whose
 * record ends meanwhile is passed by.
 */
export async function copyFiles(from: FileStore, to: FileStore, wanted: (key: string) => boolean = () => true) {
  for (const key of (await from.list('')).filter(wanted)) {
    const size = await from.size(key)
    if (!size || (await to.size(key)) === size) continue
    try {
      await to.put(key, await from.get(key, 0, size - 1))
    } catch (error) {
      if ((await from.size(key)) !== undefined) throw error
      await to.remove(key)
    }
  }
}

/** Removes copies of files whose record has ended: no restore gives them back. */
async function forgetFiles(house: House, copies: FileStore): Promise<void> {
  const all = await copies.list('')
  const owner = (key: string) => key.split('/', 1)[0] ?? ''
  const owners = [...new Set(all.map(owner))].filter(id => z.uuid().safeParse(id).success)
  const records = await house.keys.read(owners)
  const ended = new Set(owners.filter(id => records.get(id)?.state !== 'alive'))
  for (const key of all) if (ended.has(owner(key))) await copies.remove(key)
}

function writeManifest(dir: string, folder: 'main' | 'keys', manifest: { file: string }): void {
  const path = join(dir, folder, manifest.file.replace(/\.panel$/, '.json'))
  writeFileSync(path, `${JSON.stringify(manifest, null, 2)}\n`, { mode: 0o600, flush: true })
}

function manifestsIn<T>(dir: string, folder: 'main' | 'keys', shape: z.ZodType<T>): T[] {
  const path = join(dir, folder)
  if (!existsSync(path)) return []
  const names = readdirSync(path).filter(name => name.endsWith('.json'))
  return names.sort().map(name => shape.parse(JSON.parse(readFileSync(join(path, name), 'utf8'))))
}

function removeBackup(dir: string, folder: 'main' | 'keys', file: string): void {
  rmSync(join(dir, folder, file), { force: true })
  rmSync(join(dir, folder, file.replace(/\.panel$/, '.json')), { force: true })
}

/** A backup that is not there, was changed, or cannot be used here; the message says what to do. */
export class BackupFault extends Error {}

/** The newest backup of the main data in a folder, or the one of `stamp`, its file as it was written. */
export async function mainBackup(dir: string, stamp?: string): Promise<MainManifest> {
  return chosen(dir, 'main', manifestsIn(dir, 'main', mainManifest), stamp)
}

/** The newest backup of the key store in a folder, or the one of `stamp`, its file as it was written. */
export async function keysBackup(dir: string, stamp?: string): Promise<KeysManifest> {
  return chosen(dir, 'keys', manifestsIn(dir, 'keys', keysManifest), stamp)
}

async function chosen<T extends { file: string; sha256: string }>(
  dir: string,
  folder: 'main' | 'keys',
  all: T[],
  stamp: string | undefined,
): Promise<T> {
  const one = stamp ? all.find(each => each.file === `${stamp}.panel`) : all.at(-1)
  const what = folder === 'main' ? 'main data' : 'key store'
  if (!one) throw new BackupFault(`There is no backup of the ${what}${stamp ? ` of ${stamp}` : ''} in ${dir}.`)
  const path = join(dir, folder, one.file)
  if (!existsSync(path) || (await fingerprintOf(dir, `${folder}/${one.file}`)) !== one.sha256)
    throw new BackupFault(`The backup ${path} is not as it was written: use another one.`)
  return one
}
