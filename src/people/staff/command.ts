import { parseArgs } from 'node:util'
import type { Io } from '#src/platform/socket.ts'
import { email, line } from '#src/platform/web/form.ts'
import { type House, within } from '#src/promises/house.ts'
import { system } from '#src/promises/notice/actor.ts'
import { staffRoles } from '#src/promises/notice/purposes.ts'
import { hasAccount, invite, openAccounts, resetSecondFactor } from './accounts.ts'

export const staffHelp = `panel staff invite EMAIL --name NAME --role ROLE [--role ROLE]…
panel staff reset EMAIL

invite   sends a letter with a link that works for seven days
reset    takes a lost second step away, so that a new one is set up at the next sign-in

Roles: ${staffRoles.join(', ')}.`

const by = system('command line')
const safe = { by, for: 'keep the service safe' } as const
const options = {
  name: { type: 'string' },
  role: { type: 'string', multiple: true },
  help: { type: 'boolean' },
} as const

/** `panel staff`: how the first administrator of a new service gets in, and the only one who lost a phone. */
export async function staffCommand(args: string[], house: House, io: Io): Promise<number> {
  const asked = readArguments(args)
  if (asked?.values.help) {
    io.out(staffHelp)
    return 0
  }
  const [verb, address = ''] = asked?.positionals ?? []
  const read = email.safeParse(address)
  if (!asked || !read.success || (verb !== 'invite' && verb !== 'reset')) return wrongUse(io, staffHelp)
  if (verb === 'reset') return reset(house, io, read.data)
  const name = line('Give the name with --name.', 'The name').safeParse(asked.values.name)
  if (!name.success) return wrongUse(io, name.error.issues[0]?.message ?? staffHelp)
  const unknown = asked.values.role?.find(role => !staffRoles.some(known => known === role))
  if (unknown) return wrongUse(io, `There is no role "${unknown}". The roles are: ${staffRoles.join(', ')}.`)
  const roles = staffRoles.filter(role => asked.values.role?.includes(role))
  if (!roles.length) return wrongUse(io, `Give at least one role with --role: ${staffRoles.join(', ')}.`)
  const invited = await within(house, safe, async tx => {
    if (await hasAccount(tx, house, read.data)) return false
    await invite(tx, house, by, { name: name.data, email: read.data, roles })
    return true
  })
  if (!invited) {
    io.err('There is an account with this email address.')
    return 1
  }
  io.out('The invitation is on its way.')
  return 0
}

function readArguments(args: string[]) {
  try {
    return parseArgs({ args, options, allowPositionals: true })
  } catch {
    return undefined
  }
}

function wrongUse(io: Io, sentence: string): number {
  io.err(sentence)
  return 2
}

async function reset(house: House, io: Io, address: string): Promise<number> {
  const ids = await house.vault.findByEmail(address)
  const done = await within(house, safe, async tx => {
    const open = await openAccounts(tx, ids)
    for (const { id } of open) await resetSecondFactor(tx, house, by, id)
    return open.length
  })
  if (!done) {
    io.err('There is no open account with this email address.')
    return 1
  }
  io.out('The second step is taken away. A new one is set up at the next sign-in.')
  return 0
}
