import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { runCommand } from '#src/commands.ts'
import { fingerprint, migrateAll, openHouse } from '#src/house.ts'
import { checkSelection, select, verifyDraw } from '#src/panel/selection/command.ts'
import { type Clock, clockFrom, systemClock } from '#src/platform/clock.ts'
import { ConfigError, readConfig } from '#src/platform/config.ts'
import { openPGlite, openPostgresOwner } from '#src/platform/database/database.ts'
import { FolderInUse } from '#src/platform/database/lock.ts'
import { sendCommand } from '#src/platform/socket.ts'
import { dueCommand } from '#src/promises/retention/due/command.ts'
import { makeKeys } from '#src/promises/vault/command.ts'
import { MasterKeyError } from '#src/promises/vault/masters.ts'
import { restoreCommand } from '#src/restore.ts'

const help = `panel COMMAND [--help] [--json]

  migrate                       bring the database up to date (OWNER_DATABASE_URL)
  staff invite|reset EMAIL      invite a member of staff, or take a lost second step away
  round import FILE             take applications that came on paper from a CSV file
  select                        draw a panel, with its proof (needs no database)
  check-selection FILE          check a selection, by a separate small program
  verify-draw FOLDER            check a public draw from its published files
  verify [--entries N --root R] read the whole ledger, name the first entry that was changed; or check a kept head
  backup DIR                    back up the main data and, apart from it, the key store
  restore DIR                   put a backup back; today's key store decides what lives
  retention                     what ends, and when; --resume lets the sweep go on after a restore
  due                           when a request, a complaint or a record is due
  evidence                      each clause of the notice: what enforces it, what proves it, live figures
  rights export RECORD|EMAIL    everything held about one person
  rights import FILE            someone’s own copy (JSON) becomes their application here
  rights receive FILE.eml       an email to the data protection mailbox becomes a case
  rights check FILE             whether a bundle for the regulator is as it was made
  processor add|list|end        who works for the panel; live use needs every host named
  notice check                  hold the data map against the schema, the forms and the clauses
  keys make|rotate|list|drop    the master keys

Exit: 0 done, 1 refused or not satisfied, 2 wrong use.
`
const io = {
  out: (line: string) => void process.stdout.write(`${line}\n`),
  err: (line: string) => void process.stderr.write(`${line}\n`),
}
const raw = {
  out: (text: string) => process.stdout.write(text),
  err: (text: string) => process.stderr.write(text),
  isTerminal: process.stderr.isTTY === true,
}

process.exitCode = await main(process.argv.slice(2))

async function main(args: string[]): Promise<number> {
  const [first, second, ...rest] = args
  if (!first || first === '--help' || first === 'help') {
    process.stdout.write(help)
    return first ? 0 : 2
  }
  if (first === 'select') return select(args.slice(1), raw)
  if (first === 'check-selection') return checkSelection(args.slice(1), raw)
  if (first === 'verify-draw') return verifyDraw(args.slice(1), raw)
  if (first === 'due') return dueCommand(args.slice(1), io)
  try {
    if (first === 'keys' && second === 'make') return makeKeys(rest, new Date(), io)
    // A command needs the house, not the site: settings of the site alone do not stop it.
    const config = readConfig({ ...process.env, PANEL_MODE: 'demo' })
    if (first === 'migrate') return await migrateCommand(config)
    if (first === 'restore') return await restoreCommand(args.slice(1), config, clockOf(config).now(), io)
    const sent = config.databaseUrl ? undefined : await sendCommand(config.dataDir, absolute(args), io)
    if (sent !== undefined) return sent
    const house = await openHouse(config, clockOf(config))
    try {
      return await runCommand(args, house, io)
    } finally {
      await house.close()
    }
  } catch (error) {
    const isOurs = error instanceof ConfigError || error instanceof FolderInUse || error instanceof MasterKeyError
    io.err(isOurs ? error.message : `That could not be done: ${error instanceof Error ? error.message : 'unknown'}`)
    return 1
  }
}

function clockOf(config: ReturnType<typeof readConfig>): Clock {
  return config.now ? clockFrom(config.now) : systemClock
}

/** The running service stands in another folder: files are named from the root. */
function absolute(args: string[]): string[] {
  if (args[0] === 'backup') return args.map((word, at) => (at && !word.startsWith('-') ? resolve(word) : word))
  return args[0] === 'round' || args[0] === 'rights'
    ? args.map(word => (existsSync(word) ? resolve(word) : word))
    : args
}

async function migrateCommand(config: ReturnType<typeof readConfig>): Promise<number> {
  let applied: string[] = []
  if (config.ownerDatabaseUrl ?? config.databaseUrl) {
    if (!config.ownerDatabaseUrl) {
      io.err('OWNER_DATABASE_URL must name the database as its owner: the running service may create nothing.')
      return 1
    }
    const owner = await openPostgresOwner(config.ownerDatabaseUrl)
    applied = await migrateAll(owner).finally(() => owner.close())
  } else {
    const opened = await openPGlite({ dir: config.dataDir, fingerprint: fingerprint() }, async owner => {
      applied = await migrateAll(owner)
    })
    await opened.close()
  }
  io.out(applied.length ? `Applied: ${applied.join(', ')}.` : 'The database is up to date.')
  return 0
}
