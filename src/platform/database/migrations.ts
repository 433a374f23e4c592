import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { OwnerConnection } from './database.ts'

export interface Migration {
  number: string
  name: string
  text: string
  sha256: string
}

/** Finds the numbered SQL files (`0007_sealed_value.sql`) of every room below `root`, in order; numbers are unique. */
export function findMigrations(root: string): Migration[] {
  const found = readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter(path => /(^|\/)\d{4}_[a-z_]+\.sql$/.test(path))
    .map(path => {
      const text = readFileSync(join(root, path), 'utf8')
      const name = basename(path, '.sql')
      return { number: name.slice(0, 4), name, text, sha256: createHash('sha256').update(text).digest('hex') }
    })
    .sort((a, b) => a.number.localeCompare(b.number))
  found.forEach((migration, at) => {
    if (found[at + 1]?.number === migration.number)
      throw new Error(
        `Two migrations have the number ${migration.number}: ${migration.name} and ${found[at + 1]?.name}.`,
      )
  })
  return found
}

const LOCK = 7_205_316

/** Applies the migrations that are not applied yet, each in its own transaction, under a lock. Returns their names. */
export async function migrate(owner: OwnerConnection, migrations: Migration[]): Promise<string[]> {
  await owner.exec(`select pg_advisory_lock(${LOCK})`)
  try {
    await owner.exec(`create table if not exists migration (
      number text primary key, name text not null, sha256 text not null, applied_at timestamptz not null default now())`)
    const applied: string[] = []
    for (const migration of await pending(owner, migrations)) {
      await owner.exec('begin')
      try {
        await owner.exec(migration.text)
        await owner.query('insert into migration (number, name, sha256) values ($1, $2, $3)', [
          migration.number,
          migration.name,
          migration.sha256,
        ])
        await owner.exec('commit')
      } catch (error) {
        await owner.exec('rollback')
        throw new Error(`Migration ${migration.name} failed and was rolled back.`, { cause: error })
      }
      applied.push(migration.name)
    }
    return applied
  } finally {
    await owner.exec(`select pg_advisory_unlock(${LOCK})`)
  }
}

/** The migrations not applied yet; throws when an applied one has been edited since. */
export async function pending(
  reader: { query<Row>(text: string): Promise<Row[]> },
  migrations: Migration[],
): Promise<Migration[]> {
  const rows = await reader.query<{ number: string; sha256: string }>('select number, sha256 from migration')
  const done = new Map(rows.map(row => [row.number, row.sha256]))
  for (const migration of migrations) {
    const sha256 = done.get(migration.number)
    if (sha256 && sha256 !== migration.sha256)
      throw new Error(`Migration ${migration.name} was changed after it was applied: add a new one instead.`)
  }
  return migrations.filter(migration => !done.has(migration.number))
}
