import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { ConfigError, readConfig } from './config.ts'
import { FolderInUse, lockFolder } from './database/lock.ts'

const dir = mkdtempSync(join(tmpdir(), 'config-'))
after(() => rmSync(dir, { recursive: true, force: true }))

function faults(env: Record<string, string>): string[] {
  try {
    readConfig({ DATA_DIR: dir, ...env })
    return []
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    return error.message.split('\n')
  }
}

const live = {
  PANEL_MODE: 'live',
  BASE_URL: 'https://panel.example.org',
  DATABASE_URL: 'postgres://panel_app@db/panel',
  SMTP_URL: 'smtps://mail.example.org',
  MAIL_FROM: 'Panel <panel@example.org>',
  MASTER_KEY_FILE: '/etc/keys.json',
}

test('the demo needs no setting, and live has every one it needs', () => {
  assert.deepEqual(faults({}), [])
  assert.deepEqual(faults(live), [])
})

test('each wrong value stops the start with one sentence that says how to mend it', () => {
  const cases: [Record<string, string>, RegExp][] = [
    [{ PORT: 'http' }, /PORT must be a whole number/],
    [{ PANEL_MODE: 'test' }, /PANEL_MODE must be demo or live/],
    [{ PORT: '70000' }, /PORT must be a whole number/],
    [{ PROXIES: 'yes' }, /PROXIES must be the number of proxies/],
    [{ HOST: 'http://127.0.0.1' }, /HOST must be the address to listen on/],
    [{ BASE_URL: 'panel.example.org' }, /BASE_URL must be a web address/],
    [{ BASE_URL: 'https://example.org/panel' }, /BASE_URL must be the bare address of the site/],
    [{ BASE_URL: 'https://user:word@example.org' }, /BASE_URL must be the bare address of the site/],
    [{ DATABASE_URL: 'mysql://x' }, /DATABASE_URL must be a PostgreSQL address/],
    [{ DATABASE_URL: 'postgres://db' }, /DATABASE_URL must be a PostgreSQL address/],
    [{ OWNER_DATABASE_URL: 'db' }, /OWNER_DATABASE_URL must be a PostgreSQL address/],
    [{ SMTP_URL: 'mail.example.org' }, /SMTP_URL must be a mail server address/],
    [{ SMTP_URL: 'smtp://' }, /SMTP_URL must be a mail server address/],
    [{ MAIL_FROM: 'The panel' }, /MAIL_FROM must hold one email address/],
    [{ MAIL_FROM: 'Panel <panel@example.org>\r\nBcc: all@example.org' }, /MAIL_FROM must hold one email address/],
    [{ S3_URL: 'https://s3.example.org/bucket' }, /S3_URL must be an address like https:\/\/KEY:SECRET/],
    [{ S3_URL: 'https://key:secret@s3.example.org' }, /S3_URL must be an address like/],
    [{ PANEL_NOW: 'yesterday' }, /PANEL_NOW must be an instant/],
    [{ PANEL_NOW: '11/23/2026' }, /PANEL_NOW must be an instant/],
    [
      { OIDC_ISSUER: 'login', OIDC_CLIENT_ID: 'a', OIDC_CLIENT_SECRET: 'b' },
      /^OIDC_ISSUER must be a web address[^\n]*$/,
    ],
    [{ DATA_DIR: '/proc/panelkeeper' }, /DATA_DIR must be a folder/],
    [{ OIDC_ISSUER: 'https://id.example.org' }, /OIDC_ISSUER, OIDC_CLIENT_ID and OIDC_CLIENT_SECRET together/],
    [
      { DATA_DIR: join(import.meta.filename, 'below-a-file') },
      /DATA_DIR must be a folder that this service may write to/,
    ],
  ]
  for (const [env, sentence] of cases) {
    assert.match(faults(env).join('\n'), sentence)
    assert.equal(faults(env).length, 1, JSON.stringify(env))
  }
})

test('live mode refuses the built-in database, http, a set clock, and what is missing', () => {
  for (const name of ['DATABASE_URL', 'SMTP_URL', 'MAIL_FROM', 'MASTER_KEY_FILE', 'BASE_URL'] as const) {
    const { [name]: _left, ...rest } = live
    assert.ok(
      faults(rest).some(sentence => sentence.startsWith(name)),
      name,
    )
  }
  assert.match(faults({ ...live, BASE_URL: 'http://panel.example.org' }).join(), /must begin with https/)
  assert.match(faults({ ...live, PANEL_NOW: '2026-01-01T00:00:00Z' }).join(), /PANEL_NOW cannot be set in live mode/)
})

test('a second process on the same folder is refused with one sentence; a lock left behind is taken over', () => {
  const first = lockFolder(dir)
  assert.throws(
    () => lockFolder(dir),
    (error: unknown) => error instanceof FolderInUse && /already using/.test(error.message),
  )
  first.release()
  lockFolder(dir).release()
})
