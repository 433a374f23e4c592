import { addDays, addMonths, daysBetween } from '#src/platform/calendar/dates.ts'
import { isWorkingDay, nextWorkingDay, workingDayBefore } from '#src/platform/calendar/holidays.ts'

export interface Due {
  due: string
  /** The last day to give notice of an extension. */
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

/**
 * When a request must be answered: UK GDPR Art 12A read with Regulation (EEC, Euratom) 1182/71 Art 3. The month runs
 * from the later of receipt and proof of identity; the days from asking for clarification to the answer, both
 * included, do not count; a period that would end on a day off ends on the next working day.
 */
export function accessDue(given: AccessCase): Due {
  const steps: string[] = []
  const start =
    given.identityReceived && given.identityReceived > given.received ? given.identityReceived : given.received
  steps.push(
    start === given.received
      ? `The request was received on ${start}: the month begins.`
      : `Identity was proved on ${start}: the month begins then (Art 12A(2)).`,
  )
  const paused =
    given.clarificationAsked && given.clarificationAnswered
      ? daysBetween(given.clarificationAsked, given.clarificationAnswered) + 1
      : 0
  if (paused) steps.push(`${paused} days from asking to the answer do not count (Art 12A(5)).`)
  const month = addDays(addMonths(start, 1), paused)
  const monthEnd = workingEnd(month, steps)
  if (!given.extended) return { due: monthEnd, notice_by: monthEnd, steps }
  const noticeBy = isWorkingDay(month) ? month : workingDayBefore(month)
  steps.push(`Extended by two further months; notice, with reasons, by ${noticeBy} (Art 12A(3) and (4)).`)
  return { due: workingEnd(addDays(addMonths(start, 3), paused), steps), notice_by: noticeBy, steps }
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
