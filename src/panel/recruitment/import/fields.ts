import type { z } from 'zod'
import { readDay } from '#src/platform/calendar/day.ts'
import { clean, countCharacters, email, line, phone, postcode } from '#src/platform/web/form.ts'
import { councilByCode, councils } from '../councils.ts'
import { plain } from '../list/find.ts'
import { ageRanges, channels, ethnicGroups, genders, tenancies } from '../options.ts'

/** The fields that a column of a file can hold, with the words of the page. Answers to the round's questions come besides. */
export const fieldLabels = {
  name: 'Full name',
  email: 'Email address',
  phone: 'Phone number',
  address: 'Postal address',
  postcode: 'Postcode',
  channel: 'How they want to hear from us',
  landlord: 'Landlord',
  tenancy: 'How they rent or own their home',
  area: 'Council area',
  ageRange: 'Age range',
  gender: 'Gender',
  termsServed: 'Terms served before',
  adjustments: 'What would help them take part',
  ethnicity: 'Ethnic group',
  received: 'Date received',
} as const
export type ImportField = keyof typeof fieldLabels

/** Reads one cell that is not empty: what is kept, or why it cannot be. No sentence quotes what a person wrote. */
type Reader = (text: string) => { value: string } | { why: string }

const groups = Object.entries(ethnicGroups).flatMap(([code, { label, backgrounds }]) => [
  [code, label] as const,
  ...Object.entries(backgrounds),
])

export const readers: Record<ImportField, Reader> = {
  name: by(line('There is no name', 'The name')),
  email: by(email),
  phone: by(phone),
  address: text => {
    const lines = text
      .split('\n')
      .map(one => one.trim())
      .filter(Boolean)
    const long = lines.length > 5 || text.length > 300
    return long ? { why: 'The address must be 5 lines and 300 characters or fewer' } : { value: lines.join('\n') }
  },
  postcode: by(postcode),
  channel: oneOf(channels, 'The way to hear from us must be email, phone or post'),
  landlord: by(line('There is no landlord', 'The landlord', 150)),
  tenancy: oneOf(tenancies, 'How they rent or own their home is not one of the choices on the form', {
    'council tenant': 'council-tenant',
    'housing association tenant': 'association-tenant',
    'shared owner': 'shared-owner',
    leaseholder: 'leaseholder',
  }),
  area: text => {
    const code = councilByCode(text.toUpperCase())?.code ?? councilsByName.get(plain(text))
    return code ? { value: code } : { why: 'The council area is not one in England' }
  },
  ageRange: text => {
    const band = plain(text.replace('+', ' and over'))
      .replace(/ (to|or) /, ' ')
      .replaceAll(' ', '-')
    const code = Object.keys(ageRanges).find(one => one === band || one === band.replace('-over', '-and-over'))
    return code ? { value: code } : oneOf(ageRanges, 'The age range is not one of those on the form')(text)
  },
  gender: oneOf(genders, 'The gender is not one of the choices on the form', {
    male: 'man',
    female: 'woman',
    'non binary or other': 'non-binary',
    'prefer to self describe': 'own-words',
  }),
  termsServed: text =>
    /^[0-2]$/.test(text)
      ? { value: text }
      : { why: text === '3' ? 'They have served three terms already' : 'Terms served must be 0, 1, 2 or 3' },
  adjustments: text =>
    text.length <= 1000 ? { value: text } : { why: 'What would help them must be 1,000 characters or fewer' },
  ethnicity: oneOf(
    { ...Object.fromEntries(groups), 'not-said': 'Prefer not to say' },
    'The ethnic group is not one of the choices on the form',
  ),
  received: text => {
    const day = readDay(text)
    return day ? { value: day } : { why: 'The date received must be a date, like 29/1/2027' }
  },
}

/** Reads an answer to a question of the round. */
export function readAnswer(text: string, most: number): { value: string } | { why: string } {
  const count = text.length > most * 8 ? text.length : countCharacters(text)
  return count > most ? { why: `An answer must be ${most} characters or fewer` } : { value: text }
}

/** [N-23] Only an age range is kept: a column that says it holds dates of birth, or a cell that looks like one. */
export function namesBirth(heading: string): boolean {
  return /\b(dob|d o b|date of birth|birth ?date|birthday|born)\b/.test(plain(heading.replace(/_/g, ' ')))
}
export function looksLikeBirth(text: string): boolean {
  return /^((\d{1,2})[\s/.-]+(\d{1,2}|[a-z]{3,9})[\s/.,-]+(19\d\d|20[01]\d)|\d{1,2}[/.-]\d{1,2}[/.-]\d\d|(19\d\d|20[01]\d)-\d\d-\d\d.{0,9})$/i.test(
    text.trim(),
  )
}

const councilsByName = new Map(councils.map(({ code, name }) => [plain(name), code]))

function by(schema: z.ZodType<string>): Reader {
  return text => {
    const read = schema.safeParse(text)
    return read.success ? { value: read.data } : { why: read.error.issues[0]?.message ?? 'It cannot be read' }
  }
}

/** One of the form's choices, by its code, its words, or words that other forms use. */
function oneOf(options: Record<string, string>, why: string, others: Record<string, string> = {}): Reader {
  const known = new Map<string, string>()
  for (const [code, words] of Object.entries(options)) known.set(plain(code), code).set(plain(words), code)
  for (const [words, code] of Object.entries(others)) known.set(words, code)
  return text => {
    const value = known.get(plain(clean(text)))
    return value ? { value } : { why }
  }
}
