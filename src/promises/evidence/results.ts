import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'

const source = join(import.meta.dirname, '..', '..')
const shape = z.object({
  at: z.string(),
  source: z.string(),
  tests: z.array(z.object({ name: z.string(), file: z.string(), database: z.string(), passed: z.boolean() })),
})
export type Results = z.output<typeof shape>
type Outcome = Results['tests'][number]

/**
 * What is kept of a test run: the tests that name a clause, each once for each database, in an order that does not
 * depend on which was first; one that failed once has failed.
 */
export function keptResults(at: Date, fingerprint: string, tests: readonly Outcome[]): Results {
  const kept = new Map<string, Outcome>()
  for (const { name, file, database, passed } of tests) {
    if (!/\[N-\d{2,}\]/.test(name)) continue
    const key = `${file}\n${name}\n${database}`
    kept.set(key, { name, file, database, passed: passed && (kept.get(key)?.passed ?? true) })
  }
  const order = [...kept].sort(([a], [b]) => (a < b ? -1 : 1))
  return { at: at.toISOString(), source: fingerprint, tests: order.map(([, one]) => one) }
}

/** Results as text, a test a line, so that two versions can be compared. */
export function resultsText({ at, source: fingerprint, tests }: Results): string {
  const head = `"at": ${JSON.stringify(at)},\n "source": ${JSON.stringify(fingerprint)}`
  return `{${head},\n "tests": [\n${tests.map(one => `  ${JSON.stringify(one)}`).join(',\n')}\n ]}\n`
}

/** The fingerprint of the program itself: what was tested is what runs, or it proves nothing. */
export function sourceFingerprint(): string {
  const hash = createHash('sha256')
  const files = readdirSync(source, { recursive: true, withFileTypes: true })
  const ours = files.filter(one => one.isFile() && !one.name.startsWith('.'))
  for (const path of ours.map(one => join(one.parentPath, one.name)).sort())
    hash.update(path.slice(source.length).replaceAll('\\', '/')).update('\n').update(readFileSync(path))
  return hash.digest('hex')
}

/** Where results lie: those of a run here, and those that were kept with this version. */
const places = ['.cache/test-results.json', 'evidence/test-results.json']

/** The results of a whole test run of this very program, else the last there are; undefined when there are none. */
export function lastResults(fingerprint: string, root = join(source, '..')): Results | undefined {
  const found = places.flatMap(place => readResults(join(root, place)) ?? [])
  return found.find(one => one.source === fingerprint) ?? found[0]
}

function readResults(path: string): Results | undefined {
  if (!existsSync(path)) return undefined
  const parsed = shape.safeParse(JSON.parse(readFileSync(path, 'utf8')))
  return parsed.success ? parsed.data : undefined
}
