import { parseArgs } from 'node:util'
import { isDate } from '#src/platform/calendar/dates.ts'
import { londonDate } from '#src/platform/calendar/london.ts'
import type { Io } from '#src/platform/socket.ts'
import { type House, within } from '../house.ts'
import { system } from '../notice/actor.ts'
import { resumeSweep, sweep } from './sweep.ts'

const by = system('operator')

export const retentionHelp = `panel retention --as-of DATE --dry-run [--json]
panel retention
panel retention --resume

Without --dry-run it sweeps now, as it does every night. With it, it counts what would have ended by DATE.
--resume lets the sweep go on that waits since a restore: look at the dry run first.`

/** What would end by a date, by kind of dossier and by why it would not. */
export async function whatEnds(
  house: House,
  asOf: string,
): Promise<{ ends: Record<string, number>; held: number; stays: number }> {
  const ends: Record<string, number> = {}
  let held = 0
  let stays = 0
  let after = ''
  for (;;) {
    const page = await house.keys.page(after, 2000)
    const last = page.at(-1)
    if (!last) return { ends, held, stays }
    after = last.id
    for (const one of page.filter(record => record.state === 'alive'))
      if (one.expiresOn > asOf) stays++
      else if (one.held) held++
      else ends[one.kind] = (ends[one.kind] ?? 0) + 1
  }
}

/** `panel retention`. */
export async function retentionCommand(args: string[], house: House, io: Io): Promise<number> {
  const options = {
    'as-of': { type: 'string' },
    'dry-run': { type: 'boolean' },
    resume: { type: 'boolean' },
    json: { type: 'boolean' },
    help: { type: 'boolean' },
  } as const
  let values: {
    'as-of'?: string | undefined
    'dry-run'?: boolean | undefined
    resume?: boolean | undefined
    json?: boolean | undefined
    help?: boolean | undefined
  }
  try {
    values = parseArgs({ args, options }).values
  } catch {
    io.err(retentionHelp)
    return 2
  }
  if (values.help) {
    io.out(retentionHelp)
    return 0
  }
  if (values.resume) {
    const lifted = await within(house, { by, for: 'store' }, tx => resumeSweep(tx, house, by))
    io.out(lifted ? 'The sweep goes on tonight.' : 'The sweep was not waiting.')
    return 0
  }
  const asOf = values['as-of'] ?? londonDate(house.clock.now())
  if (!isDate(asOf) || (values['as-of'] && !values['dry-run'])) {
    io.err(
      isDate(asOf)
        ? 'A date can only be given with --dry-run: deletion happens on the true date.'
        : `"${asOf}" is not a date: write it like 2026-11-25.`,
    )
    return 2
  }
  if (!values['dry-run']) {
    const done = await sweep(house.reach)
    io.out(
      values.json
        ? JSON.stringify(done)
        : done.waits
          ? 'The sweep waits for a person after a restore: panel retention --resume.'
          : `${done.ended} ended, ${done.finished} finished.`,
    )
    return done.waits ? 1 : 0
  }
  const counts = await whatEnds(house, asOf)
  const lines = Object.entries(counts.ends).map(([kind, count]) => `${count} of kind ${kind}: date reached`)
  io.out(
    values.json
      ? JSON.stringify({ asOf, ...counts })
      : [
          `By ${asOf}:`,
          ...(lines.length ? lines : ['nothing ends']),
          `${counts.held} past their date but held`,
          `${counts.stays} stay`,
        ].join('\n'),
  )
  return 0
}
