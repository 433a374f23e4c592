import { mkdtempSync, rmSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { SMTPServer } from 'smtp-server'
import { furnish, migrateAll } from '#src/house.ts'
import { startLetters } from '#src/panel/correspondence/send.ts'
import { tell } from '#src/panel/correspondence/tell.ts'
import { enrichFor } from '#src/people/enrich.ts'
import { addMonths } from '#src/platform/calendar/dates.ts'
import { systemClock } from '#src/platform/clock.ts'
import { readConfig } from '#src/platform/config.ts'
import { openPostgres, openPostgresOwner, RUNTIME_ROLE } from '#src/platform/database/database.ts'
import { startJobs } from '#src/platform/jobs/jobs.ts'
import { within } from '#src/promises/house.ts'
import { system } from '#src/promises/notice/actor.ts'
import { createDatabase, databaseUrl, startPostgres } from '#test/postgres.ts'

/** Measures sending: `npm run bench -- letters [HOW MANY]`. Offers through the queue to a mail server on this machine. */
export default async function bench(args: string[]): Promise<void> {
  const many = Number(args[0] ?? 1000)
  const server = await startPostgres({ durable: true })
  const dir = mkdtempSync(join(tmpdir(), 'bench-'))
  const url = await createDatabase(server.url, 'bench')
  const owner = await openPostgresOwner(url)
  await migrateAll(owner)
  await owner.close()
  let arrived = 0
  const sink = new SMTPServer({
    disabledCommands: ['AUTH', 'STARTTLS'],
    onData: (stream, _session, done) => {
      stream.resume().on('end', () => {
        arrived++
        done()
      })
    },
  })
  await new Promise<void>(resolve => sink.listen(0, '127.0.0.1', resolve))
  const config = readConfig({
    DATA_DIR: dir,
    SMTP_URL: `smtp://127.0.0.1:${(sink.server.address() as AddressInfo).port}`,
  })
  const house = await furnish(config, systemClock, await openPostgres(databaseUrl(url, 'bench', RUNTIME_ROLE)))
  const by = system('bench')
  await within(house, { by, for: 'administer the panel' }, async tx => {
    const expires = addMonths(new Date().toISOString().slice(0, 10), 6)
    const ids = await house.vault.beginMany(tx, by, 'panel', expires, many)
    const values = (at: number) => ({ name: `P ${at}`, email: `p${at}@residents.example`, channel: 'email' })
    await house.vault.putMany(
      tx,
      by,
      'panel',
      ids.map((id, at) => ({ id, values: values(at) })),
    )
    const detail = {
      round: 'R',
      starts: '1 April 2027',
      answerBy: '26 February 2027',
      link: 'https://panel.example.org',
    }
    await tell(tx, house, by, ids, 'offer', detail)
  })
  const began = performance.now()
  const jobs = await startJobs(house.database, () => {})
  await startLetters(house, jobs, enrichFor(house))
  while (arrived < many) await new Promise(resolve => setTimeout(resolve, 20))
  const seconds = (performance.now() - began) / 1000
  process.stdout.write(
    `${many} offers by SMTP: ${seconds.toFixed(1)} s, ${(many / seconds).toFixed(0)} a second; ${Math.round(process.memoryUsage().rss / 1e6)} MB resident\n`,
  )
  await jobs.stop()
  await house.close()
  await new Promise<void>(resolve => sink.close(resolve))
  await server.stop()
  rmSync(dir, { recursive: true, force: true })
}
