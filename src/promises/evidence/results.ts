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

/** The results of the last whole test run, kept with the program; undefined when there are none. */
export function lastResults(path = join(source, '..', '.cache', 'test-results.json')): Results | undefined {
  if (!existsSync(path)) return undefined
  const parsed = shape.safeParse(JSON.parse(readFileSync(path, 'utf8')))
  return parsed.success ? parsed.data : undefined
}
