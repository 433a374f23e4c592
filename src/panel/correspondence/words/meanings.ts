import { contact } from '#src/promises/notice/contact.ts'
import type { LetterDetail } from '../letters.ts'

/** What comes in a place, as the page explains it: `((answer by))` holds the last day to answer. */
export const meanings: Readonly<Record<string, string>> = {
  name: 'the name of the person it goes to',
  phone: `our phone number, ${contact.phone}`,
  panel: `the name of the panel, ${contact.panel}`,
  body: `our name, ${contact.body}`,
  dpo: 'the Data Protection Officer',
  'dpo email': 'the email address of the Data Protection Officer',
  regulator: 'the name of the regulator, the ICO',
  'regulator phone': 'the regulator’s phone number',
  acts: 'whether they may act for the person',
  'answer by': 'the last day to answer',
  at: 'the instant, for machines',
  back: 'until when they can come back',
  closes: 'when the round closes',
  code: 'the code',
  complaints: 'the page on which to complain about the use of data',
  deleted: 'what is deleted, or when',
  due: 'by when we answer',
  ends: 'the day on which it ends',
  from: 'the day from which it holds',
  left: 'the day on which they left',
  link: 'the page to open',
  member: 'the name of the person who is supported',
  next: 'when the next round is',
  notice: 'the page with the privacy notice',
  reference: 'the reference',
  rights: 'the page about their rights',
  root: 'the root of the ledger',
  round: 'the name of the round',
  says: 'the instant, in words',
  'sign in': 'the page to sign in',
  signature: 'the signature of the ledger',
  size: 'how many entries the ledger holds',
  starts: 'the day on which the term starts',
  until: 'the last moment for it',
  version: 'the number of the new version',
  words: 'what a member of staff wrote to this person',
}

/** What is known in every letter. */
export const everywhere: Readonly<Record<string, string>> = {
  phone: contact.phone,
  panel: contact.panel,
  body: contact.body,
  dpo: contact.dpo.name,
  'dpo email': contact.dpo.email,
  regulator: contact.regulator.name,
  'regulator phone': contact.regulator.phone,
}

interface Condition {
  holds(detail: LetterDetail): boolean
  /** What an invented letter says, so that it holds. */
  example: LetterDetail
}

/** To whom a passage goes: `((if by email))`. */
export const conditions: Readonly<Record<string, Condition>> = {
  'by email': { holds: one => !one.offline, example: { offline: false } },
  'by post or phone': { holds: one => one.offline === true, example: { offline: true } },
  'the address has another application': { holds: one => one.another === true, example: { another: true } },
  'they may act': { holds: one => one.acts === true, example: { acts: true } },
  'the landlord is no member': { holds: one => one.ruled === 'landlord', example: { ruled: 'landlord' } },
  'not in social housing': { holds: one => one.ruled === 'home', example: { ruled: 'home' } },
  'three terms served': { holds: one => one.ruled === 'terms', example: { ruled: 'terms' } },
  'another rule': {
    holds: one => Boolean(one.ruled) && !['landlord', 'home', 'terms'].includes(String(one.ruled)),
    example: { ruled: 'other' },
  },
  'not drawn': { holds: one => !one.ruled, example: { ruled: '' } },
  'it has ended': { holds: one => one.over === true, example: { over: true } },
  'it goes on': { holds: one => one.over !== true, example: { over: false } },
  'they can apply again': { holds: one => one.again === true, example: { again: true } },
  'it was their third term': { holds: one => one.again !== true, example: { again: false } },
}

/** A value's name as the words of a letter write it: `answerBy` is `answer by`. */
export function asWritten(name: string): string {
  return name.replace(/[A-Z]/g, letter => ` ${letter.toLowerCase()}`)
}
