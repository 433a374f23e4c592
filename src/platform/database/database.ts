import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import { Kysely, PGliteDialect, PostgresDialect, sql, type Transaction } from 'kysely'
import pg from 'pg'
import { fromPglite, type Db as JobConnection } from 'pg-boss'
import { type Lock, lockFolder } from './lock.ts'
import type { Tables } from './tables.ts'
import { CONNECT_MS, refuseOldServer, whyNoDatabase } from './unreachable.ts'
import { worldNow } from './world.ts'

export type Db = Kysely<Tables>
export type Tx = Transaction<Tables>

/** The runtime role: neither owner nor superuser, so that row-level security binds it. */
export const RUNTIME_ROLE = 'panel_app'

/** An open database under the runtime role. */
export interface Database {
  db: Db
  engine: 'pglite' | 'postgres'
  /** The connection pg-boss works on. */
  forJobs: JobConnection
  close(): Promise<void>
}

/** What the owner's connection can do: several statements at once, for migrations alone. */
export interface OwnerConnection {
  engine: 'pglite' | 'postgres'
  query<Row>(text: string, values?: unknown[]): Promise<Row[]>
  exec(text: string): Promise<void>
  forJobs: JobConnection
  close(): Promise<void>
}

const count = { parse: (text: string) => Number(text) }
pg.types.setTypeParser(20, count.parse)
pg.types.setTypeParser(1082, text => text)
const pgliteParsers = {
  17: (hex: string) => Buffer.from(hex.slice(2), 'hex'),
  20: count.parse,
  1082: (text: string) => text,
}

/** Opens PostgreSQL at `url` under the role the address names. */
export async function openPostgres(url: string, { connections = 12 } = {}): Promise<Database> {
  const pool = new pg.Pool({
    connectionString: url,
    max: connections,
    application_name: 'panelkeeper',
    connectionTimeoutMillis: CONNECT_MS,
  })
  pool.on('error', () => {}) // a dropped idle connection: the next query opens another, and /health says when none can be had
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) })
  const { rows } = await sql<{ version: number }>`select current_setting('server_version_num')::int as version`
    .execute(db)
    .catch(error => Promise.reject(whyNoDatabase('DATABASE_URL', url, error)))
  refuseOldServer('DATABASE_URL', rows[0]?.version ?? 0)
  const forJobs: JobConnection = {
    executeSql: async (text, values) => {
      const result: unknown = await pool.query(text, values)
      const results = Array.isArray(result) ? result : [result]
      return { rows: results.flatMap(one => one.rows ?? []) }
    },
  }
  return { db, engine: 'postgres', forJobs, close: () => db.destroy() }
}

/** Opens the owner's connection to PostgreSQL. */
export async function openPostgresOwner(url: string): Promise<OwnerConnection> {
  const client = new pg.Client({
    connectionString: url,
    application_name: 'panelkeeper migrate',
    connectionTimeoutMillis: CONNECT_MS,
  })
  await client.connect().catch(error => Promise.reject(whyNoDatabase('OWNER_DATABASE_URL', url, error)))
  const run = async (text: string, values?: unknown[]) => {
    const result: unknown = await client.query(text, values)
    return (Array.isArray(result) ? result : [result]).flatMap(one => one.rows ?? [])
  }
  return {
    engine: 'postgres',
    query: run,
    exec: async text => void (await run(text)),
    forJobs: { executeSql: async (text, values) => ({ rows: await run(text, values) }) },
    close: () => client.end(),
  }
}

export interface PGliteOptions {
  /** Where the database lives; undefined keeps it in memory. */
  dir?: string
  /** A dump to begin with (tests start from a migrated template). */
  template?: Blob
  /**
   * What the migrations come to. A folder (or template) that was migrated to the same fingerprint is opened under the
   * runtime role at once, which saves the owner's opening on every later start.
   */
  fingerprint: string
}

/**
 * Opens PGlite twice in turn: as its owner for `migrate`, then as the runtime role, because its first user is a
 * superuser whom row-level security does not bind. The folder is locked first: PGlite does not lock it, and a second
 * process would silently lose what the first wrote.
 */
export async function openPGlite(
  options: PGliteOptions & { migrated?: boolean },
  migrate: (owner: OwnerConnection) => Promise<void>,
): Promise<Database & { pglite: PGlite; dump(): Promise<Blob> }> {
  const lock: Lock | undefined = options.dir ? lockFolder(options.dir) : undefined
  const dataDir = options.dir ? join(options.dir, 'database') : undefined
  const mark = options.dir ? join(options.dir, 'database.migrated') : undefined
  try {
    if (dataDir) mkdirSync(dataDir, { recursive: true, mode: 0o700 })
    let template = options.template
    if (!options.migrated && !(mark && readMark(mark) === options.fingerprint)) {
      const owner = await PGlite.create({
        ...(dataDir ? { dataDir } : {}),
        ...(template ? { loadDataDir: template } : {}),
        parsers: pgliteParsers,
      })
      await migrate(pgliteOwner(owner))
      if (!dataDir) template = await owner.dumpDataDir('none')
      await owner.close()
      if (mark) writeFileSync(mark, options.fingerprint)
    }
    const pglite = await PGlite.create({
      ...(dataDir ? { dataDir } : {}),
      ...(template ? { loadDataDir: template } : {}),
      username: RUNTIME_ROLE,
      parsers: pgliteParsers,
    })
    const db = new Kysely<Tables>({ dialect: new PGliteDialect({ pglite }) })
    return {
      db,
      engine: 'pglite',
      pglite,
      forJobs: fromPglite(pglite),
      dump: () => pglite.dumpDataDir('none'),
      close: async () => {
        await db.destroy()
        if (!pglite.closed) await pglite.close()
        lock?.release()
      },
    }
  } catch (error) {
    lock?.release()
    throw error
  }
}

function readMark(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}

function pgliteOwner(pglite: PGlite): OwnerConnection {
  return {
    engine: 'pglite',
    query: async <Row>(text: string, values?: unknown[]) => (await pglite.query<Row>(text, values)).rows,
    exec: async text => void (await pglite.exec(text)),
    forJobs: fromPglite(pglite),
    close: () => pglite.close(),
  }
}

/** Who acts, and what for: set for the length of a transaction, read by row-level security. */
export interface Scope {
  actor: string
  purpose: string
}

/** Runs `work` in one transaction under a scope; everything in it happens, or nothing. */
export function transaction<T>(db: Db, scope: Scope, work: (tx: Tx) => Promise<T>): Promise<T> {
  return db.transaction().execute(async tx => {
    await setScope(tx, scope)
    return work(tx)
  })
}

/** Sets the scope of the running transaction, and the world that it happens in. */
export async function setScope(tx: Tx, { actor, purpose }: Scope): Promise<void> {
  await sql`select set_config('panel.actor', ${actor}, true), set_config('panel.purpose', ${purpose}, true),
    set_config('panel.world', ${worldNow()}, true)`.execute(tx)
}

/** Runs `work` for another purpose than the transaction's own, then goes back to it. */
export async function forPurpose<T>(tx: Tx, purpose: string, work: () => Promise<T>): Promise<T> {
  const before = await sql<{ purpose: string | null }>`
    select current_setting('panel.purpose', true) as purpose, set_config('panel.purpose', ${purpose}, true)`.execute(tx)
  const result = await work()
  await sql`select set_config('panel.purpose', ${before.rows[0]?.purpose ?? ''}, true)`.execute(tx)
  return result
}
