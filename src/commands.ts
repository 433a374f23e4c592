import { parseArgs } from 'node:util'
import { tell } from '#src/panel/correspondence/tell.ts'
import { datesKept } from '#src/panel/membership/dates-kept.ts'
import { importCommand, importCopyCommand } from '#src/panel/recruitment/import/command.ts'
import { staffCommand } from '#src/people/staff/command.ts'
import { doorsKept } from '#src/people/staff/doors-kept.ts'
import { sayDate } from '#src/platform/calendar/london.ts'
import type { Io } from '#src/platform/socket.ts'
import { evidenceCommand } from '#src/promises/evidence/command.ts'
import type { House } from '#src/promises/house.ts'
import { backupCommand } from '#src/promises/keeping/command.ts'
import { link } from '#src/promises/ledger/linker.ts'
import { verify } from '#src/promises/ledger/verify.ts'
import { system } from '#src/promises/notice/actor.ts'
import { processorCommand } from '#src/promises/processors/command.ts'
import { noticeCheck } from '#src/promises/publishing/check.ts'
import { retentionCommand } from '#src/promises/retention/command.ts'
import { rightsCommand } from '#src/promises/rights/command.ts'
import { keysCommand } from '#src/promises/vault/command.ts'
import { trial } from '#src/restore.ts'

/** The commands that need the house open: run by the command line, or by the service on its behalf. */
export async function runCommand(args: string[], house: House, io: Io): Promise<number> {
  const [first = '', second = '', ...rest] = args
  if (first === 'backup') return backupCommand(args.slice(1), house, io, dir => trial(house, dir))
  if (first === 'verify') return verifyCommand(args.slice(1), house, io)
  if (first === 'evidence') return evidenceCommand(args.slice(1), house, io, [datesKept, doorsKept])
  if (first === 'rights' && second === 'import') return importCopyCommand(rest, house, io)
  if (first === 'rights')
    return rightsCommand(args.slice(1), house, io, (tx, id, letter, detail) =>
      tell(tx, house, system('rights'), id, letter, { ...detail, ...(detail.due ? { due: sayDate(detail.due) } : {}) }),
    )
  if (first === 'retention') return retentionCommand(args.slice(1), house, io)
  if (first === 'processor') return processorCommand(args.slice(1), house, io)
  if (first === 'keys') return keysCommand(args.slice(1), house, io)
  if (first === 'notice' && second === 'check') return noticeCheck(house, io)
  if (first === 'round' && second === 'import') return importCommand(rest, house, io)
  if (first === 'staff') return staffCommand(args.slice(1), house, io)
  io.err(`There is no command "${args.join(' ')}". See panel --help.`)
  return 2
}

async function verifyCommand(args: string[], house: House, io: Io): Promise<number> {
  const { values } = parseArgs({
    args,
    options: { json: { type: 'boolean' }, entries: { type: 'string' }, root: { type: 'string' } },
  })
  if ((values.entries === undefined) !== (values.root === undefined)) {
    io.err('Give --entries and --root together, as they stand in the message that you kept.')
    return 2
  }
  await link(house)
  const kept = values.root === undefined ? undefined : { size: Number(values.entries), root: values.root }
  const verdict = await verify(house, kept)
  if (values.json) io.out(JSON.stringify(verdict))
  else if (verdict.ok) io.out(verdict.says)
  else io.err(verdict.says)
  return verdict.ok ? 0 : 1
}
