import { parseArgs } from 'node:util'
import { addMonths, isDate } from '#src/platform/calendar/dates.ts'
import { londonDate } from '#src/platform/calendar/london.ts'
import type { Io } from '#src/platform/socket.ts'
import { type House, within } from '../house.ts'
import { system } from '../notice/actor.ts'
import { processors } from '../notice/processors.ts'
import { hostName } from './form.ts'
import { endProcessor, keepProcessor, processorEntries } from './processors.ts'

export const processorHelp = `panel processor add NAME --host HOST [--host HOST]… --does TEXT --contract DATE
      [--place TEXT] [--mechanism TEXT] [--evidence DATE] [--review DATE] [--recipient RECIPIENT]
panel processor list [--json]
panel processor end NAME

The register of processors: in live mode the service starts only when an entry names every host that it uses for the
database, the key store, mail, files and sign-in (this machine itself needs none). The data protection officer keeps it
on the page Protection → Processors; the command is for before the first start. Dates are like 2026-11-25. Without
--place the data stays in the United Kingdom; the evidence was checked today; someone looks again in a year.`

const by = system('operator')
const text = { type: 'string' } as const
const options = {
  host: { type: 'string', multiple: true },
  does: text,
  contract: text,
  place: text,
  mechanism: text,
  evidence: text,
  review: text,
  recipient: text,
  json: { type: 'boolean' },
  help: { type: 'boolean' },
} as const

/** `panel processor`. Returns the exit code: 0 done, 1 refused, 2 wrong use. */
export async function processorCommand(args: string[], house: House, io: Io): Promise<number> {
  const asked = readArgs(args)
  const [what, name] = asked?.positionals ?? []
  if (!asked || asked.values.help || asked.positionals.length > 2) {
    if (asked?.values.help) io.out(processorHelp)
    else io.err(processorHelp)
    return asked?.values.help ? 0 : 2
  }
  if (what === 'list') return list(house, io, asked.values.json === true)
  if (what === 'end' && name) {
    const done = await within(house, { by, for: 'exercise rights' }, tx => endProcessor(tx, house, by, name))
    if (done) io.out(`${name} has ended: its hosts are refused at the next start.`)
    else io.err(`No standing entry is called ${name}.`)
    return done ? 0 : 1
  }
  const { host: hosts = [], does, contract } = asked.values
  if (what !== 'add' || !name || !hosts.length || !does || !contract) {
    io.err(processorHelp)
    return 2
  }
  const today = londonDate(house.clock.now())
  const { evidence = today, review = addMonths(today, 12), recipient } = asked.values
  const wrong = [contract, evidence, review].find(date => !isDate(date))
  const odd = hosts.find(host => hostName(host) === undefined)
  const known = recipient === undefined ? undefined : processors.find(one => one.name === recipient)
  const why = wrong
    ? `"${wrong}" is not a date: write it like 2026-11-25.`
    : odd
      ? `"${odd}" is not the name of a machine: write it like mail.example.org.`
      : recipient !== undefined && !known
        ? `"${recipient}" is none of ${processors.map(one => one.name).join(', ')}.`
        : undefined
  if (why) {
    io.err(why)
    return 2
  }
  const judged = {
    name,
    does,
    recipient: known?.name ?? null,
    hosts: hosts.flatMap(host => hostName(host) ?? []),
    place: asked.values.place ?? 'United Kingdom',
    mechanism: asked.values.mechanism ?? 'none is needed',
    contract_on: contract,
    evidence_on: evidence,
    review_on: review,
  }
  await within(house, { by, for: 'exercise rights' }, tx => keepProcessor(tx, house, by, judged))
  io.out(`${name} is in the register, with ${judged.hosts.join(', ')}.`)
  return 0
}

async function list(house: House, io: Io, json: boolean): Promise<number> {
  const all = await within(house, { by, for: 'exercise rights' }, tx => processorEntries(tx))
  if (json) io.out(JSON.stringify(all.map(({ kept_by: _by, id: _id, ...one }) => one)))
  else if (!all.length) io.out('The register has no entry.')
  else
    for (const one of all)
      io.out(
        `${one.name}: ${one.hosts.join(', ')}; ${one.ended_on ? `ended ${one.ended_on}` : `look again on ${one.review_on}`}`,
      )
  return 0
}

function readArgs(args: string[]) {
  try {
    return parseArgs({ args, options, allowPositionals: true })
  } catch {
    return undefined
  }
}
