import { parseArgs } from 'node:util'
import type { Io } from '#src/platform/socket.ts'
import type { House } from '../house.ts'
import { BackupFault, backup, type MainManifest } from './backup.ts'

export const backupHelp = `panel backup DIR [--no-trial] [--json]

Backs up the main data, the sealed files and, apart from them, the key store, into DIR, while the service runs or not.
The backup is then read back into a scratch database, unless --no-trial is given. The master key file is in neither
part: keep it elsewhere, with other people.`

/** `panel backup DIR`; `trial` reads a backup into a scratch database. Returns the exit code. */
export async function backupCommand(
  args: string[],
  house: House,
  io: Io,
  trial: (dir: string) => Promise<MainManifest>,
): Promise<number> {
  const asked = readArgs(args)
  const dir = asked?.positionals[0]
  if (!asked || asked.values.help || !dir || asked.positionals.length > 1) {
    if (asked?.values.help) io.out(backupHelp)
    else io.err(backupHelp)
    return asked?.values.help ? 0 : 2
  }
  try {
    const { main, keys } = await backup(house, dir)
    const tried = !asked.values['no-trial']
    if (tried) await trial(dir)
    const stamp = main.file.replace('.panel', '')
    const rows = Object.values(main.rows).reduce((sum, count) => sum + count, 0)
    if (asked.values.json) io.out(JSON.stringify({ stamp, dir, tried, main, keys: { ...keys, key: undefined } }))
    else {
      io.out(`Backed up as ${stamp}: ${rows} rows of ${Object.keys(main.rows).length} tables, ${keys.rows.key} keys.`)
      io.out(tried ? 'A trial restore read it whole.' : 'It was not tried.')
    }
    return 0
  } catch (error) {
    if (!(error instanceof BackupFault)) throw error
    io.err(error.message)
    return 1
  }
}

function readArgs(args: string[]) {
  try {
    const options = { 'no-trial': { type: 'boolean' }, json: { type: 'boolean' }, help: { type: 'boolean' } } as const
    return parseArgs({ args, options, allowPositionals: true })
  } catch {
    return undefined
  }
}
