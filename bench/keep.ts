import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { furnish, migrateAll } from '#src/house.ts'
import { systemClock } from '#src/platform/clock.ts'
import { readConfig } from '#src/platform/config.ts'
import { type OwnerConnection, openPostgres, openPostgresOwner, RUNTIME_ROLE } from '#src/platform/database/database.ts'
import { type House, within } from '#src/promises/house.ts'
import { link } from '#src/promises/ledger/linker.ts'
import { verify } from '#src/promises/ledger/verify.ts'
import { system } from '#src/promises/notice/actor.ts'
import { erase } from '#src/promises/retention/erase.ts'
import { sweep } from '#src/promises/retention/sweep.ts'
import { accessCopy, copyJson } from '#src/promises/rights/copy.ts'
import { createDatabase, databaseUrl, startPostgres } from '#test/postgres.ts'

const by = system('bench')
const rights = { by, for: 'exercise rights' } as const

/**
 * Measures the data protection desk: `npm run bench -- keep [DOSSIERS] [ENTRIES]`. Dossiers are opened and sealed by the
 * product's own verbs; ledger entries are put in by SQL as the owner, and linked and verified by the product. Figures are
 * printed, none is asserted.
 */
export default async function bench(args: string[]): Promise<void> {
  const [dossiers, entries] = [Number(args[0] ?? 100_000), Number(args[1] ?? 1_000_000)]
  const server = await startPostgres({ durable: true })
  const dir = mkdtempSync(join(tmpdir(), 'bench-'))
  const url = await createDatabase(server.url, 'bench')
  const owner = await openPostgresOwner(url)
  await migrateAll(owner)
  const database = await openPostgres(databaseUrl(url, 'bench', RUNTIME_ROLE))
  const house = await furnish(readConfig({ DATA_DIR: dir }), systemClock, database)
  try {
    if (dossiers) await desk(house, owner, dossiers)
    if (entries) await ledger(house, owner, entries)
  } finally {
    await owner.close()
    await house.close()
    await server.stop()
    rmSync(dir, { recursive: true, force: true })
  }
}

async function desk(house: House, owner: OwnerConnection, many: number): Promise<void> {
  const ids: string[] = []
  await timed(`opening and sealing ${many} dossiers of three fields`, async () => {
    for (let at = 0; at < many; at += 10_000) ids.push(...(await people(house, at, Math.min(10_000, many - at))))
  })
  await owner.exec('vacuum analyze')
  const [one = '', other = ''] = ids
  let bytes = 0
  await timed(`access copy of one person among ${many}`, async () => {
    const copy = await within(house, rights, tx => accessCopy(tx, house, by, one))
    if (copy) for await (const piece of copyJson(house, copy)) bytes += piece.length
  })
  say('  that copy', `${bytes} characters`)
  await timed('erasure of one', () => erase(house.reach, by, [other], 'erasure request'))
  const some = ids.slice(2, 10_002)
  await timed(`erasure of ${some.length} at once`, () => erase(house.reach, by, some, 'erasure request'))
  await timed(`a nightly sweep over ${many}, of whom nobody ends`, () => sweep(house.reach))
  const rest = ids.slice(10_002)
  await house.keys.setExpiry(rest, '2020-01-01')
  await timed(`a nightly sweep in which ${rest.length} end`, () => sweep(house.reach))
}

function people(house: House, from: number, count: number): Promise<string[]> {
  return within(house, { by, for: 'administer the panel' }, async tx => {
    const made = await house.vault.beginMany(tx, by, 'panel', '2099-01-01', count)
    const all = made.map((id, at) => ({
      id,
      values: { name: `Person ${from + at}`, email: `p${from + at}@example.org`, answers: 'I listen. '.repeat(20) },
    }))
    await house.vault.putMany(tx, by, 'panel', all)
    return made
  })
}

async function ledger(house: House, owner: OwnerConnection, many: number): Promise<void> {
  const began = performance.now()
  for (let at = 0; at < many; at += 100_000)
    await owner.query(
      `insert into ledger_entry (at, actor, role, purpose, act, subject, count, detail)
       select now() - make_interval(secs => $1::int - n), 'system:bench', 'system', 'store', 'opened', gen_random_uuid(), 1,
         jsonb_build_object('kind', 'panel', 'fields', jsonb_build_array('name', 'email'))
       from generate_series(1, $2::int) n`,
      [many - at, Math.min(100_000, many - at)],
    )
  say(`putting in ${many} entries by SQL`, `${seconds(began)} s`)
  await owner.exec('analyze ledger_entry')
  let linked = 0
  await timed(`linking ${many} entries into the tree`, async () => {
    for (let more = 1; more; linked += more) more = await link(house)
  })
  await owner.exec('vacuum analyze ledger_entry, ledger_leaf')
  await timed('one more link, of nothing', () => link(house))
  const { rows } = await within(house, { by, for: 'store' }, tx =>
    sql<{ heads: number }>`select count(*) as heads from ledger_head`.execute(tx),
  )
  let says = ''
  await timed(`panel verify over ${linked} entries and ${rows[0]?.heads} heads`, async () => {
    says = (await verify(house)).says
  })
  say('  it says', says)
}

/** Times one piece of work, and how far the memory of the process rose above where it stood. */
async function timed(what: string, work: () => Promise<unknown>): Promise<void> {
  globalThis.gc?.()
  const before = process.memoryUsage().rss
  let most = before
  const watch = setInterval(() => {
    most = Math.max(most, process.memoryUsage().rss)
  }, 50)
  const began = performance.now()
  await work()
  clearInterval(watch)
  most = Math.max(most, process.memoryUsage().rss)
  const mb = (bytes: number) => Math.round(bytes / 1e6)
  say(what, `${seconds(began)} s, at most ${mb(most)} MB resident (${mb(most - before)} MB more)`)
}

function seconds(since: number): string {
  return ((performance.now() - since) / 1000).toFixed(2)
}

function say(what: string, figure: string): void {
  process.stdout.write(`${what.padEnd(58)} ${figure}\n`)
}
