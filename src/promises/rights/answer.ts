import { createHash } from 'node:crypto'
import { londonDate, sayDate } from '#src/platform/calendar/london.ts'
import { openHours } from '../handover/one-time.ts'
import { contact } from '../notice/contact.ts'
import type { Account, Case, LetterKind } from './cases.ts'
import { saysOf } from './copy.ts'
import { transferOutcomes } from './giving/transfer.ts'
import { exceptionsFor } from './grounds.ts'
import { dueOf } from './next.ts'
import type { Matter } from './rights.ts'

/** Characters that a letter may have. */
export const mostLetter = 20_000
/** By which a letter that was checked is known again. */
export const fingerprint = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 16)
export const paragraphs = (text: string) => text.split(/\n\s*\n/)

const complain = `If you are not happy with this, tell us: ${contact.dpo.email} or ${contact.phone}. You can also complain to the ${contact.regulator.name}, ${contact.regulator.phone}, ${contact.regulator.complaint}, or go to court.`
const yours = `Yours sincerely,\n${contact.dpo.name}, ${contact.body}`
const hello = (name: string) => `Hello ${name || 'there'},`

const take = `Where we sent you a link, take it there; you can also sign in and take it under “What we hold about you”; otherwise it comes with this letter. Ring ${contact.phone} if you would rather have it another way.`

const granted: Record<Matter, string> = {
  access: `The copy of everything that we hold about you is ready. ${take}`,
  correction: 'We have corrected it.',
  erasure:
    'We have deleted what we held about you. It cannot be read by anyone here from now on, and in no backup after 30 days.',
  restriction: 'We have set your record aside. We keep it and do not use it, and will tell you before that changes.',
  transfer: `The copy of what you gave us, in a form that a computer can read, is ready. ${take}`,
  objection: 'We have stopped using your record.',
  portability: `The copy of what you gave us, in a form that a computer can read, is ready. ${take}`,
  withdrawal: 'We have noted that you take your agreement back.',
  complaint: 'We have looked into your complaint.',
  'ring back': 'We rang you as you asked.',
  unsorted: 'We have read what you wrote.',
}

/** The first words of an answer; every one of them names the ways to complain (Art 12(4), DPA 2018 s.164A). */
export function draftLetter(
  one: Case,
  name: string,
  account: Account,
  { sayField, recipients }: { sayField: (field: string) => string; recipients: readonly string[] },
): string {
  const exception = exceptionsFor(one.matter)[account.exception]
  return [
    hello(name),
    `You ${one.channel === 'phone' ? 'rang us' : 'wrote to us'} about your data on ${sayDate(londonDate(one.received_at))} (our reference ${one.reference}). ${outcomeOf(one, account, sayField)}`,
    ...(account.reasons ? [`Why: ${account.reasons}`] : []),
    ...(one.decision !== 'granted' && exception ? [`What the law says: ${exception}.`] : []),
    ...leftOutOf(account, sayField),
    ...transferOf(account),
    ...(recipients.length ? [`We have told those who were given your data: ${recipients.join(', ')}.`] : []),
    complain,
    yours,
  ].join('\n\n')
}

/** What was left out of the copy, and why: they are told, without what it was. */
function leftOutOf({ leftOut }: Account, sayField: (field: string) => string): string[] {
  const lines = leftOut.map(
    ({ field, words, why }) => `${words ? 'a part of ' : ''}${sayField(field).toLowerCase()}: ${why}`,
  )
  return lines.length ? [`We left out of the copy what is about other people (${[...new Set(lines)].join('; ')}).`] : []
}

/** To whom it was sent on, and how that went. */
function transferOf({ transfer }: Account): string[] {
  if (!transfer?.outcome) return []
  const said = [`We offered it to ${transfer.to}. ${transferOutcomes[transfer.outcome]}.`, transfer.words]
  return [said.filter(Boolean).join(' ')]
}

function outcomeOf(one: Case, { part }: Account, sayField: (field: string) => string): string {
  const { matter, decision } = one
  if (matter === 'complaint') {
    const found = { granted: 'You were right.', part: 'You were right about a part of it.' }
    return `${granted.complaint} ${decision === 'granted' || decision === 'part' ? found[decision] : 'We do not think that we did anything wrong.'}`
  }
  if (decision === 'refused') return 'We cannot do what you asked.'
  if (decision !== 'part') return granted[matter]
  if (matter === 'erasure') return `We have deleted a part of it: ${part.map(sayField).join(', ').toLowerCase()}.`
  if (matter === 'objection') return `We have stopped using your data to ${part.map(saysOf).join('; or to ')}.`
  return `We can do a part of what you asked. ${granted[matter]}`
}

/** What someone is written before the answer: proof of identity, what they mean, that it takes longer, or that it ends. */
export function draftAsk(one: Case, name: string, what: LetterKind, words: string): string {
  const said: Partial<Record<LetterKind, string[]>> = {
    identity: [
      `You asked us about data (our reference ${one.reference}). We do not want to give it to anyone but you, and are not sure yet that it is you.`,
      `Answer in the way that suits you best: from the email address in your record, by signing in, or by ringing ${contact.phone}. You need not send a passport or a bill. Until we know that it is you, the month in which we answer has not begun.`,
    ],
    clarification: [
      `You asked us for a copy of your data (our reference ${one.reference}). So that we look for what you want, we need to know:`,
      words,
      'The days until we hear from you are added to the month in which we answer. If you want everything, just say so.',
    ],
    extension: [
      `You asked us about your data (our reference ${one.reference}). It takes us longer than a month: we answer by ${sayDate(dueOf(one).due)}.`,
      `Why: ${words}`,
      complain,
    ],
    copy: [
      `The copy of your data is ready (our reference ${one.reference}). Take it here: ${words}`,
      `The link works for ${openHours} hours, and once. You also need a code of six digits, which we tell you another way. If it has not come, ring ${contact.phone}.`,
      'It is one ZIP file: open read-me.html in it first. Keep it safe: it holds everything.',
    ],
    lifting: [
      `At your request we set your record aside (our reference ${one.reference}). From tomorrow we use it again as our privacy notice says.`,
      `Why: ${words}`,
      complain,
    ],
  }
  return [hello(name), ...(said[what] ?? [words]), yours].join('\n\n')
}
