import { randomBytes } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { basename } from 'node:path'
import { parseArgs } from 'node:util'
import { digest } from './commitment.ts'
import { keptSalt, publishDraw, publishLottery } from './folder.ts'
import type { Objective, Progress } from './lottery.ts'
import { pose } from './problem.ts'
import { agree } from './reading/agree.ts'
import { type Fault, say } from './reading/fault.ts'
import { joinConfirmed, readPairs } from './reading/join.ts'
import { readPool } from './reading/pool.ts'
import { readQuotas } from './reading/quotas.ts'
import { report, reportInfeasible } from './report.ts'
import { drawFrom, findAndCommit } from './select.ts'

/** Where a command writes; `isTerminal` says whether progress may be redrawn in place. */
export type Io = { out: (text: string) => unknown; err: (text: string) => unknown; isTerminal?: boolean }

const help = `panel select --pool FILE --quotas FILE --size N

Draws a panel by a lottery in which the lowest chance is as high as it can be, and proves it.

  --pool FILE          the people, one a row (CSV, UTF-8)
  --quotas FILE        category,feature,min,max or feature,value,min,max, with min_flex,max_flex if wanted
  --size N             how many people the panel has
  --id COLUMN          the column of ids (otherwise “id”, or the row number)
  --household COL,COL  one person at most from people whose columns are equal
  --confirmed FILE     people already confirmed, with the columns of the pool; they count towards size and quotas
  --apart FILE         pairs of ids who may not sit together, two columns
  --passed-over COLUMN how often a person was passed over before: their chance grows by as many times
  --objective NAME     leximin (default), maximin, nash, goldilocks
  --cap P              nobody’s chance above P
  --reserves N         reserves, in order
  --panels M           M numbered panels for a draw with dice or balls
  --number N           the number that dice or balls gave
  --seed TEXT          public randomness to draw with (otherwise a secret one is made and shown)
  --time-limit SECONDS the best answer so far after that, with its proved gap
  --out DIR            writes what is published, and beside it what is not
  --commit             with --out: writes the commitment and draws nobody yet
  --json FILE          writes everything, with who was selected

Exit: 0 proved best, 1 quotas that cannot be met or stopped by the limit, 2 wrong input.
`

/** \`panel select\`: reads, finds the lottery, draws, reports. Returns the exit code. */
export async function select(args: string[], io: Io): Promise<number> {
  const started = performance.now()
  const wishes = readArguments(args, io)
  if (typeof wishes === 'number') return wishes
  const { options } = wishes
  const faults: Fault[] = []
  const files = readFiles([options.pool, options.quotas, options.confirmed, options.apart], faults)
  const quotasName = basename(options.quotas)
  const quotas = files[1] ? readQuotas(files[1], quotasName, faults) : []
  const columns = {
    ...(options.id ? { id: options.id } : {}),
    homeOf: new Map<string, number>(),
    ...(options['passed-over'] ? { passedOver: options['passed-over'] } : {}),
    ...(options.household ? { household: options.household.split(',').map(name => name.trim()) } : {}),
  }
  const alone = files[0] ? readPool(files[0], basename(options.pool), quotas, columns, faults) : undefined
  const joined =
    alone && files[2] && options.confirmed
      ? joinConfirmed(alone, files[2], basename(options.confirmed), quotas, columns, faults)
      : { pool: alone, confirmed: [] }
  const { pool, confirmed } = joined
  const apart = pool && files[3] && options.apart ? readPairs(files[3], basename(options.apart), pool, faults) : []
  if (pool) agree(pool, quotas, wishes.size, { pool: basename(options.pool), quotas: quotasName }, faults)
  if (pool && confirmed.length > wishes.size)
    faults.push({
      file: basename(options.confirmed ?? ''),
      what: `${confirmed.length} people are confirmed already, more than the size.`,
      mend: 'Make the panel larger, or confirm fewer.',
    })
  if (!pool || faults.length) {
    for (const fault of faults) io.err(`${say(fault)}\n`)
    if (options.json) writeFileSync(options.json, `${JSON.stringify({ faults }, null, 1)}\n`)
    return 2
  }
  const problem = pose(pool, quotas, wishes.size, { confirmed, apart })
  const read = (performance.now() - started) / 1000
  const kept = options.out ? keptSalt(options.out) : undefined
  const used = { pool: files[0] ?? Buffer.alloc(0), quotas: files[1] ?? Buffer.alloc(0) }
  const found = await findAndCommit(problem, used, {
    ...wishes,
    // Without a folder to keep it in, the salt is the seed's: the same seed must give the same panel.
    salt: kept ?? digest(`salt ${wishes.seed ?? randomBytes(16).toString('hex')}`),
    onProgress: progressTo(io),
  })
  if (io.isTerminal) io.err('\r\u001b[K')
  if ('stopped' in found || 'infeasible' in found) {
    if (options.json) writeFileSync(options.json, `${JSON.stringify(found, null, 1)}\n`)
    io.out('stopped' in found ? 'Stopped by the limit before any panel was found.\n' : reportInfeasible(found))
    return 1
  }
  if (options.out && !publishLottery(options.out, found)) {
    io.err(`${options.out} holds another commitment: pool, quotas or wishes have changed since. Use another folder.\n`)
    return 2
  }
  if (options.commit) {
    io.out(`Committed, and nobody drawn yet. Commitment: ${found.prepared.commitment}\n`)
    return found.lottery.certificate.optimal ? 0 : 1
  }
  const { selection, draw } = drawFrom(found, wishes, started)
  if (options.out) publishDraw(options.out, draw)
  selection.seconds.read = read
  selection.seconds.total = (performance.now() - started) / 1000
  if (options.json) writeFileSync(options.json, `${JSON.stringify(selection)}\n`)
  io.out(report(selection))
  return selection.certificate.optimal ? 0 : 1
}

