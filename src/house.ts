import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { mailedTo } from '#src/panel/correspondence/elsewhere.ts'
import { supporterQueue } from '#src/panel/correspondence/supporter.ts'
import { lettersQueue } from '#src/panel/correspondence/tell.ts'
import { batchQueue } from '#src/panel/membership/offers/batch.ts'
import { offerQueue } from '#src/panel/membership/offers/offers.ts'
import { reminderQueue } from '#src/panel/recruitment/remind.ts'
import { countBeforeEnd } from '#src/panel/representation/keep.ts'
import { addressQueue } from '#src/people/me/details/change.ts'
import { watchQueue } from '#src/people/staff/watch.ts'
import type { Clock } from '#src/platform/clock.ts'
import type { Config } from '#src/platform/config.ts'
import { type Database, type OwnerConnection, openPGlite, openPostgres } from '#src/platform/database/database.ts'
import { findMigrations, migrate } from '#src/platform/database/migrations.ts'
import { diskFiles, type FileStore, s3Files } from '#src/platform/files/store.ts'
import { migrateQueues, type Queue } from '#src/platform/jobs/jobs.ts'
import { outboxMailer, smtpMailer } from '#src/platform/mail/mailer.ts'
import type { House } from '#src/promises/house.ts'
import { dataMap } from '#src/promises/notice/datamap.ts'
import { purposes } from '#src/promises/notice/purposes.ts'
import { noticeQueue } from '#src/promises/publishing/announce.ts'
import { processorQueue } from '#src/promises/retention/elsewhere.ts'
import { sweepQueue } from '#src/promises/retention/queue.ts'
import type { Reach } from '#src/promises/retention/reach.ts'
import { copyQueue } from '#src/promises/rights/giving/given.ts'
import { writeGrants } from '#src/promises/vault/grants.ts'
import type { KeyStore } from '#src/promises/vault/keystore.ts'
import { openPostgresKeyStore } from '#src/promises/vault/keystore-postgres.ts'
import { openSqliteKeyStore } from '#src/promises/vault/keystore-sqlite.ts'
import { makeMasters, openMasters } from '#src/promises/vault/masters.ts'
import { masterKeyQueue } from '#src/promises/vault/monthly.ts'
import { createVault } from '#src/promises/vault/vault.ts'
import { partWorlds } from '#src/promises/vault/worlds.ts'

/** Every queue of every room: made by `panel migrate`. */
export const queues: Queue[] = [
  lettersQueue,
  sweepQueue,
  processorQueue,
  noticeQueue,
  reminderQueue,
  masterKeyQueue,
  offerQueue,
  batchQueue,
  watchQueue,
  addressQueue,
  supporterQueue,
  copyQueue,
]

const root = import.meta.dirname

/** Everything `panel migrate` does, in order; safe to repeat. Returns the names of the migrations applied. */
export async function migrateAll(owner: OwnerConnection): Promise<string[]> {
  const applied = await migrate(owner, findMigrations(root))
  await writeGrants(owner)
  await partWorlds(owner)
  await migrateQueues(owner, queues)
  return applied
}

/** What the migrations, the data map and the queues come to: a new value asks for `panel migrate`. */
export function fingerprint(): string {
  const parts = [findMigrations(root).map(one => one.sha256), dataMap, purposes, queues]
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex')
}

/** Opens the house: databases, keys, vault. Close what it returns. */
export async function openHouse(config: Config, clock: Clock): Promise<House & { close(): Promise<void> }> {
  const database = config.databaseUrl
    ? await openPostgres(config.databaseUrl)
    : await openPGlite(
        { dir: config.dataDir, fingerprint: fingerprint() },
        async owner => void (await migrateAll(owner)),
      )
  return furnish(config, clock, database)
}

/** The key store that the settings name: a file of its own, or a PostgreSQL database apart from the main one. */
export async function openKeyStore(config: Config): Promise<KeyStore> {
  if (config.keysDatabaseUrl) return openPostgresKeyStore(config.keysDatabaseUrl)
  return openSqliteKeyStore(join(config.dataDir, 'keys', 'keys.sqlite'))
}

/** Where sealed files lie: on this machine, or in S3. */
export function openFiles(config: Config): FileStore {
  return config.s3Url ? s3Files(config.s3Url) : diskFiles(join(config.dataDir, 'files'))
}

/** Puts the keys, the vault and the rest into a house whose database is open. */
export async function furnish(
  config: Config,
  clock: Clock,
  database: Database,
): Promise<House & { close(): Promise<void> }> {
  if (config.mode === 'demo' && !existsSync(config.masterKeyFile))
    makeMasters(config.masterKeyFile, clock.now(), { demo: true })
  const masters = openMasters(config.masterKeyFile)
  const keys = await openKeyStore(config)
  const vault = createVault(keys, masters, clock)
  const files = openFiles(config)
  const mailer = config.smtpUrl
    ? smtpMailer(config.smtpUrl, config.mailFrom)
    : outboxMailer(join(config.dataDir, 'outbox'), config.mailFrom)
  const removeFiles = async (id: string) => {
    for (const key of await files.list(`${id}/`)) await files.remove(key)
  }
  const reach: Reach = { db: database.db, keys, clock, removeFiles, heldElsewhere: mailedTo }
  const house = {
    config,
    clock,
    database,
    db: database.db,
    keys,
    masters,
    vault,
    files,
    mailer,
    reach,
    close: async () => {
      mailer.close()
      await database.close()
      await keys.close()
    },
  }
  reach.beforeEnd = () => countBeforeEnd(house)
  return house
}
