import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after } from 'node:test'
import { type Circumstances, pose } from './problem.ts'
import { rollFrom } from './random.ts'
import type { Fault } from './reading/fault.ts'
import { type PoolColumns, readPool } from './reading/pool.ts'
import { readQuotas } from './reading/quotas.ts'

/** For tests: a problem from the text of two files, as an officer would give them. */
export function posed(
  poolText: string,
  quotasText: string,
  size: number,
  columns: PoolColumns = {},
  circumstances: Circumstances = {},
) {
  const faults: Fault[] = []
  const quotas = readQuotas(Buffer.from(quotasText), 'quotas.csv', faults)
  const pool = readPool(Buffer.from(poolText), 'pool.csv', quotas, columns, faults)
  if (faults.length) throw new Error(JSON.stringify(faults))
  return { problem: pose(pool, quotas, size, circumstances), pool, quotas }
}

/** A pool of our own from a seed: features with uneven values, and quotas around what a fair panel would hold. */
export function madePool(seed: number, people: number, size: number, features: number, values = 4) {
  const roll = rollFrom(seed)
  const shape = Array.from({ length: features }, () => {
    const count = 2 + Math.floor(roll() * (values - 1))
    const pull = Array.from({ length: count }, () => 0.3 + roll())
    const want = Array.from({ length: count }, () => 0.5 + roll())
    return { pull: shares(pull), want: shares(want) }
  })
  const rows = Array.from({ length: people }, (_, i) => {
    const cells = shape.map(({ pull }) => {
      const share = roll()
      let v = 0
      for (let sum = pull[0] ?? 1; v < pull.length - 1 && share >= sum; sum += pull[v] ?? 0) v++
      return `v${v}`
    })
    return [`p${i}`, ...cells].join()
  })
  const quotas = shape.flatMap(({ want }, f) =>
    want.map((share, v) => `f${f},v${v},${Math.max(0, Math.floor(share * size) - 1)},${Math.ceil(share * size) + 1}`),
  )
  return {
    pool: `id,${shape.map((_, f) => `f${f}`).join()}\n${rows.join('\n')}\n`,
    quotas: `feature,value,min,max\n${quotas.join('\n')}\n`,
  }
}

function shares(list: number[]): number[] {
  const total = list.reduce((sum, x) => sum + x, 0)
  return list.map(x => x / total)
}

type Command = (
  args: string[],
  io: { out: (text: string) => unknown; err: (text: string) => unknown },
) => Promise<number>

/** A folder for files, removed after the tests, and commands run as they are from the command line. */
export function commandLine() {
  const folder = mkdtempSync(join(tmpdir(), 'selection-'))
  after(() => rmSync(folder, { recursive: true }))
  return {
    folder,
    file(name: string, text: string): string {
      const path = join(folder, name)
      writeFileSync(path, text)
      return path
    },
    async run(command: Command, ...args: string[]) {
      const out: string[] = []
      const err: string[] = []
      const code = await command(args, { out: text => out.push(text), err: text => err.push(text) })
      return { code, out: out.join(''), err: err.join('') }
    },
  }
}
