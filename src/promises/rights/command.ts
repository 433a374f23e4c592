import { createWriteStream, existsSync, readFileSync } from 'node:fs'
import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { pipeline } from 'node:stream/promises'
import { parseArgs } from 'node:util'
import { z } from 'zod'
import type { Io } from '#src/platform/socket.ts'
import { csv } from '#src/platform/web/csv.ts'
import { type House, within } from '../house.ts'
import { system } from '../notice/actor.ts'
import { bundleFaults } from './bundle.ts'
import type { WriteToRequester } from './cases.ts'
import { type AccessCopy, accessCopy, copyJson, copyRows } from './copy.ts'
import { receive } from './intake/receive.ts'
import { eightRights } from './rights.ts'

export const rightsHelp = `panel rights export RECORD|EMAIL [--out FILE] [--csv]
panel rights import FILE [--round ID] [--json]
panel rights receive FILE.eml [--as RIGHT] [--json]
panel rights check FILE

export: everything held about one person, as JSON (or as CSV): for an access request that the service itself cannot answer. It is
written in the ledger. An email address that several records share names them; choose one by its id.
receive: an email that came to the data protection mailbox becomes a case that counts from its date. RIGHT is access,
correction, erasure, restriction, transfer, objection, portability, withdrawal or complaint; without it a person says so.
check: whether a bundle for the regulator is as it was when it was made.`

/** \`panel rights\`. Returns the exit code: 0 done, 1 refused, 2 wrong use. */
export async function rightsCommand(args: string[], house: House, io: Io, write?: WriteToRequester): Promise<number> {
  const asked = readArgs(args)
  const [what, who] = asked?.positionals ?? []
  if (asked?.values.help) {
    io.out(rightsHelp)
    return 0
  }
  if (what === 'receive' && who)
    return receiveMail(house, who, asked?.values.as, asked?.values.json === true, io, write)
  if (what === 'check' && who) return checkBundle(who, io)
  if (!asked || what !== 'export' || !who) {
    io.err(rightsHelp)
    return 2
  }
  const ids = z.uuid().safeParse(who).success ? [who] : await house.vault.findByEmail(who)
  const records = []
  for (const id of ids) if ((await house.vault.record(id))?.kind === 'panel') records.push(id)
  const [id] = records
  if (!id || records.length > 1) {
    io.err(id ? `Several records have this address: ${records.join(', ')}.` : 'No living record is known by that.')
    return 1
  }
  const by = system('operator')
  const copy = await within(house, { by, for: 'exercise rights' }, tx => accessCopy(tx, house, by, id))
  if (!copy) {
    io.err('No living record is known by that.')
    return 1
  }
  const pieces = asked.values.csv ? table(copy) : copyJson(house, copy)
  if (asked.values.out) {
    await pipeline(pieces, createWriteStream(asked.values.out, { mode: 0o600 }))
    io.out(`Written to ${asked.values.out}.`)
  } else io.out((await text(Readable.from(pieces))).trimEnd())
  return 0
}

async function receiveMail(
  house: House,
  file: string,
  as: string | undefined,
  json: boolean,
  io: Io,
  write?: WriteToRequester,
): Promise<number> {
  const matter = as === undefined ? 'unsorted' : [...eightRights, 'complaint' as const].find(one => one === as)
  if (!matter || !existsSync(file)) {
    io.err(matter ? `There is no file ${file}.` : `"${as}" is none of ${[...eightRights, 'complaint'].join(', ')}.`)
    return 2
  }
  const taken = await receive(house, system('intake'), readFileSync(file), { matter }, write)
  if (typeof taken === 'string') {
    io.err(`${taken}.`)
    return 1
  }
  const { reference, due, isKnown } = taken
  const says = isKnown ? 'has this email already' : 'is open'
  io.out(json ? JSON.stringify({ reference, due }) : `${reference} ${says}; it is due on ${due}.`)
  return 0
}

function checkBundle(file: string, io: Io): number {
  if (!existsSync(file)) {
    io.err(`There is no file ${file}.`)
    return 2
  }
  const faults = bundleFaults(readFileSync(file))
  for (const fault of faults) io.err(fault)
  if (!faults.length) io.out('Every part is as it was when the bundle was made.')
  return faults.length ? 1 : 0
}

async function* table(copy: AccessCopy): AsyncGenerator<string> {
  const [head = [], ...rows] = copyRows(copy)
  yield csv(head, rows)
}

function readArgs(args: string[]) {
  try {
    const options = {
      out: { type: 'string' },
      csv: { type: 'boolean' },
      help: { type: 'boolean' },
      json: { type: 'boolean' },
      as: { type: 'string' },
    } as const
    return parseArgs({ args, options, allowPositionals: true })
  } catch {
    return undefined
  }
}
