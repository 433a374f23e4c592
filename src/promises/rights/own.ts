import { londonDate } from '#src/platform/calendar/london.ts'
import type { Tx } from '#src/platform/database/database.ts'
import type { House } from '../house.ts'
import { system } from '../notice/actor.ts'
import { type Account, type Case, caseById, type LetterKind, step } from './cases.ts'
import { dueOf, type Stage, stageOf } from './next.ts'
import { actsFor } from './stands.ts'

/** A request or complaint as the one whose record it is about sees it. */
export interface OwnRequest {
  id: string
  reference: string
  matter: Case['matter']
  received: Date
  stage: Stage
  /** When it is answered at the latest (a complaint: acknowledged). */
  due: string
  decision: Case['decision']
  answeredAt: Date | null
  closedAt: Date | null
  /** What was asked and written; undefined where someone who acts for them asked. */
  said: { words: string; letters: { at: string; what: LetterKind; text: string }[]; answer: string } | undefined
}

const by = system('rights')
/** Closed requests that are shown: the newest; all of them are in the copy. */
const mostClosed = 20

/** Every request about someone’s record: those in hand by their date, then those that are closed. */
export async function ownRequests(tx: Tx, house: House, record: string): Promise<OwnRequest[]> {
  const about = tx.selectFrom('rights_case').selectAll().where('subject', '=', record)
  const open = await about.where('closed_at', 'is', null).orderBy('received_at').execute()
  const closed = await about.where('closed_at', 'is not', null).orderBy('closed_at', 'desc').limit(mostClosed).execute()
  const found: OwnRequest[] = []
  for (const one of [...open, ...closed]) {
    const held = await caseById(tx, house, by, one.dossier_id)
    found.push({
      id: one.dossier_id,
      reference: one.reference,
      matter: one.matter,
      received: one.received_at,
      stage: stageOf(one),
      due: dueOf(one).due,
      decision: one.decision,
      answeredAt: one.answered_at,
      closedAt: one.closed_at,
      said: held && !actsFor(held.account) ? saidIn(one, held.account) : undefined,
    })
  }
  return found
}

function saidIn(one: Case, { words, letters, letter }: Account) {
  return { words, letters, answer: one.answered_at ? letter : '' }
}

/**
 * Takes what someone who is signed in says about their own request: what we asked them, which sets the clock going again,
 * or anything more. False when there is no such open request of theirs.
 */
export async function saysMore(tx: Tx, house: House, record: string, id: string, words: string): Promise<boolean> {
  const held = await caseById(tx, house, by, id)
  if (!held || held.one.subject !== record || held.one.closed_at || actsFor(held.account)) return false
  const { clarification_asked_on: asked, clarification_answered_on: answered } = held.one
  const set = asked && !answered ? { clarification_answered_on: londonDate(house.clock.now()) } : {}
  return step(tx, house, by, id, 'they wrote on their page', set, undefined, words)
}

/** Signing in to the record that a request is about proves who asked: the clock begins. False when nothing of theirs waits for it. */
export async function provesItself(tx: Tx, house: House, record: string, id: string): Promise<boolean> {
  const held = await caseById(tx, house, by, id)
  if (!held || held.one.subject !== record || held.one.closed_at || actsFor(held.account)) return false
  const { identity_asked_on: asked, identity_received_on: received } = held.one
  if (!asked || received) return false
  const set = { identity_received_on: londonDate(house.clock.now()) }
  return step(tx, house, by, id, 'identity proved: they signed in and said that it was them', set)
}
