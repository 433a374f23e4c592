import pg from 'pg'
import { CONNECT_MS, whyNoDatabase } from '#src/platform/database/unreachable.ts'
import { kinds } from '../notice/datamap.ts'
import type { KeyRecord, KeyStore } from './keystore.ts'

const schema = `
  select pg_advisory_xact_lock(7205318);
  create table if not exists key (
    id uuid primary key, kind text not null, state text not null, expires_on text not null,
    held boolean not null, restricted boolean not null, master text not null,
    wrapped bytea, wrapped_special bytea, email_hash bytea, born_at text not null, died_at text);
  create index if not exists key_email on key (email_hash) where email_hash is not null;
  create index if not exists key_expires on key (expires_on) where state = 'alive';
  create table if not exists secret (name text primary key, wrapped bytea not null, master text not null);`
const PAGE = 5000

/**
 * The key store in a PostgreSQL database of its own, apart from the main one and its backups, for several machines.
 * What a destroyed key leaves in that server's free pages and log is wrapped by a master key: the monthly rotation ends
 * it (see the decision on key stores).
 */
export async function openPostgresKeyStore(url: string): Promise<KeyStore> {
  const pool = new pg.Pool({
    connectionString: url,
    max: 6,
    application_name: 'panelkeeper keys',
    connectionTimeoutMillis: CONNECT_MS,
  })
  pool.on('error', () => {}) // a dropped idle connection: the next query opens another
  await pool.query(schema).catch(error => Promise.reject(whyNoDatabase('KEYS_DATABASE_URL', url, error)))
  const run = async (text: string, values: unknown[] = []) => (await pool.query(text, values)).rows
  const inPages = async <T>(all: readonly T[], work: (page: readonly T[]) => Promise<unknown>) => {
    for (let from = 0; from < all.length; from += PAGE) await work(all.slice(from, from + PAGE))
  }
  return {
    insert: records =>
      inPages(records, page =>
        run(
          `insert into key select * from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::boolean[],
             $6::boolean[], $7::text[], $8::bytea[], $9::bytea[], $10::bytea[], $11::text[], $12::text[])`,
          columnsOf(page),
        ),
      ),
    read: async ids => {
      const found = new Map<string, KeyRecord>()
      await inPages(ids, async page => {
        for (const row of await run('select * from key where id = any($1::uuid[])', [page.filter(isUuid)]))
          found.set(row.id, recordOf(row))
      })
      return found
    },
    findByEmailHash: async hash =>
      (await run(`select id from key where email_hash = $1 and state = 'alive' order by born_at`, [hash])).map(
        row => row.id,
      ),
    setEmailHashes: all =>
      inPages(all, page =>
        run(
          `update key set email_hash = n.hash from unnest($1::uuid[], $2::bytea[]) as n (id, hash)
           where key.id = n.id and state = 'alive'`,
          [page.map(one => one.id), page.map(one => one.hash)],
        ),
      ),
    setExpiry: (ids, expiresOn) =>
      inPages(ids, page => run('update key set expires_on = $2 where id = any($1::uuid[])', [page, expiresOn])),
    setHeld: async (id, held) => void (await run('update key set held = $2 where id = $1', [id, held])),
    setRestricted: async (id, restricted) =>
      void (await run('update key set restricted = $2 where id = $1', [id, restricted])),
    expired: async (today, limit) =>
      (
        await run(
          `select id, kind from key where state = 'alive' and not held and expires_on <= $1 order by expires_on limit $2`,
          [today, limit],
        )
      ).map(row => ({ id: row.id, kind: kindOf(row.kind) })),
    tombstone: (ids, at) =>
      inPages(ids, page =>
        run(
          `update key set state = 'tombstone', died_at = coalesce(died_at, $2)
           where id = any($1::uuid[]) and (state <> 'tombstone' or died_at is null)`,
          [page, at.toISOString()],
        ),
      ),
    tombstoneDue: async (ids, today, at) => {
      const died: string[] = []
      await inPages(ids, async page => {
        const rows = await run(
          `update key set state = 'tombstone', died_at = $2
           where id = any($1::uuid[]) and state = 'alive' and not held and expires_on <= $3 returning id`,
          [page, at.toISOString(), today],
        )
        died.push(...rows.map(row => String(row.id)))
      })
      return died
    },
    destroyKeys: ids =>
      inPages(ids, page =>
        run(
          `update key set wrapped = null, wrapped_special = null, email_hash = null
           where id = any($1::uuid[]) and state = 'tombstone'
             and num_nonnulls(wrapped, wrapped_special, email_hash) > 0`,
          [page],
        ),
      ),
    page: async (after, limit) => {
      const from = after === '' ? '00000000-0000-0000-0000-000000000000' : after
      return (await run('select * from key where id > $1::uuid order by id limit $2', [from, limit])).map(recordOf)
    },
    rewrap: async r =>
      void (await run(
        `update key set master = $2, wrapped = $3, wrapped_special = $4 where id = $1 and state = 'alive'`,
        [r.id, r.master, r.wrapped, r.wrappedSpecial],
      )),
    counts: async today => {
      const [row] = await run(
        `select count(*) filter (where state = 'alive') as alive,
           count(*) filter (where state = 'tombstone') as tombstones,
           count(*) filter (where state = 'alive' and not held and expires_on <= $1) as overdue from key`,
        [today],
      )
      return { alive: Number(row.alive), tombstones: Number(row.tombstones), overdue: Number(row.overdue) }
    },
    secret: async name => {
      const [row] = await run('select wrapped, master from secret where name = $1', [name])
      return row && { wrapped: row.wrapped, master: row.master }
    },
    putSecret: async (name, wrapped, master) =>
      void (await run(
        `insert into secret values ($1, $2, $3)
         on conflict (name) do update set wrapped = excluded.wrapped, master = excluded.master`,
        [name, wrapped, master],
      )),
    secretNames: async () => (await run('select name from secret order by name')).map(row => row.name),
    check: async () => void (await run('select 1 from secret limit 1')),
    close: () => pool.end(),
  }
}

function columnsOf(page: readonly KeyRecord[]): unknown[] {
  const column = <K extends keyof KeyRecord>(name: K) => page.map(one => one[name])
  return [
    column('id'),
    column('kind'),
    column('state'),
    column('expiresOn'),
    column('held'),
    column('restricted'),
    column('master'),
    column('wrapped'),
    column('wrappedSpecial'),
    column('emailHash'),
    column('bornAt'),
    column('diedAt'),
  ]
}

interface Row {
  id: string
  kind: string
  state: string
  expires_on: string
  held: boolean
  restricted: boolean
  master: string
  wrapped: Buffer | null
  wrapped_special: Buffer | null
  email_hash: Buffer | null
  born_at: string
  died_at: string | null
}

function recordOf(row: Row): KeyRecord {
  return {
    id: row.id,
    kind: kindOf(row.kind),
    state: row.state === 'alive' ? 'alive' : 'tombstone',
    expiresOn: row.expires_on,
    held: row.held,
    restricted: row.restricted,
    master: row.master,
    wrapped: row.wrapped,
    wrappedSpecial: row.wrapped_special,
    emailHash: row.email_hash,
    bornAt: row.born_at,
    diedAt: row.died_at,
  }
}

function isUuid(id: string): boolean {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id)
}

function kindOf(value: string) {
  const kind = kinds.find(one => one === value)
  if (!kind) throw new Error('The key store holds a kind of dossier that this version does not know.')
  return kind
}
