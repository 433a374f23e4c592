import { isDate } from './dates.ts'

/**
 * A day as people write it, in the order of this country: "27 March 2027", "27 Mar 2027", "27/3/2027", "27.3.2027",
 * "2027-03-27". Answers `2027-03-27`, or undefined where it is no real day.
 */
export function readDay(text: string): string | undefined {
  const plain = text.trim().toLowerCase().replace(/,/g, ' ')
  if (isDate(plain)) return plain
  const [, day = '', month = '', year = ''] =
    /^(\d{1,2})(?:st|nd|rd|th)?[\s/.-]+(\d{1,2}|[a-z]{3,9})[\s/.-]+(\d{4})$/.exec(plain) ?? []
  const iso = `${year}-${String(monthNumber(month)).padStart(2, '0')}-${day.padStart(2, '0')}`
  return isDate(iso) ? iso : undefined
}

/** The number of a month that is written as a number, whole, or by three letters or more; 0 where it is none. */
export function monthNumber(text: string): number {
  const word = text.trim().toLowerCase()
  if (/^\d{1,2}$/.test(word)) return Number(word)
  return word.length < 3 ? 0 : months.findIndex(month => month.startsWith(word)) + 1
}

const months = [
  'january',
  'february',
  'march',
  'april',
  'may',
  'june',
  'july',
  'august',
  'september',
  'october',
  'november',
  'december',
]
