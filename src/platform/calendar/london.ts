import { Temporal } from 'temporal-polyfill'

const zone = 'Europe/London'

/** The date in London at an instant, as `2026-11-23`. */
export function londonDate(at: Date): string {
  return inLondon(at).toPlainDate().toString()
}

/** The time in London at an instant, as `09:30`. */
export function londonTime(at: Date): string {
  return inLondon(at).toPlainTime().toString({ smallestUnit: 'minute' })
}

/**
 * The instant of a date and time of day in London. A time that the clocks skip in spring does not exist: the answer is
 * undefined. A time that comes twice in autumn is taken as the first.
 */
export function londonInstant(date: string, time: string): Date | undefined {
  try {
    const wanted = Temporal.PlainDateTime.from(`${date}T${time}`)
    const found = wanted.toZonedDateTime(zone, { disambiguation: 'earlier' })
    if (!found.toPlainDateTime().equals(wanted)) return undefined
    return new Date(found.epochMilliseconds)
  } catch {
    return undefined
  }
}

/** The first instant of a date in London. */
export function startOfDay(date: string): Date {
  return new Date(Temporal.PlainDate.from(date).toZonedDateTime(zone).epochMilliseconds)
}

/** "23 November 2026". */
export function sayDate(date: string | Date): string {
  const plain = typeof date === 'string' ? Temporal.PlainDate.from(date) : inLondon(date).toPlainDate()
  return `${plain.day} ${months[plain.month - 1]} ${plain.year}`
}

/** "9:30am on 23 November 2026"; midnight is said so that nobody mistakes the day. */
export function sayInstant(at: Date): string {
  const local = inLondon(at)
  return `${sayTime(local.hour, local.minute)} on ${sayDate(at)}`
}

function sayTime(hour: number, minute: number): string {
  if (hour === 0 && minute === 0) return 'midnight at the start of the day'
  if (hour === 12 && minute === 0) return 'midday'
  const minutes = minute ? `:${String(minute).padStart(2, '0')}` : ''
  return `${hour % 12 || 12}${minutes}${hour < 12 ? 'am' : 'pm'}`
}

const months = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
]

function inLondon(at: Date): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(at.getTime()).toZonedDateTimeISO(zone)
}
