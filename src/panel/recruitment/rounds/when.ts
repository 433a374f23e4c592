import { readDay } from '#src/platform/calendar/day.ts'
import { londonDate, londonInstant, londonTime } from '#src/platform/calendar/london.ts'
import { textOf } from './desk.ts'

type Fields = { [field: string]: unknown }
export type Read<T> = { ok: true; value: T } | { ok: false; sentence: string }

/** Reads a date of three parts (`opensOn-day`, `-month`, `-year`). `name` begins what is said when it is wrong. */
export function readDate(fields: Fields, field: string, name: string): Read<string> {
  const [day, month, year] = ['day', 'month', 'year'].map(part => textOf(fields, `${field}-${part}`))
  if (!day && !month && !year) return { ok: false, sentence: `Enter the ${name.toLowerCase()}` }
  const value = readDay(`${day} ${month} ${year}`)
  return value ? { ok: true, value } : { ok: false, sentence: `${name} must be a real date` }
}

/** Reads a time of day as people write it: 9am, 5:30 pm, 17:30, midday. */
export function readTime(text: string): string | undefined {
  const plain = text.toLowerCase().replace(/\s|\./g, '')
  if (plain === 'midday' || plain === 'noon') return '12:00'
  const found = /^(\d{1,2})(?::?(\d{2}))?(am|pm)?$/.exec(plain)
  if (!found) return undefined
  const [, hours = '', minutes = '00', half] = found
  const hour = Number(hours)
  if (half && (hour < 1 || hour > 12)) return undefined
  const of24 = half ? (hour % 12) + (half === 'pm' ? 12 : 0) : hour
  if (of24 > 23 || Number(minutes) > 59) return undefined
  return `${String(of24).padStart(2, '0')}:${minutes}`
}

/** Reads a date and a time of day in London as one instant. */
export function readInstant(fields: Fields, field: string, name: string): Read<Date> {
  const date = readDate(fields, field, `${name} date`)
  if (!date.ok) return date
  const time = readTime(textOf(fields, `${field}-time`))
  if (!time) return { ok: false, sentence: `${name} time must be a time, like 9am or 5:30pm` }
  const value = londonInstant(date.value, time)
  if (!value)
    return { ok: false, sentence: `The clocks go forward at that time: choose another ${name.toLowerCase()} time` }
  return { ok: true, value }
}

/** The form's fields of a date. */
export function dateFields(field: string, date: string): Record<string, string> {
  const [year = '', month = '', day = ''] = date.split('-')
  return { [`${field}-day`]: String(Number(day)), [`${field}-month`]: String(Number(month)), [`${field}-year`]: year }
}

/** The form's fields of an instant. */
export function instantFields(field: string, at: Date): Record<string, string> {
  return { ...dateFields(field, londonDate(at)), [`${field}-time`]: londonTime(at) }
}
