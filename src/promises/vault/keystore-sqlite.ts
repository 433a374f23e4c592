import { chmodSync, mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync, type SQLOutputValue } from 'node:sqlite'
import { kinds } from '../notice/datamap.ts'
import type { KeyRecord, KeyStore } from './keystore.ts'

const schema = `
  create table if not exists key (
    id text primary key, kind text not null, state text not null, expires_on text not null,
    held integer not null, restricted integer not null, master text not null,
    wrapped blob, wrapped_special blob, email_hash blob, born_at text not null, died_at text);
  create index if not exists key_email on key (email_hash) where email_hash is not null;
  create index if not exists key_expires on key (expires_on) where state = 'alive';
  create table if not exists secret (name text primary key, wrapped blob not null, master text not null);`

/**
 * The key store in one SQLite file. `journal_mode=DELETE` and `secure_delete=ON`: a deleted key is overwritten in the
 * file and lives on in no journal.
 */
export function openSqliteKeyStore(path: string): KeyStore {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  const db = new DatabaseSync(path)
  db.exec('pragma busy_timeout=10000; pragma journal_mode=DELETE; pragma secure_delete=ON; pragma synchronous=EXTRA')
  db.exec(schema)
  chmodSync(path, 0o600)
  const prepare = (text: string) => db.prepare(text)
  const insert = prepare('insert into key values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)')
  // One statement takes the lock on the file once, however many are read.
  const readMany = prepare('select * from key where id in (select value from json_each(?))')
  const inTransaction = (work: () => void) => {
    db.exec('begin immediate')
    try {
      work()
      db.exec('commit')
    } catch (error) {
      if (db.isTransaction) db.exec('rollback') // a full disk has rolled it back already
      throw error
    }
  }
  return {
    insert: async records =>
      inTransaction(() => {
        for (const r of records)
          insert.run(
            r.id,
            r.kind,
            r.state,
            r.expiresOn,
            +r.held,
            +r.restricted,
            r.master,
            r.wrapped,
            r.wrappedSpecial,
            r.emailHash,
            r.bornAt,
            r.diedAt,
          )
      }),
    read: async ids => new Map(readMany.all(JSON.stringify(ids)).map(row => [String(row.id), recordOf(row)])),
    findByEmailHash: async hash =>
      prepare(`select id from key where email_hash = ? and state = 'alive' order by born_at`)
        .all(hash)
        .map(row => String(row.id)),
    setEmailHashes: async all =>
      inTransaction(() => {
        const update = prepare(`update key set email_hash = ? where id = ? and state = 'alive'`)
        for (const { id, hash } of all) update.run(hash, id)
      }),
    setExpiry: async (ids, expiresOn) =>
      inTransaction(() => {
        const update = prepare('update key set expires_on = ? where id = ?')
        for (const id of ids) update.run(expiresOn, id)
      }),
    setHeld: async (id, held) => void prepare('update key set held = ? where id = ?').run(+held, id),
    setRestricted: async (id, restricted) =>
      void prepare('update key set restricted = ? where id = ?').run(+restricted, id),
    expired: async (today, limit) =>
      prepare(
        `select id, kind from key where state = 'alive' and not held and expires_on <= ? order by expires_on limit ?`,
      )
        .all(today, limit)
        .map(row => ({ id: String(row.id), kind: kindOf(row.kind) })),
    tombstone: async (ids, at) =>
      inTransaction(() => {
        const die = prepare(`update key set state = 'tombstone', died_at = coalesce(died_at, ?) where id = ?`)
        for (const id of ids) die.run(at.toISOString(), id)
      }),
    tombstoneDue: async (ids, today, at) => {
      const died: string[] = []
      inTransaction(() => {
        const die = prepare(`update key set state = 'tombstone', died_at = ?
          where id = ? and state = 'alive' and not held and expires_on <= ?`)
        for (const id of ids) if (die.run(at.toISOString(), id, today).changes) died.push(id)
      })
      return died
    },
    destroyKeys: async ids =>
      inTransaction(() => {
        const destroy = prepare(
          `update key set wrapped = null, wrapped_special = null, email_hash = null where id = ? and state = 'tombstone'`,
        )
        for (const id of ids) destroy.run(id)
      }),
    page: async (after, limit) =>
      prepare('select * from key where id > ? order by id limit ?').all(after, limit).map(recordOf),
    rewrap: async r =>
      void prepare(`update key set master = ?, wrapped = ?, wrapped_special = ? where id = ? and state = 'alive'`).run(
        r.master,
        r.wrapped,
        r.wrappedSpecial,
        r.id,
      ),
    counts: async today => {
      const row = prepare(`select count(*) filter (where state = 'alive') as alive,
        count(*) filter (where state = 'tombstone') as tombstones,
        count(*) filter (where state = 'alive' and not held and expires_on <= ?) as overdue from key`).get(today)
      return { alive: Number(row?.alive), tombstones: Number(row?.tombstones), overdue: Number(row?.overdue) }
    },
    secret: async name => {
      const row = prepare('select wrapped, master from secret where name = ?').get(name)
      return row ? { wrapped: bytes(row.wrapped) ?? Buffer.alloc(0), master: String(row.master) } : undefined
    },
    putSecret: async (name, wrapped, master) =>
      void prepare(
        'insert into secret values (?, ?, ?) on conflict (name) do update set wrapped = excluded.wrapped, master = excluded.master',
      ).run(name, wrapped, master),
    secretNames: async () =>
      prepare('select name from secret order by name')
        .all()
        .map(row => String(row.name)),
    check: async () => void prepare('select count(*) from secret').get(),
    close: async () => db.close(),
  }
}

function recordOf(row: Record<string, SQLOutputValue>): KeyRecord {
  return {
    id: String(row.id),
    kind: kindOf(row.kind),
    state: row.state === 'alive' ? 'alive' : 'tombstone',
    expiresOn: String(row.expires_on),
    held: row.held === 1,
    restricted: row.restricted === 1,
    master: String(row.master),
    wrapped: bytes(row.wrapped),
    wrappedSpecial: bytes(row.wrapped_special),
    emailHash: bytes(row.email_hash),
    bornAt: String(row.born_at),
    diedAt: row.died_at === null ? null : String(row.died_at),
  }
}

function bytes(value: SQLOutputValue | undefined): Buffer | null {
  return value instanceof Uint8Array ? Buffer.from(value) : null
}

function kindOf(value: SQLOutputValue | undefined) {
  const kind = kinds.find(one => one === value)
  if (!kind) throw new Error('The key store holds a kind of dossier that this version does not know.')
  return kind
}
