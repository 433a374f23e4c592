import { addDays } from '#src/platform/calendar/dates.ts'
import { londonDate, sayDate } from '#src/platform/calendar/london.ts'
import type { Tx } from '#src/platform/database/database.ts'
import type { House } from '../house.ts'
import type { Actor } from '../notice/actor.ts'
import { contact } from '../notice/contact.ts'
import { type Case, caseById, step, type WriteToRequester } from './cases.ts'
import { dueOf } from './next.ts'

/** Days after receipt from which a complaint that nobody acknowledged is an alarm. */
export const alarmDays = 20
/** Days after which someone who complained is told how it goes on. */
const tellDays = 30

/** What came of a complaint, in the words for it. */
export const outcomes = { granted: 'Upheld', part: 'Upheld in part', refused: 'Not upheld' } as const

/** What a complaint asks of the desk today, in a sentence; undefined when it is closed. */
export function complaintToday(one: Case, today: string): { isAlarm: boolean; says: string } | undefined {
  if (one.closed_at) return undefined
  const { due } = dueOf(one)
  if (!one.acknowledged_at) {
    const isAlarm = today >= addDays(londonDate(one.received_at), alarmDays)
    const long = isAlarm ? `${alarmDays} days and more have gone: ` : ''
    return { isAlarm, says: `${long}acknowledge it by ${sayDate(due)}` }
  }
  if (one.decision) return { isAlarm: false, says: one.answered_at ? 'close it' : 'tell them what came of it' }
  const tellBy = addDays(londonDate(one.told_at ?? one.acknowledged_at), tellDays)
  return tellBy < today
    ? { isAlarm: true, says: `tell them how it goes on: it was to be by ${sayDate(tellBy)}` }
    : { isAlarm: false, says: `look into it and decide; tell them how it goes on by ${sayDate(tellBy)}` }
}

/**
 * Writes to someone about their complaint before its outcome: that it is here and looked into (which acknowledges it), or
 * how it goes on. The words are kept in the case. False when the case is closed.
 */
export async function tellComplainant(
  tx: Tx,
  house: House,
  by: Actor,
  id: string,
  what: 'acknowledgement' | 'progress',
  text: string,
  write: WriteToRequester,
): Promise<boolean> {
  const found = await caseById(tx, house, by, id)
  if (found?.one.matter !== 'complaint') return false
  const at = house.clock.now()
  const set = what === 'acknowledgement' ? { acknowledged_at: at, told_at: at } : { told_at: at }
  const said = what === 'acknowledgement' ? 'acknowledged' : 'told how it goes on'
  const done = await step(tx, house, by, id, said, set, held => ({
    ...held,
    letters: [...held.letters, { at: at.toISOString(), what, text }],
  }))
  const letter = String(found.account.letters.length)
  const { reference } = found.one
  if (done && found.requester.reach.includes('@')) await write(tx, id, 'complaint update', { reference, letter })
  return done
}

/** Keeps what was found out about a complaint, sealed in its case. False when the case is closed. */
export function noteEnquiry(tx: Tx, house: House, by: Actor, id: string, text: string): Promise<boolean> {
  const at = house.clock.now().toISOString()
  return step(tx, house, by, id, 'enquiry noted', {}, held => ({
    ...held,
    enquiries: [...held.enquiries, { at, text }],
  }))
}

/** The first words of an acknowledgement. */
export function draftAcknowledgement(one: Case, name: string): string {
  return [
    `Hello ${name || 'there'},`,
    `We have your complaint about how we use your data. It came on ${sayDate(londonDate(one.received_at))}. Our reference is ${one.reference}.`,
    'We are looking into it. We tell you how it goes on at least every month, and what came of it.',
    `You can reach us at ${contact.dpo.email} or ${contact.phone}. You can also complain to the ${contact.regulator.name}, ${contact.regulator.phone}, ${contact.regulator.complaint}. It may ask you to come to us first.`,
    `Yours sincerely,\n${contact.dpo.name}, ${contact.body}`,
  ].join('\n\n')
}
