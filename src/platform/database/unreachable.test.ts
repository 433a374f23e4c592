import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ConfigError } from '../config.ts'
import { openPostgres, openPostgresOwner } from './database.ts'
import { refuseOldServer } from './unreachable.ts'

const url = process.env.TEST_POSTGRES_URL ?? ''

test('a database that cannot be used is told in one sentence that names the setting and says how to mend it', async () => {
  const away = 'postgres://panel_app:s3cret@127.0.0.1:9/panel'
  await refused(
    openPostgres(away),
    /^DATABASE_URL: no PostgreSQL server answers at 127\.0\.0\.1:9: start it, or correct/,
  )
  await refused(openPostgresOwner(away), /^OWNER_DATABASE_URL: no PostgreSQL server answers/)
  const secure = new URL(url)
  secure.searchParams.set('sslmode', 'require')
  await refused(openPostgres(secure.href), /^DATABASE_URL: the server at .* do not agree on TLS/)
  const missing = new URL(url)
  missing.pathname = '/not_there'
  await refused(openPostgres(missing.href), /^DATABASE_URL: there is no database not_there: make it, or correct/)
  const nobody = new URL(url)
  nobody.username = 'nobody_here'
  await refused(openPostgres(nobody.href), /^DATABASE_URL: the server does not let nobody_here in/)
})

test('a server that is too old is refused by its version', () => {
  assert.throws(() => refuseOldServer('DATABASE_URL', 140012), /must be PostgreSQL 15 or later, and is 14\./)
  refuseOldServer('DATABASE_URL', 150000)
})

async function refused(opening: Promise<unknown>, says: RegExp): Promise<void> {
  const error: unknown = await opening.then(
    () => undefined,
    error => error,
  )
  assert.ok(error instanceof ConfigError, String(error))
  assert.match(error.message, says)
  assert.doesNotMatch(error.message, /s3cret/)
}
