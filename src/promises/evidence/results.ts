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

/** The fingerprint of the program itself: what was tested is what runs, or it proves nothing. */
export function sourceFingerprint(): string {
  const hash = createHash('sha256')
  const files = readdirSync(source, { recursive: true, withFileTypes: true }).filter(one => one.isFile())
  for (const path of files.map(one => join(one.parentPath, one.name)).sort())
    hash.update(path.slice(source.length)).update('\n').update(readFileSync(path))
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
