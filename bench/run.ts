import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

/** `npm run bench -- NAME ARGS` runs bench/NAME.ts; without a name, the service's own measurements. */
const [name = 'service', ...args] = process.argv.slice(2)
const file = join(import.meta.dirname, `${name}.ts`)
if (!/^[a-z]+$/.test(name) || !existsSync(file)) {
  process.stderr.write(`There is no benchmark "${name}".\n`)
  process.exit(2)
}
const bench: { default(args: string[]): Promise<void> } = await import(pathToFileURL(file).href)
await bench.default(args)
