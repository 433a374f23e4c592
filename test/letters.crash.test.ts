import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { SMTPServer } from 'smtp-server'
import { furnish } from '#src/house.ts'
import { tell } from '#src/panel/correspondence/tell.ts'
import { addMonths } from '#src/platform/calendar/dates.ts'
import { readConfig } from '#src/platform/config.ts'
import { RUNTIME_ROLE } from '#src/platform/database/database.ts'
import { within } from '#src/promises/house.ts'
import { system } from '#src/promises/notice/actor.ts'
import { freshPostgres, openRuntime, standing } from './house.ts'
import { databaseUrl } from './postgres.ts'

const many = 1000
/** How many letters a worker may have in hand at once: only these may go out twice. */
const inFlight = 4
const dir = mkdtempSync(join(tmpdir(), 'letters-'))
const ownerUrl = await freshPostgres()
const url = databaseUrl(ownerUrl, new URL(ownerUrl).pathname.slice(1), RUNTIME_ROLE)
let service: ChildProcess | undefined

/** Every letter that arrived: who it was to, and its Message-ID. */
const arrived: { to: string; id: string }[] = []
const sink = new SMTPServer({
  disabledCommands: ['AUTH', 'STARTTLS'],
  onData: (stream, session, done) => {
    let raw = ''
    stream.on('data', chunk => {
      raw += chunk
    })
    stream.on('end', () => {
      const id = /^Message-ID: <([^>]+)>/im.exec(raw)?.[1] ?? ''
      assert.equal(session.envelope.rcptTo.length, 1)
      arrived.push({ to: session.envelope.rcptTo[0]?.address ?? '', id })
      done()
    })
  },
})
sink.on('error', () => {}) // a killed sender's connection
await new Promise<void>(resolve => sink.listen(0, '127.0.0.1', resolve))
const mail = `smtp://127.0.0.1:${(sink.server.address() as AddressInfo).port}`
after(async () => {
  service?.kill('SIGKILL')
  await new Promise<void>(resolve => sink.close(resolve))
  rmSync(dir, { recursive: true, force: true })
})

function start(): ChildProcess {
  return spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', join(import.meta.dirname, '../src/main.ts')],
    {
      env: { ...process.env, PANEL_MODE: 'demo', DATA_DIR: dir, DATABASE_URL: url, PORT: '0', SMTP_URL: mail },
      stdio: 'ignore',
    },
  )
}

async function until(enough: () => boolean | Promise<boolean>): Promise<void> {
  for (let attempt = 0; attempt < 2400; attempt++) {
    if (await enough()) return
    await new Promise(resolve => setTimeout(resolve, 50))
  }
  assert.fail(`after two minutes ${arrived.length} letters had arrived`)
}

test('[N-07] killed in the middle of sending 1,000 letters: nobody is missed, and what goes again has the same Message-ID', async () => {
  const house = await furnish(
    readConfig({ DATA_DIR: dir }),
    standing(new Date().toISOString()),
    await openRuntime(ownerUrl),
  )
  try {
    const by = system('test')
    const expires = addMonths(new Date().toISOString().slice(0, 10), 6)
    const people = await within(house, { by, for: 'administer the panel' }, async tx => {
      const ids = await house.vault.beginMany(tx, by, 'panel', expires, many)
      await house.vault.putMany(
        tx,
        by,
        'panel',
        ids.map((id, at) => ({
          id,
          values: { name: `Person ${at}`, email: `person${at}@residents.example`, channel: 'email' },
        })),
      )
      await tell(tx, house, by, ids, 'offer reminder', {
        answerBy: '26 February 2027',
        link: 'https://panel.example.org',
      })
      return ids
    })
    for (const stopAfter of [150, 600]) {
      service = start()
      await until(() => arrived.length >= stopAfter)
      service.kill('SIGKILL')
      await new Promise(resolve => service?.once('exit', resolve))
    }
    service = start()
    const left = () =>
      within(house, { by, for: 'exercise rights' }, async tx => {
        const rows = await tx
          .selectFrom('message')
          .select('id')
          .where('state', '=', 'waiting')
          .where('dossier_id', 'in', people)
          .execute()
        return rows.length
      })
    await until(async () => arrived.length >= many && (await left()) === 0)
    const addresses = new Set(arrived.filter(one => one.to.startsWith('person')).map(one => one.to))
    assert.equal(addresses.size, many)
    const byId = Map.groupBy(arrived, one => one.id)
    const twice = [...byId.values()].filter(copies => copies.length > 1)
    assert.ok(twice.length <= 2 * inFlight, `${twice.length} letters went out twice`)
    assert.ok(twice.every(copies => copies.length === 2 && copies[0]?.to === copies[1]?.to))
    assert.equal(arrived.filter(one => one.to.startsWith('person')).length, many + twice.length)
  } finally {
    await house.close()
  }
})
