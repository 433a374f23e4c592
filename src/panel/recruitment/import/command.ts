import { createReadStream } from 'node:fs'
import { access, readFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { type House, within } from '#src/promises/house.ts'
import { system } from '#src/promises/notice/actor.ts'
import { roundInHand } from '../list/routes.ts'
import { rounds } from '../round.ts'
import { alreadyHere } from './already.ts'
import { importCopy } from './copy.ts'
import { groundOf, importApplicants, whyNotImport } from './import.ts'
import { mapped } from './mapping.ts'
import { readApplicants } from './read.ts'
import { UnreadableFile } from './rows.ts'

/** Where a command writes: `out` for what was asked, `err` for what went wrong; a line a call. */
export interface Io {
  out(line: string): void
  err(line: string): void
}

export const importHelp = `panel round import FILE [--map COLUMN=FIELD]… [--good-rows] [--new-only] [--tell] [--dry-run] [--json] [--round ID]

Takes applications that came on paper from a CSV file into the open round, or the latest one. Columns are known by
their headings; --map says what a column holds, and COLUMN= leaves it out. A row that cannot be taken is shown with its
line and why; then nothing is imported, unless --good-rows is given. Rows that look like an application that is there
already, or like an earlier row, are counted; --new-only leaves them out. --tell writes to each who can be reached that
their application is here. --dry-run imports nothing.`

const options = {
  map: { type: 'string', multiple: true },
  round: { type: 'string', default: '' },
  'good-rows': { type: 'boolean', default: false },
  'new-only': { type: 'boolean', default: false },
  tell: { type: 'boolean', default: false },
  'dry-run': { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const

export const importCopyHelp = `panel rights import FILE [--round ID] [--json]

Takes someone's own copy of their data (the JSON that they took from a panel) into the open round, or the latest one: what
they told the other panel, as they told it. What its staff wrote is left out.`

/** `panel rights import`: someone's own copy becomes their application. Returns the exit code: 0 done, 1 refused, 2 wrong use. */
export async function importCopyCommand(args: readonly string[], house: House, io: Io): Promise<number> {
  const asked = readArgs(args)
  const [file] = typeof asked === 'string' ? [] : asked.positionals
  if (typeof asked !== 'string' && asked.values.help) {
    io.out(importCopyHelp)
    return 0
  }
  if (typeof asked === 'string' || !file || !(await isThere(file))) {
    io.err(typeof asked === 'string' ? asked : file ? `There is no file ${file}.` : importCopyHelp)
    return 2
  }
  const by = system('import')
  const text = await readFile(file, 'utf8')
  return within(house, { by, for: 'administer the panel' }, async tx => {
    const published = (await rounds(tx)).filter(round => round.publishedAt)
    const round = await roundInHand(tx, house, asked.values.round, published)
    const why = round ? await whyNotImport(tx, house, round) : 'No round has been published yet'
    const id = round && !why ? await importCopy(tx, house, by, round, text) : undefined
    if (!round || !id) {
      io.err(`${why ?? 'The file is not a copy that a person took from a panel, or it has no name in it'}.`)
      return 1
    }
    io.out(asked.values.json ? JSON.stringify({ record: id, round: round.name }) : `Taken into ${round.name}: ${id}.`)
    return 0
  })
}

/** `panel round import`. Returns the exit code: 0 done, 1 refused, 2 wrong use. */
export async function importCommand(args: readonly string[], house: House, io: Io): Promise<number> {
  const asked = readArgs(args)
  if (typeof asked === 'string') {
    io.err(asked)
    return 2
  }
  const { values, positionals } = asked
  const [file] = positionals
  if (values.help) {
    io.out(importHelp)
    return 0
  }
  if (!file || positionals.length > 1) {
    io.err(importHelp)
    return 2
  }
  if (!(await isThere(file))) {
    io.err(`There is no file ${file}.`)
    return 2
  }
  const by = system('import')
  try {
    return await within(house, { by, for: 'administer the panel' }, async tx => {
      const published = (await rounds(tx)).filter(round => round.publishedAt)
      const round = await roundInHand(tx, house, values.round, published)
      const why = round ? await whyNotImport(tx, house, round) : 'No round has been published yet'
      if (!round || why) throw new UnreadableFile(why ?? '')
      const ground = await groundOf(tx, house, round, (headings, questions) =>
        mapped(values.map ?? [], headings, questions),
      )
      const { good, bad, faults } = await readApplicants(createReadStream(file), ground)
      const { already, fresh } = await alreadyHere(tx, house, by, round.id, good)
      const taken = values['new-only'] ? fresh : good
      const refused = bad > 0 && !values['good-rows']
      const ids =
        refused || values['dry-run']
          ? []
          : await importApplicants(tx, house, by, round, taken, { receipts: values.tell })
      const summary = {
        round: round.name,
        good: good.length,
        bad,
        already: already.length,
        imported: ids.length,
        faults,
      }
      if (values.json) io.out(JSON.stringify(summary))
      else {
        for (const fault of faults) io.err(`Line ${fault.line}: ${fault.why}.`)
        if (bad > faults.length) io.err(`And ${bad - faults.length} more.`)
        if (already.length) io.err(alreadyWords(already.length, values['new-only']))
        io.out(`${good.length} good rows, ${bad} bad rows, ${ids.length} imported into ${round.name}.`)
        if (refused) io.err('Nothing was imported. Mend the rows, or give --good-rows.')
      }
      return refused ? 1 : 0
    })
  } catch (error) {
    if (!(error instanceof UnreadableFile)) throw error
    if (values.json) io.out(JSON.stringify({ refused: error.sentence }))
    else io.err(`${error.sentence}.`)
    return 1
  }
}

function alreadyWords(count: number, leftOut: boolean): string {
  const rows = count === 1 ? '1 row looks' : `${count} rows look`
  const then = leftOut ? 'left out' : 'see “Likely duplicates”, or give --new-only to leave them out'
  return `${rows} like an application that is there already, or like an earlier row: ${then}.`
}

function readArgs(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true })
  } catch (error) {
    if (error instanceof TypeError) return error.message
    throw error
  }
}

async function isThere(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  )
}
