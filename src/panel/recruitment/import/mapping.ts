import { plain } from '../list/find.ts'
import type { Question } from '../round.ts'
import { fieldLabels, type ImportField } from './fields.ts'

/** Which field each column holds: a field's name, `answer1` and on for the round's questions, or nothing. */
export type Mapping = ReadonlyMap<number, string>

const usual: Record<ImportField, string> = {
  name: 'name|full name|first name|forename|last name|surname',
  email: 'email|e mail|email address',
  phone: 'phone|phone number|telephone|mobile|mobile number',
  address: 'address|address1|address2|primary address1|primary address2|street|town|city|primary city',
  postcode: 'postcode|post code|zip|primary zip',
  channel: 'channel|preferred channel|contact by',
  landlord: 'landlord|landlord name|name of landlord',
  tenancy: 'tenancy|tenure|tenancy type',
  area: 'area|council|council area|local authority|lad code|ltla24 code',
  ageRange: 'age|age range|age band|age bracket|age group',
  gender: 'gender|sex',
  termsServed: 'terms|terms served',
  adjustments: 'adjustments|reasonable adjustments|support needs',
  ethnicity: 'ethnicity|ethnic group',
  received: 'received|date received|received on',
}

/** The fields that a column can be mapped to, with their words. */
export function targets(questions: readonly Question[]): Map<string, string> {
  return new Map([
    ...Object.entries(fieldLabels),
    ...questions.map((question, at) => [`answer${at + 1}`, `Answer: ${question.title}`] as const),
  ])
}

/** What each column most likely holds, by its heading. */
export function guess(headings: readonly string[], questions: readonly Question[]): Mapping {
  const known = new Map(
    Object.entries(usual).flatMap(([field, words]) => words.split('|').map(word => [word, field] as const)),
  )
  for (const field of Object.keys(fieldLabels)) known.set(plain(field), field)
  questions.forEach((question, at) => {
    for (const heading of [question.title, `answer${at + 1}`, `question ${at + 1}`])
      known.set(plain(heading), `answer${at + 1}`)
  })
  const mapping = new Map<number, string>()
  headings.forEach((heading, column) => {
    const field = known.get(plain(heading.replace(/_/g, ' ')))
    if (field) mapping.set(column, field)
  })
  return mapping
}

/** The mapping that someone gave as `column=field`, on top of the likely one; a sentence when it names what is not there. */
export function mapped(
  given: readonly string[],
  headings: readonly string[],
  questions: readonly Question[],
): Mapping | string {
  const mapping = new Map(guess(headings, questions))
  const known = targets(questions)
  for (const one of given) {
    const cut = one.lastIndexOf('=')
    const heading = one.slice(0, Math.max(cut, 0))
    const field = one.slice(cut + 1)
    const column = headings.indexOf(heading)
    if (cut < 1 || column < 0) return `The file has no column “${heading || one}”.`
    if (field && !known.has(field)) return `There is no field “${field}”. Fields: ${[...known.keys()].join(', ')}.`
    if (field) mapping.set(column, field)
    else mapping.delete(column)
  }
  return mapping
}
