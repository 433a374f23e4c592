import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openSite } from '#src/app.ts'
import { furnish, migrateAll } from '#src/house.ts'
import { connect, groupsOf } from '#src/panel/review/connect.ts'
import { openQueue } from '#src/panel/review/running.ts'
import { planReview } from '#src/panel/review/setup.ts'
import { spread } from '#src/panel/review/spread.ts'
import { fillDemo } from '#src/people/demo/world.ts'
import { startSession } from '#src/people/doors/sessions.ts'
import { invite } from '#src/people/staff/accounts.ts'
import { systemClock } from '#src/platform/clock.ts'
import { readConfig } from '#src/platform/config.ts'
import { openPostgres, openPostgresOwner, RUNTIME_ROLE } from '#src/platform/database/database.ts'
import { within } from '#src/promises/house.ts'
import { system } from '#src/promises/notice/actor.ts'
import { createDatabase, databaseUrl, startPostgres } from '#test/postgres.ts'

/** Measures the review: `npm run bench -- review [APPLICATIONS]`. Assigning alone, then the officer's board on PostgreSQL. */
export default async function bench(args: string[]): Promise<void> {
  const many = Number(args[0] ?? 10_000)
  assigning(many)
  const server = await startPostgres()
  const dir = mkdtempSync(join(tmpdir(), 'bench-'))
  const url = await createDatabase(server.url, 'bench')
  const owner = await openPostgresOwner(url)
  await migrateAll(owner)
  await owner.close()
  const house = await furnish(
    readConfig({ DATA_DIR: dir }),
    systemClock,
    await openPostgres(databaseUrl(url, 'bench', RUNTIME_ROLE)),
  )
  const app = await openSite(house, { log: false })
  try {
    await fillDemo(house, { closed: many })
    const by = system('bench')
    const scope = { by, for: 'administer the panel' } as const
    const { round, token } = await within(house, scope, async tx => {
      const rows = await tx.selectFrom('round').select(['id', 'name']).execute()
      const id = rows.find(row => row.name.includes('just closed'))?.id ?? ''
      const questions = await tx.selectFrom('question').select(['id', 'title']).where('round_id', '=', id).execute()
      const readers: string[] = []
      for (let at = 0; at < 40; at++)
        readers.push(
          await invite(tx, house, by, {
            name: `R ${at}`,
            email: `r${at}@panel.example`,
            roles: ['reviewer'],
            demo: true,
          }),
        )
      const officer = await invite(tx, house, by, {
        name: 'O',
        email: 'o@panel.example',
        roles: ['officer'],
        demo: true,
      })
      const criteria = questions.map(one => ({
        question: one.id,
        name: one.title,
        weight: 1,
        values: ['1', '2', '3', '4', '5'],
      }))
      const deadline = new Date(Date.now() + 30 * 24 * 3_600_000)
      await planReview(tx, house, by, id, { scale: 'five', readings: 3, cap: many, deadline, criteria, readers })
      return { round: id, token: await startSession(tx, house.clock.now(), 'staff', [officer], true) }
    })
    let began = performance.now()
    const { given } = await openQueue(house, by, round)
    say('queue opened, rows and all', `${given} readings in ${seconds(began)} s`)
    for (const path of ['', '/results']) {
      began = performance.now()
      const page = await app.inject({ url: `/staff/review/${round}${path}`, cookies: { session: token } })
      say(`board${path} at ${many} applications`, `${page.statusCode} in ${seconds(began)} s`)
    }
  } finally {
    await app.close()
    await house.close()
    await server.stop()
    rmSync(dir, { recursive: true, force: true })
  }
}

function assigning(many: number): void {
  const needs = new Map(Array.from({ length: many }, (_, at) => [`a${at}`, 3]))
  const readers = new Map(Array.from({ length: 40 }, (_, at) => [`r${at}`, 0]))
  const barred = (reader: string, application: string) =>
    (Number(application.slice(1)) * 7 + Number(reader.slice(1))) % 23 === 0
  const began = performance.now()
  const { pairs, short } = spread({ needs, readers, cap: many, barred }, 'bench')
  const joined = connect(pairs, barred)
  const loads = [...readers.keys()].map(reader => joined.filter(one => one.reader === reader).length)
  say(
    `assign ${many} to 40 readers, 3 readings each`,
    `${seconds(began)} s, imbalance ${Math.max(...loads) - Math.min(...loads)}, groups ${new Set(groupsOf(joined).values()).size}, not placed ${short.size}`,
  )
}

function say(what: string, figure: string): void {
  process.stdout.write(`${what}: ${figure}\n`)
}

function seconds(began: number): string {
  return ((performance.now() - began) / 1000).toFixed(2)
}
