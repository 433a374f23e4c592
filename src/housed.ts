import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { runCommand } from '#src/commands.ts'
import { fingerprint, migrateAll, openHouse } from '#src/house.ts'
import { type Clock, clockFrom, systemClock } from '#src/platform/clock.ts'
import { ConfigError, readConfig } from '#src/platform/config.ts'
import { openPGlite, openPostgresOwner } from '#src/platform/database/database.ts'
import { FolderInUse } from '#src/platform/database/lock.ts'
import { type Io, sendCommand } from '#src/platform/socket.ts'
import { MasterKeyError } from '#src/promises/vault/masters.ts'
import { restoreCommand } from '#src/restore.ts'

/** A command that needs the house: sent to the service that has it open, or run in a house opened for it. */
export async function commandInHouse(args: string[], env: NodeJS.ProcessEnv, io: Io): Promise<number> {
  const [first] = args
  try {
    // A command needs the house, not the site: settings of the site alone do not stop it.
    const config = readConfig({ ...env, PANEL_MODE: 'demo' })
    if (first === 'migrate') return await migrateCommand(config, io)
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

async function migrateCommand(config: ReturnType<typeof readConfig>, io: Io): Promise<number> {
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
