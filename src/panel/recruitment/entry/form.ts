import { clean, type Refusal, refuse } from '#src/platform/web/form.ts'
import type { Values } from '#src/promises/vault/vault.ts'
import { type ImportField, readAnswer, readers } from '../import/fields.ts'
import { adjustments as needs } from '../options.ts'
import type { Question } from '../round.ts'
import { textOf } from '../rounds/desk.ts'
import { readDate } from '../rounds/when.ts'
import { isMarked } from '../sensitive.ts'
import { addressValue, adjustmentsValue, answersValue } from '../values.ts'

type Fields = { [field: string]: unknown }

/** How an application that staff type in came, and how its sender was given the privacy notice. */
export const cameBy = { phone: 'By phone', post: 'By post' } as const
export const noticeHow = {
  'read out by phone': 'We read it out by phone',
  'sent by post': 'We sent it by post',
  'on the paper form': 'It stood on the paper form',
} as const

export interface Entry {
  ok: true
  via: keyof typeof cameBy
  notice: keyof typeof noticeHow
  receivedOn: string
  values: Values<'panel'>
  markedSpecial: boolean
}

const plainFields = [
  'name',
  'email',
  'phone',
  'address',
  'postcode',
  'channel',
  'landlord',
  'tenancy',
  'area',
  'ageRange',
  'gender',
  'termsServed',
  'ethnicity',
] as const satisfies readonly ImportField[]

const needed: { [field: string]: string } = {
  name: 'Enter their full name',
  channel: 'Select how they want to hear from us',
  landlord: 'Enter the name of their landlord',
  tenancy: 'Select how they rent or own their home',
  area: 'Select their council area',
}

/** Reads what an officer typed in for someone else; `from` and `to` are the dates on which it can have come. */
export function readEntry(
  fields: Fields,
  { questions, from, to }: { questions: readonly Question[]; from: string; to: string },
): Entry | Refusal {
  const faults: { [field: string]: string } = {}
  const via = keyIn(cameBy, textOf(fields, 'via'))
  const notice = keyIn(noticeHow, textOf(fields, 'notice'))
  if (!via) faults.via = 'Select how the application came'
  const received = readDate(fields, 'received', 'Date it was received')
  if (!received.ok) faults.received = received.sentence
  else if (received.value < from || received.value > to)
    faults.received = 'Date it was received must be in the time of the round, and not in the future'
  if (!notice) faults.notice = 'Select how they were given the privacy notice'
  const held: { [F in (typeof plainFields)[number]]?: string } = {}
  for (const field of plainFields) {
    const text = clean(textOf(fields, field))
    const read = text ? readers[field](text) : undefined
    if (read && 'why' in read) faults[field] = read.why
    else if (read) held[field] = read.value
    else if (needed[field]) faults[field] = needed[field]
  }
  wrongTogether(held, faults)
  const answers: Record<string, string> = {}
  questions.forEach((question, at) => {
    const text = clean(textOf(fields, `answer${at + 1}`))
    const read = text ? readAnswer(text, question.mostCharacters) : undefined
    if (read && 'why' in read) faults[`answer${at + 1}`] = read.why
    else if (read) answers[question.id] = read.value
  })
  const words = clean(textOf(fields, 'needWords'))
  if (words.length > 1000) faults.needWords = 'What would help them must be 1,000 characters or fewer'
  const genderDescription = held.gender === 'own-words' ? clean(textOf(fields, 'genderDescription')).slice(0, 100) : ''
  if (Object.keys(faults).length || !via || !notice || !received.ok) return refuse(faults)
  const ticked = [fields.needs].flat().filter((code): code is string => typeof code === 'string' && code in needs)
  const { address, postcode, ...rest } = held
  const texts = Object.values(answers)
  const values = {
    ...rest,
    genderDescription,
    address: address && postcode ? addressValue.write({ lines: address.split('\n'), postcode }) : '',
    adjustments: ticked.length || words ? adjustmentsValue.write({ ticked, words }) : '',
    answers: texts.length ? answersValue.write(answers) : '',
  }
  return { ok: true, via, notice, receivedOn: received.value, markedSpecial: isMarked(texts), values: given(values) }
}

function wrongTogether(held: { [F in ImportField]?: string }, faults: { [field: string]: string }): void {
  const { channel, address, postcode } = held
  if (channel === 'email' && !held.email) faults.email ??= 'Enter their email address'
  if (channel === 'phone' && !held.phone) faults.phone ??= 'Enter their phone number'
  if (channel === 'post' && !address) faults.address ??= 'Enter their postal address'
  if (address && !postcode) faults.postcode ??= 'Enter a postcode'
}

function given<V extends { [field: string]: string | undefined }>(values: V): Partial<V> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value)) as Partial<V> // the checked edge: fewer keys
}

function keyIn<T extends object>(options: T, text: string): (keyof T & string) | undefined {
  return Object.hasOwn(options, text) ? (text as keyof T & string) : undefined
}
