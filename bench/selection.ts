import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { madePool } from '#src/panel/selection/testing.ts'

type Pool = { name: string; pool: string; quotas: string; size: number }

/**
 * Measures the selection on the shared pools where they are, and on pools of our own; writes docs/benchmarks.md.
 * `--only NAME` measures one; `--large` adds 10,000 people by 12 features and 100,000 by 6; `--library SECONDS` is how long
 * the field's standard library may take on each pool (0: leave it out).
 */
export default async function selection(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      only: { type: 'string' },
      large: { type: 'boolean', default: false },
      library: { type: 'string', default: '60' },
    },
  })
  const pools = [...shared(), ...own(values.large)].filter(({ name }) => !values.only || name === values.only)
  const limit = hasLibrary() ? Number(values.library) : 0
  const lines: string[] = []
  for (const { name, pool, quotas, size } of pools) {
    const one = join(import.meta.dirname, 'selection-one.ts')
    const ran = spawnSync(process.execPath, [one, pool, quotas, String(size)], { encoding: 'utf8', maxBuffer: 1e9 })
    if (ran.status !== 0) {
      process.stderr.write(`${name}: ${ran.stderr}\n`)
      continue
    }
    const m = JSON.parse(ran.stdout)
    const library = limit ? libraryOn(pool, quotas, size, limit) : undefined
    const proof = m.optimal
      ? `proved, gap ${m.gap.toExponential(0)}, raise ${m.raise.toExponential(0)}`
      : `gap ${m.gap}`
    const beside = !library
      ? '–'
      : library.seconds === undefined
        ? `over ${limit} s (over ${Math.floor(limit / m.total)} times)`
        : `${library.seconds.toFixed(1)} s (${(library.seconds / m.total).toFixed(0)} times), lowest ${library.lowest?.toFixed(6)}`
    lines.push(
      `| ${name} | ${m.people}/${size}/${m.features} | ${m.types} | ${m.panels} | ${seconds(m.read)} | ${seconds(m.target)} | ${seconds(m.decompose)} | ${seconds(m.total)} | ${seconds(m.cpu)} | ${Math.round(m.memory)} MB | ${m.lowest.toFixed(6)} | ${proof} | ${beside} |`,
    )
    process.stdout.write(`${lines.at(-1)}\n`)
  }
  if (!values.only) record(lines)
}

const seconds = (value: number) => value.toFixed(2)

function shared(): Pool[] {
  const root = join(import.meta.dirname, '../../shared/data/pools')
  if (!existsSync(root)) return []
  return readdirSync(root)
    .filter(name => /_\d+$/.test(name))
    .map(name => {
      const file = (either: string, or: string) => join(root, name, existsSync(join(root, name, either)) ? either : or)
      const size = Number(name.split('_').at(-1))
      return {
        name,
        size,
        pool: file('candidates.csv', 'respondents.csv'),
        quotas: file('features.csv', 'categories.csv'),
      }
    })
}

function own(large: boolean): Pool[] {
  const folder = mkdtempSync(join(tmpdir(), 'pools-'))
  const shapes: [string, number, number, number][] = [
    ['own_1000_50', 1000, 50, 5],
    ...(large
      ? ([
          ['own_10000_100', 10_000, 100, 12],
          ['own_100000_200', 100_000, 200, 6],
        ] as [string, number, number, number][])
      : []),
  ]
  return shapes.map(([name, people, size, features]) => {
    const made = madePool(1, people, size, features)
    const pool = join(folder, `${name}.csv`)
    const quotas = join(folder, `${name}-quotas.csv`)
    writeFileSync(pool, made.pool)
    writeFileSync(quotas, made.quotas)
    return { name, size, pool, quotas }
  })
}

function hasLibrary(): boolean {
  return spawnSync('python3', ['-c', 'import sortition_algorithms'], { encoding: 'utf8' }).status === 0
}

function libraryOn(pool: string, quotas: string, size: number, limit: number): { seconds?: number; lowest?: number } {
  const script = join(import.meta.dirname, 'selection-library.py')
  const ran = spawnSync('python3', [script, pool, quotas, String(size)], { encoding: 'utf8', timeout: limit * 1000 })
  return ran.status === 0 ? JSON.parse(ran.stdout.trim().split('\n').at(-1) ?? '{}') : {}
}

const begins = '<!-- selection: written by npm run bench -- selection -->'
const ends = '<!-- end of selection -->'

function record(lines: string[]) {
  const file = join(import.meta.dirname, '../docs/benchmarks.md')
  const before = existsSync(file) ? readFileSync(file, 'utf8') : '# Benchmarks\n'
  const part = `${begins}
## Selection

Leximin, each pool in a process of its own, on ${cpus().length} × ${cpus()[0]?.model.trim() ?? 'unknown processor'}, Node ${process.version}. Seconds of wall time unless said; other work may share the machine, so processor seconds stand beside. “Library” is the field’s standard library (sortition-algorithms), maximin, on the same files in the same run.

| pool | people/size/features | types | panels | read | target | panels and proof | all | processor | memory | lowest chance | certificate | library |
|---|---|---|---|---|---|---|---|---|---|---|---|---|
${lines.join('\n')}
${ends}`
  const from = before.indexOf(begins)
  const to = before.indexOf(ends)
  const whole =
    from < 0 ? `${before.trimEnd()}\n\n${part}\n` : before.slice(0, from) + part + before.slice(to + ends.length)
  writeFileSync(file, whole)
}
