import { londonDate, sayDate } from '#src/platform/calendar/london.ts'
import { contact } from '../notice/contact.ts'
import type { Account, Disclosure, Requester } from './disclosure.ts'
import { sayFields } from './extract.ts'
import { refusals } from './kinds.ts'

/**
 * The first words of a refusal: who asked is told the ground and why, and how to come back. Except where we hold nothing it
 * does not say whether we hold a record of the person.
 */
export function draftRefusal(one: Disclosure, requester: Requester, account: Account): string {
  const asked = sayFields(one.asked_fields).toLowerCase()
  return [
    `Hello ${requester.name || 'there'},`,
    `On ${sayDate(londonDate(one.asked_at))} you asked us for data about a person (${asked}). Our reference is ${one.reference}. We cannot give you that.`,
    ...(one.refusal ? [refusals[one.refusal].writes] : []),
    ...(account.reasons ? [`Why: ${account.reasons}`] : []),
    `If you have more to tell us, such as an order of a court, a law that lets or makes us give it, or proof of who you are, write to ${contact.dpo.email} or ring ${contact.phone}, and name our reference. We then look at it again.`,
    `Yours sincerely,\n${contact.dpo.name}, ${contact.body}`,
  ].join('\n\n')
}

/** Words to send with the link; the code is told by another way. */
export function draftCover(one: Disclosure, requester: Requester, openUntil: string): string {
  return [
    `Hello ${requester.name || 'there'},`,
    `Here is what you asked us for (our reference ${one.reference}). Open the link below, and enter the code that we tell you by another way. Both work once, until ${openUntil}.`,
    `If it does not open, ring ${contact.phone} or write to ${contact.dpo.email}.`,
    `Yours sincerely,\n${contact.dpo.name}, ${contact.body}`,
  ].join('\n\n')
}
