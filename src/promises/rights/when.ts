import { daysBetween } from '#src/platform/calendar/dates.ts'
import { readDay } from '#src/platform/calendar/day.ts'
import { londonDate, londonInstant, sayDate, sayInstant, startOfDay } from '#src/platform/calendar/london.ts'

/** Days after which it is asked why something is entered so late. */
const lateDays = 7

/** A day, or a day and a time of day, as someone types it: 25 November 2026, 25/11/2026, 25 11 2026 14:30, 14:30 (today). */
export function readWhen(text: string, now: Date): Date | undefined {
  const typed = text.trim()
  const time = /(?:^|\s)(\d{1,2}):(\d{2})$/.exec(typed)
  const day = (time ? typed.slice(0, time.index) : typed).trim()
  const date = day || !time ? readDay(day) : londonDate(now)
  if (!date) return undefined
  return time ? londonInstant(date, `${time[1]?.padStart(2, '0')}:${time[2]}`) : startOfDay(date)
}

/** When something came: a day whose time nobody noted is said as a day. */
export function sayWhen(at: Date): string {
  const date = londonDate(at)
  return startOfDay(date).getTime() === at.getTime() ? sayDate(date) : sayInstant(at)
}

/** Whether something came so long ago that a reason for entering it only now is kept. */
export function isOld(came: Date, now: Date): boolean {
  return daysBetween(londonDate(came), londonDate(now)) > lateDays
}
