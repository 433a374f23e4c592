import { spawnSync } from 'node:child_process'
import { globSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { run } from 'node:test'
import { spec } from 'node:test/reporters'
import { keptResults, resultsText, sourceFingerprint } from '#src/promises/evidence/results.ts'
import { bringChromium } from './chromium.ts'
import { licences } from './licences.ts'
import { startPostgres } from './postgres.ts'

// The list of checks. `npm test` runs all of them; `npm test -- fast` leaves out what needs a browser;
// `npm test -- some/path other` runs the test files whose path holds one of these texts.
const root = join(import.meta.dirname, '..')
const wishes = process.argv.slice(2)
const [wish = 'all'] = wishes
const results: { name: string; file: string; database: string; passed: boolean }[] = []
const count = { passed: 0, failed: 0, skipped: 0 }

const files = globSync('{src,test}/**/*.test.ts', { cwd: root }).sort()
const kindOf = (file: string) => /\.(both|browser|long|crash)\.test\.ts$/.exec(file)?.[1] ?? 'plain'
const named = files.filter(file => wishes.some(text => file.includes(text)))
if (!named.length && !['all', 'fast', 'long', 'crash'].includes(wish)) {
  process.stderr.write(
    `No test file's path holds "${wishes.join('" or "')}": leave it out, or write a part of a path, like recruitment/apply.\n`,
  )
  process.exit(2)
}
const chosen = (kinds: string[]) => (named.length ? named : files).filter(file => kinds.includes(kindOf(file)))

if (wish === 'long' || wish === 'crash') {
  if (wish === 'crash') process.env.CRASH_ROUNDS ??= '200'
  await onPostgres(() =>
    suite(
      'postgres',
      files.filter(file => kindOf(file) === wish),
    ),
  )
} else {
  if (!named.length) {
    command('format and lint', 'npx', ['biome', 'check', '.'])
    command('types', 'npx', ['tsc'])
    check('licences and pins', licences(root))
  }
  await onPostgres(() => suite('postgres', chosen(['plain', 'both', 'crash'])))
  await suite('pglite', chosen(['both']))
  if (wish !== 'fast' && chosen(['browser']).length) {
    process.env.CHROMIUM = bringChromium()
    await onPostgres(() => suite('postgres', chosen(['browser'])))
  }
}
mkdirSync(join(root, '.cache'), { recursive: true })
if (wish === 'all') {
  // Kept with the program: the evidence page shows them, for this version of the source alone.
  const kept = keptResults(new Date(), sourceFingerprint(), results)
  writeFileSync(join(root, '.cache', 'test-results.json'), resultsText(kept))
}
const skipped = count.skipped ? `, ${count.skipped} skipped` : ''
process.stdout.write(`\n${count.passed} passed, ${count.failed} failed${skipped}\n`)
process.exit(count.failed || !count.passed ? 1 : 0)

function command(name: string, program: string, args: string[]): void {
  const done = spawnSync(join(root, 'node_modules', '.bin', args[0] ?? program), args.slice(1), {
    cwd: root,
    encoding: 'utf8',
  })
  check(name, done.status === 0 ? [] : [`${done.stdout}${done.stderr}`])
}

function check(name: string, faults: string[]): void {
  process.stdout.write(`${faults.length ? '✖' : '✔'} ${name}\n${faults.map(fault => `  ${fault}\n`).join('')}`)
  count[faults.length ? 'failed' : 'passed']++
  results.push({ name, file: 'test/run.ts', database: '', passed: !faults.length })
}

async function onPostgres(work: () => Promise<void>): Promise<void> {
  const server = await startPostgres()
  process.env.TEST_POSTGRES_URL = server.url
  process.env.TEST_POSTGRES_BIN = server.bin
  process.env.TEST_POSTGRES_DATA = server.dataDir
  process.env.TEST_POSTGRES_ARCHIVE = server.archive
  process.env.TEST_POSTGRES_LOG = server.log
  try {
    await work()
  } finally {
    await server.stop()
    delete process.env.TEST_POSTGRES_URL
  }
}

async function suite(database: 'postgres' | 'pglite', list: string[]): Promise<void> {
  if (!list.length) return
  process.stdout.write(`\n— ${list.length} files on ${database}\n`)
  process.env.TEST_DATABASE = database
  const stream = run({
    files: list.map(file => join(root, file)),
    concurrency: 2,
    timeout: 15 * 60_000,
    execArgv: ['--disable-warning=ExperimentalWarning'],
  })
  stream.on('test:pass', event => tell(event, true))
  stream.on('test:fail', event => tell(event, false))
  const report = stream.compose(spec)
  for await (const text of report) process.stdout.write(text)

  function tell(
    event: { name: string; file?: string; skip?: string | boolean; details: { type?: string } },
    passed: boolean,
  ) {
    if (event.details.type === 'suite') return
    if (event.file && event.name === event.file && passed) return // the file itself, when it has tests of its own
    // What was skipped proves nothing and disproves nothing.
    if (event.skip !== undefined) return void count.skipped++
    count[passed ? 'passed' : 'failed']++
    const file = event.file ? event.file.slice(root.length + 1) : ''
    results.push({ name: event.name, file, database, passed })
  }
}
