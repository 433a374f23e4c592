import { existsSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { migrateAll, openFiles, openKeyStore } from '#src/house.ts'
import type { Config } from '#src/platform/config.ts'
import { type OwnerConnection, openPGlite, openPostgresOwner } from '#src/platform/database/database.ts'
import type { Io } from '#src/platform/socket.ts'
import { BackupFault, type MainManifest } from '#src/promises/keeping/backup.ts'
import { replayDeaths, takeTheWordOfMain } from '#src/promises/keeping/reconcile.ts'
import { restoreKeys, restoreMain, tryMain } from '#src/promises/keeping/restore.ts'
import type { KeyStore } from '#src/promises/vault/keystore.ts'
import { type Masters, openMasters } from '#src/promises/vault/masters.ts'

const help = `panel restore DIR [--at STAMP] [--keys] [--check] [--json]

Puts the newest backup in DIR, or the one of STAMP, in place of the main data; the service must not run. Today's key
store decides: what was erased since stays erased, and dates, holds and restrictions are today's. Where there is no key
store, its newest copy in DIR comes back first. The nightly sweep then waits: see panel retention --resume.

  --keys    bring back the key store alone, from its copy, where there is none
  --check   only read the backup into a scratch database`

/** `panel restore DIR`. Returns the exit code: 0 done, 1 refused, 2 wrong use. */
export async function restoreCommand(args: string[], config: Config, now: Date, io: Io): Promise<number> {
  const asked = readArgs(args)
  const dir = asked?.positionals[0]
  if (!asked || asked.values.help || !dir || asked.positionals.length > 1) {
    if (asked?.values.help) io.out(help)
    else io.err(help)
    return asked?.values.help ? 0 : 2
  }
  const { at, json } = asked.values
  const say = (told: object, words: string) => io.out(json ? JSON.stringify(told) : words)
  const masters = openMasters(config.masterKeyFile)
  const keys = await openKeyStore(config)
  try {
    if (!existsSync(dir)) throw new BackupFault(`There is no folder ${dir}.`)
    if (asked.values.check) {
      const { rows } = await trial({ keys, masters }, dir, at)
      say({ ok: true, rows }, 'The backup can be restored.')
      return 0
    }
    const isNew = (await keys.page('', 1)).length === 0
    const copy = isNew || asked.values.keys ? await restoreKeys({ keys, masters }, dir, at) : undefined
    return await asOwner(config, async owner => {
      if (asked.values.keys && copy) {
        await owner.query(`select set_config('panel.purpose', 'store', false), set_config('panel.world', '*', false)`)
        const died = await replayDeaths(keys, text => owner.query(text), now)
        const lost = await takeTheWordOfMain(keys, text => owner.query(text))
        const words = `${copy.count} keys are back from ${copy.at}; ${died} that died since died again.`
        say({ ...copy, died, lost }, lost ? `${words} ${lost} records began later: nobody can open them.` : words)
        return 0
      }
      const files = openFiles(config)
      const done = await restoreMain({ owner, keys, masters, files, now }, dir, at)
      const { gone, changed, missing } = done
      const lacks = Object.entries(missing).map(([kind, count]) => `${count} of kind ${kind}`)
      const began = lacks.length
        ? ` What began since the backup is not in it: ${lacks.join(', ')}. Ask those people again; requests may still lie in the mailbox.`
        : ''
      say(
        { at: done.at, gone, changed, missing, jobs: done.jobs, rows: done.rows },
        `The main data of ${done.at} is back. ${gone} records that ended since are deleted, ${changed} follow the key store.${began} The sweep waits: look, then run panel retention --resume.`,
      )
      return 0
    })
  } catch (error) {
    if (!(error instanceof BackupFault)) throw error
    io.err(error.message)
    return 1
  } finally {
    await keys.close()
  }
}

/** Reads a backup into a scratch database in memory. */
export async function trial(
  with_: { keys: KeyStore; masters: Masters },
  dir: string,
  stamp?: string,
): Promise<MainManifest> {
  let manifest: MainManifest | undefined
  const scratch = await openPGlite({ fingerprint: 'trial' }, async owner => {
    await migrateAll(owner)
    manifest = await tryMain({ owner, ...with_ }, dir, stamp)
  })
  await scratch.close()
  if (!manifest) throw new BackupFault('The backup could not be tried.')
  return manifest
}

/** Works as the database's owner, migrated, while no service is open on it. */
async function asOwner(config: Config, work: (owner: OwnerConnection) => Promise<number>): Promise<number> {
  if (config.databaseUrl || config.ownerDatabaseUrl) {
    if (!config.ownerDatabaseUrl)
      throw new BackupFault(
        'OWNER_DATABASE_URL must name the database as its owner: the service may not put data back.',
      )
    const owner = await openPostgresOwner(config.ownerDatabaseUrl)
    try {
      const others = await owner.query(
        `select from pg_stat_activity where datname = current_database() and application_name = 'panelkeeper'`,
      )
      if (others.length) throw new BackupFault('The service is running: stop it first.')
      await migrateAll(owner)
      return await work(owner)
    } finally {
      await owner.close()
    }
  }
  let code = 1
  const opened = await openPGlite({ dir: config.dataDir, fingerprint: 'restored' }, async owner => {
    await migrateAll(owner)
    code = await work(owner)
  })
  await opened.close()
  return code
}

function readArgs(args: string[]) {
  try {
    const options = {
      at: { type: 'string' },
      keys: { type: 'boolean' },
      check: { type: 'boolean' },
      json: { type: 'boolean' },
      help: { type: 'boolean' },
    } as const
    return parseArgs({ args, options, allowPositionals: true })
  } catch {
    return undefined
  }
}
