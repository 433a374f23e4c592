import { parseArgs } from 'node:util'
import { isDate } from '#src/platform/calendar/dates.ts'
import type { Io } from '#src/platform/socket.ts'
import { type AccessCase, accessDue, complaintDue, type Due, whyNotAccess } from './clocks.ts'
import { applicantExpiry, memberExpiry } from './expiry.ts'

export const dueHelp = `panel due access DATE [--identity-asked D --identity-received D] [--clarification-asked D --answered D] [--extended]
panel due complaint DATE
panel due member-expiry TERM-START [--left D]
panel due applicant-expiry CLOSING-DATE
All of them take --json.

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
  const wrong = (sentence: string) => {
    io.err(sentence)
    return 2
  }
  const parsed = read(args)
  if (typeof parsed === 'string') return wrong(parsed)
  const { values, positionals } = parsed
  if (values.help) {
    io.out(dueHelp)
    return 0
  }
  const [what, date, ...more] = positionals
  if (!what || !date || more.length) return wrong(dueHelp)
  if (!kinds.some(kind => kind === what)) return wrong(`"${what}" is none of ${kinds.join(', ')}.`)
  for (const [name, value] of Object.entries({ date, ...values })) {
    if (typeof value === 'string' && !isDate(value)) return wrong(`"${value}" is not a date: write it like 2026-11-25.`)
    if (name !== 'date' && name !== 'json' && !takes[what]?.includes(name))
      return wrong(`panel due ${what} takes no --${name}.`)
  }
  const due = reckon(what, date, values)
  if (typeof due === 'string') return wrong(due)
  io.out(values.json ? JSON.stringify(due) : due.due)
  return 0
}

const kinds = ['access', 'complaint', 'member-expiry', 'applicant-expiry'] as const
const takes: { [what: string]: string[] } = {
  access: ['identity-asked', 'identity-received', 'clarification-asked', 'answered', 'extended'],
  'member-expiry': ['left'],
}

function read(args: string[]) {
  try {
    return parseArgs({ args, options, allowPositionals: true })
  } catch (error) {
    // What Node says ends with how to pass such an argument all the same, which nobody wants here.
    return error instanceof Error ? `${error.message.split('. ')[0]}.` : dueHelp
  }
}

type Values = Exclude<ReturnType<typeof read>, string>['values']

/** The date, or why there is none, in a sentence. */
function reckon(what: string, date: string, values: Values): Due | string {
  if (what === 'complaint') return complaintDue(date)
  if (what === 'applicant-expiry')
    return {
      due: applicantExpiry(date),
      steps: [`The round closed on ${date}.`, 'Six months later the application ends (N-50).'],
    }
  if (what === 'member-expiry') {
    if (values.left && values.left < date) return 'Nobody can leave before their term starts.'
    return {
      due: memberExpiry(date, values.left),
      steps: [
        `The term started on ${date}.`,
        'Thirty-six months, then six months more, each clamped to the end of its month (N-48, N-49).',
        ...(values.left ? [`The member left on ${values.left}: six months after that, if it is earlier.`] : []),
      ],
    }
  }
  const given: AccessCase = {
    received: date,
    ...(values['identity-asked'] ? { identityAsked: values['identity-asked'] } : {}),
    ...(values['identity-received'] ? { identityReceived: values['identity-received'] } : {}),
    ...(values['clarification-asked'] ? { clarificationAsked: values['clarification-asked'] } : {}),
    ...(values.answered ? { clarificationAnswered: values.answered } : {}),
    ...(values.extended ? { extended: true } : {}),
  }
  return whyNotAccess(given) ?? accessDue(given)
}
