import type { Io } from '#src/platform/socket.ts'
import { type House, within } from '../house.ts'
import { record } from '../ledger/ledger.ts'
import { system } from '../notice/actor.ts'
import { rotate } from './keys.ts'
import { MasterKeyError, makeMasters } from './masters.ts'

export const keysHelp = `panel keys make FILE     makes a master key file that only its owner can read
panel keys rotate        makes a new master key and wraps every dossier's keys under it; the service goes on
panel keys list          the master keys in the file
panel keys drop NAME     drops an old master key, once every copy of the key store that it opens is gone`

/** `panel keys make FILE`: needs no database. */
export function makeKeys(args: string[], now: Date, io: Io): number {
  const [file] = args
  if (!file || file.startsWith('-')) {
    io.err(keysHelp)
    return file === '--help' ? 0 : 2
  }
  try {
    makeMasters(file, now)
  } catch (error) {
    io.err(error instanceof MasterKeyError ? error.message : `${file} cannot be written.`)
    return 1
  }
  io.out(`${file} is made. Keep a copy apart from the database backups: without it nothing can be opened.`)
  return 0
}

/** The other `panel keys` commands. */
export async function keysCommand(args: string[], house: House, io: Io): Promise<number> {
  const [what, name] = args
  const by = system('keys')
  const note = (act: string, detail: { [name: string]: string | number }) =>
    within(house, { by, for: 'store' }, tx =>
      record(tx, { actor: by.id, role: 'system', purpose: 'store', act, detail, at: house.clock.now() }),
    )
  if (what === 'rotate') {
    const count = await rotate(house.keys, house.masters, house.clock.now())
    await note('master key rotated', { master: house.masters.currentId(), count })
    io.out(`${house.masters.currentId()} is the master key now; ${count} dossiers were wrapped anew.`)
    return 0
  }
  if (what === 'list') {
    for (const id of house.masters.ids()) io.out(`${id}${id === house.masters.currentId() ? ' (in use)' : ''}`)
    return 0
  }
  if (what === 'drop' && name) {
    try {
      if (!house.masters.ids().includes(name)) throw new MasterKeyError(`There is no master key ${name}.`)
      house.masters.drop(name)
    } catch (error) {
      io.err(error instanceof MasterKeyError ? error.message : 'The master key file cannot be written.')
      return 1
    }
    await note('master key dropped', { master: name })
    io.out(`${name} is dropped.`)
    return 0
  }
  io.err(keysHelp)
  return 2
}
