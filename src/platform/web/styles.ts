import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

const here = import.meta.dirname
const root = join(here, '..', '..', '..')

/** The style sheet, compiled from Sass when it has changed and kept in `.cache`; with the hash that its address carries. */
export async function styles(): Promise<{ css: string; hash: string }> {
  const source = readFileSync(join(here, 'style.scss'), 'utf8')
  const lock = readFileSync(join(root, 'package-lock.json'))
  const hash = createHash('sha256').update(source).update(lock).digest('hex').slice(0, 16)
  const cached = join(root, '.cache', `style-${hash}.css`)
  if (existsSync(cached)) return { css: readFileSync(cached, 'utf8'), hash }
  const sass = await import('sass')
  const { css } = sass.compile(join(here, 'style.scss'), {
    importers: [new sass.NodePackageImporter(pathToFileURL(root).pathname)],
    style: 'compressed',
    quietDeps: true,
    logger: sass.Logger.silent,
  })
  try {
    mkdirSync(join(root, '.cache'), { recursive: true })
    writeFileSync(cached, css)
  } catch {
    // a read-only folder: the next start compiles again
  }
  return { css, hash }
}
