import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { furnish } from '#src/house.ts'
import { readConfig } from '#src/platform/config.ts'
import { RUNTIME_ROLE } from '#src/platform/database/database.ts'
import { within } from '#src/promises/house.ts'
import { system } from '#src/promises/notice/actor.ts'
import { freshPostgres, openRuntime, standing } from './house.ts'
import { databaseUrl } from './postgres.ts'

const rounds = Number(process.env.CRASH_ROUNDS ?? 10)
const root = join(import.meta.dirname, '..')
const dir = mkdtempSync(join(tmpdir(), 'crash-'))
const ownerUrl = await freshPostgres()
const url = databaseUrl(ownerUrl, new URL(ownerUrl).pathname.slice(1), RUNTIME_ROLE)
const port = 20_000 + (process.pid % 20_000)
const base = `http://127.0.0.1:${port}`
let service: ChildProcess | undefined
after(() => {
  service?.kill('SIGKILL')
  rmSync(dir, { recursive: true, force: true })
})

async function start(): Promise<ChildProcess> {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', join(root, 'src/main.ts')], {
    env: { ...process.env, PANEL_MODE: 'demo', DATA_DIR: dir, DATABASE_URL: url, PORT: String(port) },
    stdio: 'ignore',
  })
  for (let attempt = 0; attempt < 300; attempt++) {
    if (
      await fetch(`${base}/health`).then(
        answer => answer.ok,
        () => false,
      )
    )
      return child
    await new Promise(resolve => setTimeout(resolve, 100))
  }
  throw new Error('The service did not answer within 30 seconds.')
}

/** One person who sends one name; true when the service said it was saved. */
async function begin(name: string): Promise<boolean> {
  const page = await fetch(`${base}/apply/name`)
  const cookies = page.headers
    .getSetCookie()
    .map(line => line.split(';')[0])
    .join('; ')
  const html = await page.text()
  const hidden = (field: string) => new RegExp(`name="${field}" value="([^"]*)"`).exec(html)?.[1] ?? ''
  const body = new URLSearchParams({
    _csrf: hidden('_csrf'),
    notice_version_shown: hidden('notice_version_shown'),
    name,
  })
  const answer = await fetch(`${base}/apply/name`, {
    method: 'POST',
    body,
    headers: { cookie: cookies },
    redirect: 'manual',
  })
  return answer.status === 303 && answer.headers.get('location') === '/apply/contact'
}

test(`kill -9 under load, ${rounds} times: everything that was acknowledged is there`, {
  timeout: rounds * 60_000,
}, async () => {
  const acknowledged: string[] = []
  for (let round = 0; round < rounds; round++) {
    service = await start()
    let killed = false
    const crowd = Array.from({ length: 8 }, async (_, person) => {
      for (let at = 0; !killed && at < 30; at++) {
        const name = `Round ${round} person ${person} try ${at}`
        if (await begin(name).catch(() => false)) acknowledged.push(name)
      }
    })
    const before = acknowledged.length
    for (let waited = 0; waited < 300 && acknowledged.length < before + 4; waited++)
      await new Promise(resolve => setTimeout(resolve, 100))
    await new Promise(resolve => setTimeout(resolve, 1200 * Math.random()))
    service.kill('SIGKILL')
    killed = true
    await Promise.all(crowd)
  }
  assert.ok(acknowledged.length > rounds * 3, `${acknowledged.length} were acknowledged`)
  const house = await furnish(
    readConfig({ DATA_DIR: dir }),
    standing(new Date().toISOString()),
    await openRuntime(ownerUrl),
  )
  try {
    const by = system('test')
    const there = await within(house, { by, for: 'administer the panel' }, async tx => {
      const ids = (await tx.selectFrom('application').select('dossier_id').execute()).map(row => row.dossier_id)
      return house.vault.open(tx, 'panel', { by, for: 'administer the panel', fields: ['name'] }, ids)
    })
    const names = new Set(there.map(one => one.name))
    assert.deepEqual(
      acknowledged.filter(name => !names.has(name)),
      [],
    )
  } finally {
    await house.close()
  }
})