function readArguments(args: string[], io: Io) {
  try {
    const { values } = parseArgs({
      args,
      options: {
        pool: { type: 'string' },
        quotas: { type: 'string' },
        size: { type: 'string' },
        id: { type: 'string' },
        household: { type: 'string' },
        confirmed: { type: 'string' },
        apart: { type: 'string' },
        'passed-over': { type: 'string' },
        objective: { type: 'string', default: 'leximin' },
        cap: { type: 'string' },
        reserves: { type: 'string', default: '0' },
        panels: { type: 'string' },
        seed: { type: 'string' },
        number: { type: 'string' },
        'time-limit': { type: 'string' },
        out: { type: 'string' },
        commit: { type: 'boolean', default: false },
        json: { type: 'string' },
        help: { type: 'boolean', default: false },
      },
    })
    if (values.help) {
      io.out(help)
      return 0
    }
    const wrong: string[] = []
    for (const name of ['pool', 'quotas', 'size'] as const) if (!values[name]) wrong.push(`Give --${name}.`)
    const whole = (name: 'size' | 'reserves' | 'panels' | 'number') => {
      if (values[name] !== undefined && !/^\d{1,9}$/.test(values[name])) wrong.push(`--${name} must be a whole number.`)
      return Number(values[name] ?? 0)
    }
    const above = (name: 'cap' | 'time-limit', most: number) => {
      const number = Number(values[name] ?? 1)
      if (!(number > 0 && number <= most))
        wrong.push(`--${name} must be a number above 0${most === 1 ? ' and at most 1' : ''}.`)
      return number
    }
    const size = whole('size')
    const reserves = whole('reserves')
    const panels = whole('panels')
    const number = whole('number')
    if (values.number !== undefined && (number < 1 || number > panels))
      wrong.push('--number must be from 1 to what --panels says.')
    if (values.commit && !values.out) wrong.push('--commit needs --out, so that the same lottery is drawn from later.')
    const cap = above('cap', 1)
    const timeLimit = values['time-limit'] === undefined ? undefined : above('time-limit', Infinity)
    const objective = (['leximin', 'maximin', 'nash', 'goldilocks'] as Objective[]).find(
      name => name === values.objective,
    )
    if (!objective) wrong.push('--objective must be leximin, maximin, nash or goldilocks.')
    if (wrong.length || !objective) {
      io.err(`${wrong.join('\n')}\nSee panel select --help.\n`)
      return 2
    }
    const options = { ...values, pool: values.pool ?? '', quotas: values.quotas ?? '' }
    return {
      options,
      size,
      reserves,
      objective,
      cap,
      ...(panels ? { panels } : {}),
      ...(number ? { number } : {}),
      ...(values.seed === undefined ? {} : { seed: values.seed }),
      ...(timeLimit === undefined ? {} : { timeLimit }),
    }
  } catch (error) {
    io.err(`${error instanceof Error ? error.message : error}\nSee panel select --help.\n`)
    return 2
  }
}

function readFiles(paths: (string | undefined)[], faults: Fault[]): (Buffer | undefined)[] {
  return paths.map(path => {
    if (path === undefined) return undefined
    try {
      return readFileSync(path)
    } catch {
      faults.push({ file: path, what: 'The file cannot be read.', mend: 'Check its name and that you may open it.' })
      return undefined
    }
  })
}

const steps: Record<Progress['step'], string> = {
  target: 'finding the fairest chances',
  draw: 'drawing panels',
  certify: 'writing them as a lottery',
  price: 'searching panel by panel',
  check: 'checking that nobody can be raised',
}

function progressTo(io: Io): (progress: Progress) => void {
  let last = 0
  return ({ step, done, of }) => {
    if (!io.isTerminal || performance.now() - last < 100) return
    last = performance.now()
    io.err(`\r\u001b[K${steps[step]}: ${done} of ${of}`)
  }
}

export { checkSelectionCommand as checkSelection } from './check/command.ts'
export { verifyDrawCommand as verifyDraw } from './verify-draw.ts'
