import { daysBetween, isDate } from '#src/platform/calendar/dates.ts'
import { londonDate, londonInstant, sayDate, sayInstant, startOfDay } from '#src/platform/calendar/london.ts'

/** Days after which it is asked why something is entered so late. */
const lateDays = 7

/** A day, or a day and a time of day, as someone types it: 2026-11-25, 25/11/2026, 25 11 2026 14:30, 14:30 (today). */
export function readWhen(text: string, now: Date): Date | undefined {
  const typed = text.trim()
  const time = /(?:^|\s)(\d{1,2}):(\d{2})$/.exec(typed)
  const day = (time ? typed.slice(0, time.index) : typed).trim()
  const date = day || !time ? readDay(day) : londonDate(now)
  if (!date) return undefined
  return time ? londonInstant(date, `${time[1]?.padStart(2, '0')}:${time[2]}`) : startOfDay(date)
}

/** A day in the form 2026-11-25, however it was typed. */
export function readDay(text: string): string | undefined {
  const [a = '', b = '', c = '', ...more] = text.trim().split(/[\s/.-]+/)
  if (more.length) return undefined
  const [year, month, day] = a.length === 4 ? [a, b, c] : [c, b, a]
  const date = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`
  return isDate(date) ? date : undefined
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
