import { parseArgs } from 'node:util'
import { isDate } from '#src/platform/calendar/dates.ts'
import type { Io } from '#src/platform/socket.ts'
import { accessDue, complaintDue, type Due } from './clocks.ts'
import { applicantExpiry, memberExpiry } from './expiry.ts'

export const dueHelp = `panel due access DATE [--identity-asked D --identity-received D] [--clarification-asked D --answered D] [--extended]
panel due complaint DATE
panel due member-expiry TERM-START [--left D]
panel due applicant-expiry CLOSING-DATE

Prints the date, and with --json how it was reached. Dates are like 2026-11-25.`

const option = { type: 'string' } as const
const options = {
  'identity-asked': option,
  'identity-received': option,
  'clarification-asked': option,
  answered: option,
  left: option,
  extended: { type: 'boolean' },
  json: { type: 'boolean' },
  help: { type: 'boolean' },
} as const

/** `panel due`: when something must be done, with each step of the reckoning. */
export async function dueCommand(args: string[], io: Io): Promise<number> {
  let parsed: ReturnType<typeof read>
  try {
    parsed = read(args)
  } catch {
    io.err(dueHelp)
    return 2
  }
  const { values, positionals } = parsed
  const [what, date] = positionals
  if (values.help) {
    io.out(dueHelp)
    return 0
  }
  const dates = [
    date,
    values['identity-asked'],
    values['identity-received'],
    values['clarification-asked'],
    values.answered,
    values.left,
  ]
  const wrong = dates.find(one => one !== undefined && !isDate(one))
  if (wrong !== undefined) {
    io.err(`"${wrong}" is not a date: write it like 2026-11-25.`)
    return 2
  }
  const due = date && what ? reckon(what, date, values) : undefined
  if (!due) {
    io.err(dueHelp)
    return 2
  }
  io.out(values.json ? JSON.stringify(due) : due.due)
  return 0
}

function read(args: string[]) {
  return parseArgs({ args, options, allowPositionals: true })
}

function reckon(what: string, date: string, values: ReturnType<typeof read>['values']): Due | undefined {
  if (what === 'complaint') return complaintDue(date)
  if (what === 'applicant-expiry')
    return {
      due: applicantExpiry(date),
      steps: [`The round closed on ${date}.`, 'Six months later the application ends (N-50).'],
    }
  if (what === 'member-expiry')
    return {
      due: memberExpiry(date, values.left),
      steps: [
        `The term started on ${date}.`,
        'Thirty-six months, then six months more, each clamped to the end of its month (N-48, N-49).',
        ...(values.left ? [`The member left on ${values.left}: six months after that, if it is earlier.`] : []),
      ],
    }
  if (what !== 'access') return undefined
  return accessDue({
    received: date,
    ...(values['identity-asked'] ? { identityAsked: values['identity-asked'] } : {}),
    ...(values['identity-received'] ? { identityReceived: values['identity-received'] } : {}),
    ...(values['clarification-asked'] ? { clarificationAsked: values['clarification-asked'] } : {}),
    ...(values.answered ? { clarificationAnswered: values.answered } : {}),
    ...(values.extended ? { extended: true } : {}),
  })
}
