import { addMonths, earlier } from '#src/platform/calendar/dates.ts'

/** [N-50] An applicant's record ends six months after the round's closing date, whenever a decision was made. */
export function applicantExpiry(closingDate: string): string {
  return addMonths(closingDate, 6)
}

/**
 * [N-48] A member's record ends six months after the three-year term: (start + 36 months) + 6 months, which is never
 * later than start + 42 months (29 February). One who leaves early: six months after leaving, if that is earlier.
 */
export function memberExpiry(termStart: string, left?: string): string {
  const whole = addMonths(addMonths(termStart, 36), 6)
  return left ? earlier(whole, addMonths(left, 6)) : whole
}
