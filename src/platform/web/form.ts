import { z } from 'zod'
import { readDay } from '../calendar/day.ts'

export type FieldErrors = { [field: string]: { text: string } }

/** A refused form, shaped for the GOV.UK macros: `error.email` beside the field, `errors` for the summary. */
export interface Refusal {
  ok: false
  error: FieldErrors
  errors: { text: string; href: string }[]
}

/** Reads a submitted form: the answer in its type, or what is wrong in the words that stand on the rules. */
export function read<S extends z.ZodType>(schema: S, body: unknown): { ok: true; answer: z.output<S> } | Refusal {
  const parsed = schema.safeParse(body ?? {})
  if (parsed.success) return { ok: true, answer: parsed.data }
  const seen = new Map<string, string>()
  for (const { path, message } of parsed.error.issues) {
    const field = String(path[0] ?? '')
    if (!seen.has(field)) seen.set(field, message)
  }
  return refuse(Object.fromEntries(seen))
}

/** A refusal of our own making: field by field, one sentence each. */
export function refuse(sentences: { [field: string]: string }): Refusal {
  const entries = Object.entries(sentences)
  return {
    ok: false,
    error: Object.fromEntries(entries.map(([field, text]) => [field, { text }])),
    errors: entries.map(([field, text]) => ({ text, href: `#${field}` })),
  }
}

const controls = /[^\P{Cc}\n\t]/gu

/** What a person typed, as they meant it: one form of Unicode, no control characters, no stray spaces at the ends. */
export function clean(text: string): string {
  return text.normalize('NFC').toWellFormed().replace(/\r\n?/g, '\n').replace(controls, '').trim()
}

const segmenter = new Intl.Segmenter('en-GB', { granularity: 'grapheme' })

/** How many characters a person sees. */
export function countCharacters(text: string): number {
  return [...segmenter.segment(text)].length
}

/** One line of text that must be there: `empty` is what is said when it is not. */
export function line(empty: string, name: string, most = 200) {
  return z
    .string(empty)
    .transform(text => clean(text).replace(/\s+/g, ' '))
    .refine(text => text.length > 0, empty)
    .refine(
      text => text.length <= most * 8 && countCharacters(text) <= most,
      `${name} must be ${most} characters or fewer`,
    )
}

/** Text of several lines that may be left out. */
export function prose(name: string, most: number) {
  return z
    .string()
    .default('')
    .transform(clean)
    .refine(
      text => text.length <= most * 8 && countCharacters(text) <= most,
      `${name} must be ${most} characters or fewer`,
    )
}

/** One of several codes, with what is said when none is chosen. */
export function choice<const C extends readonly [string, ...string[]]>(codes: C, sentence: string) {
  return z.enum(codes, sentence)
}

/** A list of tick boxes: none, one (sent as a word) or several (sent as a list). */
export function ticks<const C extends readonly [string, ...string[]]>(codes: C) {
  return z
    .union([z.array(z.enum(codes)), z.enum(codes).transform(one => [one])])
    .default([])
    .catch([])
}

/** A day as people write it, kept as `2027-03-27`; `sentence` is what is said when it is none. */
export function day(sentence: string) {
  return z.string(sentence).transform((text, context) => {
    const found = readDay(text)
    if (!found) context.addIssue({ code: 'custom', message: sentence })
    return found ?? ''
  })
}

export const email = z
  .string('Enter an email address')
  .transform(text => clean(text).replace(/\s/g, ''))
  .refine(text => text.length > 0, 'Enter an email address')
  .refine(
    text => text.length <= 254 && /^[^@<>(),;:"[\]\\]+@[^@.<>(),;:"[\]\\]+(\.[^@.<>(),;:"[\]\\]+)+$/.test(text),
    'Enter an email address in the correct format, like name@example.com',
  )

/** A telephone number as people write it; kept with single spaces. */
export const phone = z
  .string('Enter a phone number')
  .transform(text =>
    clean(text)
      .replace(/[\s().-]+/g, ' ')
      .trim(),
  )
  .refine(
    text =>
      /^\+?[\d ]+( ?(ext|x) ?\d{1,6})?$/i.test(text) &&
      text.replace(/\D/g, '').length >= 9 &&
      text.replace(/\D/g, '').length <= 21,
    'Enter a phone number, like 01632 960 001, 07700 900 982 or +44 808 157 0192',
  )

/** A postcode in any case and spacing; kept in the usual form. */
export const postcode = z
  .string('Enter a postcode')
  .transform(text =>
    clean(text)
      .toUpperCase()
      .replace(/[^A-Z0-9]/g, ''),
  )
  .refine(text => /^[A-Z]{1,2}\d[A-Z\d]?\d[A-Z]{2}$/.test(text), 'Enter a postcode, like PR2 0ET')
  .transform(text => `${text.slice(0, -3)} ${text.slice(-3)}`)
