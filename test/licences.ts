import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'

const permissive =
  /^(MIT|MIT-0|ISC|0BSD|BSD-2-Clause|BSD-3-Clause|Apache-2\.0|BlueOak-1\.0\.0|CC0-1\.0|Unlicense|Python-2\.0|CC-BY-3\.0|CC-BY-4\.0|Zlib)$/
const allowedInTests = /^MPL-2\.0$/

const lockFile = z.object({
  packages: z.record(
    z.string(),
    z.object({ license: z.string().optional(), dev: z.boolean().optional(), optional: z.boolean().optional() }),
  ),
})
const manifest = z.object({
  dependencies: z.record(z.string(), z.string()),
  devDependencies: z.record(z.string(), z.string()),
})

/** Names every library whose licence is not permissive, whose version is not exact, or that the docs do not explain. */
export function licences(root: string): string[] {
  const read = (file: string) => JSON.parse(readFileSync(join(root, file), 'utf8'))
  const { packages } = lockFile.parse(read('package-lock.json'))
  const { dependencies, devDependencies } = manifest.parse(read('package.json'))
  const explained = existsSync(join(root, 'docs/dependencies.md'))
    ? readFileSync(join(root, 'docs/dependencies.md'), 'utf8')
    : ''
  const faults: string[] = []
  for (const [path, { license = 'none', dev }] of Object.entries(packages))
    if (path && !isPermissive(license) && !(dev && allowedInTests.test(license)))
      faults.push(`${path} is under ${license}, which is not on the list of permissive licences.`)
  for (const [name, version] of Object.entries({ ...dependencies, ...devDependencies })) {
    if (!/^\d+\.\d+\.\d+/.test(version)) faults.push(`${name} is pinned to "${version}", not to one version.`)
    if (!explained.includes(`\`${name}\``)) faults.push(`${name} has no line in docs/dependencies.md.`)
  }
  return faults
}

/** Of licences joined by OR one is enough; of those joined by AND each counts. */
function isPermissive(licence: string): boolean {
  const plain = licence.replace(/[()]/g, '')
  return plain.split(' OR ').some(choice => choice.split(' AND ').every(one => permissive.test(one.trim())))
}
