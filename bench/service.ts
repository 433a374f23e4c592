import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { openSite } from '#src/app.ts'
import { furnish, migrateAll } from '#src/house.ts'
import { fillDemo } from '#src/people/demo/world.ts'
import { systemClock } from '#src/platform/clock.ts'
import { readConfig } from '#src/platform/config.ts'
import { openPostgres, openPostgresOwner, RUNTIME_ROLE } from '#src/platform/database/database.ts'
import { within } from '#src/promises/house.ts'
import { system } from '#src/promises/notice/actor.ts'
import { sweep } from '#src/promises/retention/sweep.ts'
import { createDatabase, databaseUrl, startPostgres } from '#test/postgres.ts'

/** Measures the service on PostgreSQL: `npm run bench [-- DOSSIERS]`. Figures are printed, none is asserted. */
export default async function bench(args: string[]): Promise<void> {
  const many = Number(args[0] ?? 10_000)
  const server = await startPostgres({ durable: true })
  const dir = mkdtempSync(join(tmpdir(), 'bench-'))
  const url = await createDatabase(server.url, 'bench')
  const owner = await openPostgresOwner(url)
  await migrateAll(owner)
  await owner.close()
  const began = performance.now()
  const config = readConfig({ DATA_DIR: dir })
  const house = await furnish(config, systemClock, await openPostgres(databaseUrl(url, 'bench', RUNTIME_ROLE)))
  await fillDemo(house)
  const app = await openSite(house, { log: false })
  const base = await app.listen({ port: 0, host: '127.0.0.1' })
  await fetch(base)
  say('demo world to first page', `${seconds(began)} s`)
  try {
    await applications(base)
    await dossiers(many)
    say('memory', `${Math.round(process.memoryUsage().rss / 1e6)} MB resident`)
  } finally {
    await app.close()
    await house.close()
    await server.stop()
    rmSync(dir, { recursive: true, force: true })
  }

  async function applications(base: string): Promise<void> {
    const times: number[] = []
    const start = performance.now()
    await Promise.all(
      Array.from({ length: 32 }, async (_, person) => {
        for (let at = 0; at < 8; at++) {
          const page = await fetch(`${base}/apply/name`)
          const cookie = page.headers
            .getSetCookie()
            .map(line => line.split(';')[0])
            .join('; ')
          const html = await page.text()
          const hidden = (field: string) => new RegExp(`name="${field}" value="([^"]*)"`).exec(html)?.[1] ?? ''
          const body = new URLSearchParams({
            _csrf: hidden('_csrf'),
            notice_version_shown: hidden('notice_version_shown'),
            name: `P ${person} ${at}`,
          })
          const sent = performance.now()
          const answer = await fetch(`${base}/apply/name`, {
            method: 'POST',
            body,
            headers: { cookie },
            redirect: 'manual',
          })
          if (answer.status === 303) times.push(performance.now() - sent)
        }
      }),
    )
    times.sort((a, b) => a - b)
    const whole = (performance.now() - start) / 1000
    say(
      'applications begun, 32 clients',
      `${(times.length / whole).toFixed(0)} a second, 99th percentile ${(times[Math.floor(times.length * 0.99)] ?? 0).toFixed(0)} ms`,
    )
  }

  async function dossiers(count: number): Promise<void> {
    const by = system('bench')
    const scope = { by, for: 'administer the panel' } as const
    const sealing = performance.now()
    const ids = await within(house, scope, async tx => {
      const made = await house.vault.beginMany(tx, by, 'panel', '2020-01-01', count)
      await house.keys.setExpiry(made, '2099-01-01')
      await house.vault.putMany(
        tx,
        by,
        'panel',
        made.map((id, at) => ({ id, values: { name: `Person number ${at}`, email: `person${at}@example.org` } })),
      )
      return made
    })
    say(`sealing ${count} dossiers of two fields`, `${seconds(sealing)} s`)
    const opening = performance.now()
    await within(house, scope, tx =>
      house.vault.open(tx, 'panel', { by, for: 'administer the panel', fields: ['name', 'email'] }, ids),
    )
    say(`opening ${count} dossiers for one purpose`, `${seconds(opening)} s`)
    const { rows } = await within(house, { by, for: 'store' }, tx =>
      sql<{ sealed: number }>`select sum(length(sealed)) as sealed from sealed_value where kind = 'panel'`.execute(tx),
    )
    const plain = ids.reduce((sum, _, at) => sum + `Person number ${at}`.length + `person${at}@example.org`.length, 0)
    say('sealed bytes against plain bytes', `${(Number(rows[0]?.sealed) / plain).toFixed(1)} to 1`)
    await house.keys.setExpiry(ids, '2020-01-01')
    const sweeping = performance.now()
    const { ended } = await sweep(house.reach)
    say(`one nightly sweep of ${ended} dossiers`, `${seconds(sweeping)} s`)
  }
}

function seconds(since: number): string {
  return ((performance.now() - since) / 1000).toFixed(2)
}

function say(what: string, figure: string): void {
  process.stdout.write(`${what.padEnd(48)} ${figure}\n`)
}
