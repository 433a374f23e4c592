import { parseArgs } from 'node:util'
import type { Io } from '#src/platform/socket.ts'
import { email } from '#src/platform/web/form.ts'
import { type House, within } from '#src/promises/house.ts'
import { system } from '#src/promises/notice/actor.ts'
import { staffRoles } from '#src/promises/notice/purposes.ts'
import { invite } from './accounts.ts'

export const staffHelp = `panel staff invite EMAIL --name NAME --role ROLE [--role ROLE]…

Roles: ${staffRoles.join(', ')}. The letter holds a link that works for seven days.`

/** `panel staff invite`: how the first administrator of a new service gets in. */
export async function staffCommand(args: string[], house: House, io: Io): Promise<number> {
  const options = {
    name: { type: 'string' },
    role: { type: 'string', multiple: true },
    help: { type: 'boolean' },
  } as const
  let parsed: {
    values: { name?: string | undefined; role?: string[] | undefined; help?: boolean | undefined }
    positionals: string[]
  }
  try {
    parsed = parseArgs({ args, options, allowPositionals: true })
  } catch {
    io.err(staffHelp)
    return 2
  }
  const { values, positionals } = parsed
  if (values.help) {
    io.out(staffHelp)
    return 0
  }
  const address = email.safeParse(positionals[0] ?? '')
  const roles = staffRoles.filter(role => values.role?.includes(role))
  const unknown = values.role?.find(role => !staffRoles.some(known => known === role))
  if (!address.success || !values.name || !roles.length || unknown) {
    io.err(unknown ? `There is no role "${unknown}". The roles are: ${staffRoles.join(', ')}.` : staffHelp)
    return 2
  }
  const by = system('command line')
  const { name } = values
  await within(house, { by, for: 'keep the service safe' }, tx =>
    invite(tx, house, by, { name, email: address.data, roles }),
  )
  io.out('The invitation is on its way.')
  return 0
}
