import { existsSync, mkdirSync, mkdtempSync, openAsBlob, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after } from 'node:test'
import { fingerprint, furnish, migrateAll } from '#src/house.ts'
import { type Config, readConfig } from '#src/platform/config.ts'
import { type Database, openPGlite } from '#src/platform/database/database.ts'

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
export async function testHouse({ now = '2026-11-23T09:00:00Z' } = {}) {
  const dir = mkdtempSync(join(tmpdir(), 'panelkeeper-'))
  const config: Config = readConfig({ DATA_DIR: dir })
  const clock = standing(now)
  const database = await freshPGlite()
  const house = await furnish(config, clock, database)
  after(async () => {
    await house.close()
    rmSync(dir, { recursive: true, force: true })
  })
  return { ...house, clock, dir }
}

async function freshPGlite(): Promise<Database> {
  const print = fingerprint()
  const path = join(cache, `template-${print.slice(0, 16)}.tar`)
  if (!existsSync(path)) {
    mkdirSync(cache, { recursive: true })
    const made = await openPGlite({ fingerprint: print }, async owner => void (await migrateAll(owner)))
    writeFileSync(path, Buffer.from(await (await made.dump()).arrayBuffer()))
    await made.close()
  }
  return openPGlite({ fingerprint: print, template: await openAsBlob(path), migrated: true }, async () => {})
}
