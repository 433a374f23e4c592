import { addDays, addMonths, daysBetween } from '#src/platform/calendar/dates.ts'
import { isWorkingDay, nextWorkingDay, workingDayBefore } from '#src/platform/calendar/holidays.ts'

export interface Due {
  due: string
  /** The last day on which it is safe to give notice of an extension. */
  notice_by?: string
  /** How the date was reached, a sentence a step. */
  steps: string[]
}

export interface AccessCase {
  received: string
  identityAsked?: string
  identityReceived?: string
  clarificationAsked?: string
  clarificationAnswered?: string
  extended?: boolean
}

/** Why dates of a request cannot have been so, in one sentence; undefined when they can. */
export function whyNotAccess(given: AccessCase): string | undefined {
  const { received, identityAsked, identityReceived, clarificationAsked, clarificationAnswered } = given
  if (identityReceived && !identityAsked) return 'Say when proof of identity was asked for, too.'
  if (clarificationAnswered && !clarificationAsked) return 'Say when clarification was asked for, too.'
  if (identityAsked && identityAsked < received) return 'Proof of identity cannot be asked for before the request came.'
  if (clarificationAsked && clarificationAsked < received)
    return 'Clarification cannot be asked for before the request came.'
  if (identityAsked && identityReceived && identityReceived < identityAsked)
    return 'Proof of identity cannot come before it was asked for.'
  if (clarificationAsked && clarificationAnswered && clarificationAnswered < clarificationAsked)
    return 'Clarification cannot come before it was asked for.'
  return undefined
}

/**
 * When a request must be answered: UK GDPR Art 12A read with Regulation (EEC, Euratom) 1182/71 Art 3. The month runs
 * from the later of receipt and proof of identity; the days from asking for clarification to the answer, both
 * included, do not count; a period that would end on a day off ends on the next working day. Notice of an extension is
 * given before the month ends on any reading: where that is a day off, on the working day before it.
 */
export function accessDue(given: AccessCase): Due {
  const steps: string[] = []
  const { received, identityAsked, identityReceived } = given
  const start = identityReceived && identityReceived > received ? identityReceived : received
  steps.push(
    start === received
      ? `The request was received on ${start}: the month begins.`
      : `Identity was proved on ${start}: the month begins then (Art 12A(2)).`,
  )
  if (identityAsked && !identityReceived)
    steps.push(
      `Proof of identity was asked for on ${identityAsked} and has not come: the month begins when it does, and the date moves with it.`,
    )
  const paused = pausedDays(given, start, steps)
  const month = addDays(addMonths(start, 1), paused)
  const noticeBy = isWorkingDay(month) ? month : workingDayBefore(month)
  if (!given.extended) return { due: workingEnd(month, steps), notice_by: noticeBy, steps }
  steps.push(
    `The month ends on ${month}; extended by two further months, with notice and reasons by ${noticeBy} (Art 12A(3) and (4)).`,
  )
  return { due: workingEnd(addDays(addMonths(start, 3), paused), steps), notice_by: noticeBy, steps }
}

/** Days that do not count while clarification is awaited; those before the month began do not count anyway. */
function pausedDays(given: AccessCase, start: string, steps: string[]): number {
  const { clarificationAsked: asked, clarificationAnswered: answered } = given
  if (asked && !answered)
    steps.push(
      `Clarification was asked for on ${asked} and has not come: the clock stands, and the date moves with it.`,
    )
  if (!asked || !answered || answered < start) return 0
  const days = daysBetween(asked > start ? asked : start, answered) + 1
  steps.push(
    `${days === 1 ? '1 day' : `${days} days`} from asking to the answer ${days === 1 ? 'does' : 'do'} not count (Art 12A(5)).`,
  )
  return days
}

/** When a complaint must be acknowledged: 30 days, counted from the day after receipt (DPA 2018 s.164A(3)). */
export function complaintDue(received: string): Due {
  const steps = [`The complaint was received on ${received}: the 30 days are counted from the next day.`]
  return { due: workingEnd(addDays(received, 30), steps), steps }
}

function workingEnd(date: string, steps: string[]): string {
  const end = nextWorkingDay(date)
  steps.push(
    end === date ? `It ends on ${end}.` : `${date} is not a working day, so it ends on ${end} (Reg 1182/71 Art 3(4)).`,
  )
  return end
}
