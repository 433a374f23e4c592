import { addDays, weekday } from './dates.ts'

/**
 * Bank holidays of England and Wales: Banking and Financial Dealings Act 1971, Schedule 1, with the common-law days,
 * substitutes for days that fall on a weekend, and the days moved or added by proclamation.
 */
const moved: { [year: number]: { from: string; to: string } } = {
  2012: { from: '2012-05-28', to: '2012-06-04' },
  2020: { from: '2020-05-04', to: '2020-05-08' },
  2022: { from: '2022-05-30', to: '2022-06-02' },
}
const added = ['2011-04-29', '2012-06-05', '2022-06-03', '2022-09-19', '2023-05-08']

/** The bank holidays of a year (2010 and later), in order. */
export function bankHolidays(year: number): string[] {
  const easter = easterSunday(year)
  const days = [
    substitute(`${year}-01-01`, []),
    addDays(easter, -2),
    addDays(easter, 1),
    firstMonday(`${year}-05-01`),
    lastMonday(`${year}-05-31`),
    lastMonday(`${year}-08-31`),
    ...christmas(year),
    ...added.filter(day => day.startsWith(String(year))),
  ]
  const change = moved[year]
  return days.map(day => (day === change?.from ? change.to : day)).sort()
}

/** Whether work is done on a date in England and Wales. */
export function isWorkingDay(date: string): boolean {
  return weekday(date) < 6 && !bankHolidays(Number(date.slice(0, 4))).includes(date)
}

/** The date itself when it is a working day, else the next one. */
export function nextWorkingDay(date: string): string {
  let day = date
  while (!isWorkingDay(day)) day = addDays(day, 1)
  return day
}

/** The working day before a date. */
export function workingDayBefore(date: string): string {
  let day = addDays(date, -1)
  while (!isWorkingDay(day)) day = addDays(day, -1)
  return day
}

function christmas(year: number): string[] {
  const first = substitute(`${year}-12-25`, [`${year}-12-26`])
  return [first, substitute(`${year}-12-26`, [first])]
}

/** The day itself, or the next weekday that is not taken. */
function substitute(day: string, taken: string[]): string {
  let at = day
  const isBoxingDay = taken.length > 0 && weekday(day) < 6 && taken[0] !== day
  if (isBoxingDay) return day
  while (weekday(at) > 5 || taken.includes(at)) at = addDays(at, 1)
  return at
}

function firstMonday(from: string): string {
  let at = from
  while (weekday(at) !== 1) at = addDays(at, 1)
  return at
}

function lastMonday(from: string): string {
  let at = from
  while (weekday(at) !== 1) at = addDays(at, -1)
  return at
}

/** Easter Sunday by the Gregorian rule (Meeus, Jones and Butcher). */
function easterSunday(year: number): string {
  const a = year % 19
  const b = Math.floor(year / 100)
  const c = year % 100
  const d = Math.floor(b / 4)
  const f = Math.floor((b + 8) / 25)
  const g = Math.floor((b - f + 1) / 3)
  const h = (19 * a + b - d - g + 15) % 30
  const i = Math.floor(c / 4)
  const l = (32 + 2 * (b % 4) + 2 * i - h - (c % 4)) % 7
  const m = Math.floor((a + 11 * h + 22 * l) / 451)
  const month = Math.floor((h + l - 7 * m + 114) / 31)
  const day = ((h + l - 7 * m + 114) % 31) + 1
  return `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`
}
