import { randomUUID } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after } from 'node:test'
import pg from 'pg'
import { fingerprint, furnish, migrateAll } from '#src/house.ts'
import { type Config, readConfig } from '#src/platform/config.ts'
import {
  type Database,
  openPGlite,
  openPostgres,
  openPostgresOwner,
  RUNTIME_ROLE,
} from '#src/platform/database/database.ts'
import { createDatabase, databaseUrl, startPostgres } from './postgres.ts'

const cache = join(import.meta.dirname, '..', '.cache')

export interface TestClock {
  now(): Date
  set(iso: string): void
}

/** A clock that stands still until a test sets it. */
export function standing(iso: string): TestClock {
  let at = new Date(iso)
  return {
    now: () => new Date(at),
    set: next => {
      at = new Date(next)
    },
  }
}

/** The real house on a fresh database: PGlite, or PostgreSQL where the test run asks for it. Closed after the tests. */
export async function testHouse({ now = '2026-11-23T09:00:00Z', oidc }: { now?: string; oidc?: Config['oidc'] } = {}) {
  const dir = mkdtempSync(join(tmpdir(), 'panelkeeper-'))
  const config: Config = { ...readConfig({ DATA_DIR: dir }), ...(oidc ? { oidc } : {}) }
  const clock = standing(now)
  const isPGlite = process.env.TEST_DATABASE === 'pglite'
  const ownerUrl = isPGlite ? '' : await freshPostgres()
  const database = isPGlite ? await freshPGlite() : await openRuntime(ownerUrl)
  const house = await furnish(config, clock, database)
  after(async () => {
    await house.close()
    rmSync(dir, { recursive: true, force: true })
  })
  return { ...house, clock, dir, ownerUrl }
}

/** Opens a database as the service does: under the runtime role. */
export function openRuntime(ownerUrl: string): Promise<Database> {
  return openPostgres(databaseUrl(ownerUrl, new URL(ownerUrl).pathname.slice(1), RUNTIME_ROLE))
}

let own: Promise<string> | undefined

/** A fresh migrated PostgreSQL database; returns its owner's address. */
export async function freshPostgres(): Promise<string> {
  own ??= serverForThisFile()
  const server = await own
  const template = `panel_${fingerprint().slice(0, 16)}`
  await makeTemplate(server, template)
  return createDatabase(server, `test_${randomUUID()}`, template)
}

async function serverForThisFile(): Promise<string> {
  if (process.env.TEST_POSTGRES_URL) return process.env.TEST_POSTGRES_URL
  const server = await startPostgres()
  after(() => server.stop())
  return server.url
}

/** Several test files begin at once: the first makes the template, the others wait for it. */
async function makeTemplate(server: string, name: string): Promise<void> {
  const gate = new pg.Client({ connectionString: server })
  await gate.connect()
  try {
    await gate.query('select pg_advisory_lock(1)')
    const { rowCount } = await gate.query('select from pg_database where datname = $1', [name])
    if (rowCount) return
    const url = await createDatabase(server, `${name}_making`)
    const owner = await openPostgresOwner(url)
    await migrateAll(owner)
    await owner.close()
    await gate.query(`alter database "${name}_making" rename to "${name}"`)
  } finally {
    await gate.end()
  }
}

async function freshPGlite(): Promise<Database> {
  const print = fingerprint()
  const path = join(cache, `template-${print.slice(0, 16)}.tar`)
  if (!existsSync(path)) {
    mkdirSync(cache, { recursive: true })
    const made = await openPGlite({ fingerprint: print }, async owner => void (await migrateAll(owner)))
    // Several test files begin at once: each writes a file of its own, and the last one to finish gives it the name.
    writeFileSync(`${path}.${process.pid}`, Buffer.from(await (await made.dump()).arrayBuffer()))
    renameSync(`${path}.${process.pid}`, path)
    await made.close()
  }
  // Read whole: a blob of the file itself could not be read any more once another file's template takes its name.
  const template = new Blob([readFileSync(path)])
  return openPGlite({ fingerprint: print, template, migrated: true }, async () => {})
}
