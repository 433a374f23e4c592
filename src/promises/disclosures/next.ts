import { addDays } from '#src/platform/calendar/dates.ts'
import { nextWorkingDay } from '#src/platform/calendar/holidays.ts'
import { londonDate, sayDate } from '#src/platform/calendar/london.ts'
import { isOpen } from '../handover/one-time.ts'
import type { Disclosure } from './disclosure.ts'
import { outcomes } from './kinds.ts'

/** Where a request of others stands: what a person does next. */
export type Stage = 'find' | 'weigh' | 'decide' | 'second' | 'make' | 'take' | 'link' | 'look' | 'put right' | Ending
type Ending = 'letter' | 'closed'

const words: Record<Exclude<Stage, 'closed'>, string> = {
  find: 'Find the record, or refuse it',
  weigh: 'Weigh it',
  decide: 'Decide',
  second: 'A second person looks at it',
  make: 'Make the extract',
  take: 'Waits to be taken',
  link: 'The link has run out: make a new one, or decide again',
  look: 'A second person looks at what was given',
  'put right': 'Put right what should not have been given',
  letter: 'Write to who asked',
}

export function stageOf(one: Disclosure, now: Date): Stage {
  if (one.closed_at) return 'closed'
  if (one.decision === 'refuse') return 'letter'
  if (!one.decision) {
    if (!one.subject) return 'find'
    return one.weighed_at ? 'decide' : 'weigh'
  }
  if (one.handed_at) return one.second === 'disagree' ? 'put right' : 'look'
  if (one.released_at) return isOpen(one, now) ? 'take' : 'link'
  return one.second || one.is_emergency ? 'make' : 'second'
}

/** What is next, in words: how it ended, once it is closed. */
export function sayNext(one: Disclosure, now: Date): string {
  const stage = stageOf(one, now)
  if (stage === 'closed') return one.outcome ? `Closed: ${outcomes[one.outcome]}` : 'Closed'
  const back = one.sent_back_at && !one.decision ? ' again: the second person sent it back' : ''
  return words[stage] + (stage === 'weigh' || stage === 'decide' ? back : '')
}

/** The day by which a second person looks at an emergency: the working day after it was decided; undefined where none must. */
export function lookBy(one: Disclosure): string | undefined {
  if (!one.is_emergency || one.decision !== 'release' || one.second || one.closed_at || !one.decided_at)
    return undefined
  return nextWorkingDay(addDays(londonDate(one.decided_at), 1))
}

/** Whether its day has gone: that of the answer, until it was given or waits to be taken. */
export function isLate(one: Disclosure, now: Date): boolean {
  const stage = stageOf(one, now)
  if (stage === 'closed' || stage === 'take' || one.handed_at) return false
  return one.answer_by < londonDate(now)
}

export interface DisclosureToday {
  state: 'overdue' | 'due' | 'waiting'
  says: string
}

/** What a request asks of `me` today. An emergency asks twice: its own next step, and the look of a second person. */
export function disclosureToday(one: Disclosure, now: Date, me: string): DisclosureToday[] {
  const stage = stageOf(one, now)
  const isMine = one.decided_by === me
  const look = lookBy(one)
  const review: DisclosureToday[] = look ? [lookItem(look, londonDate(now), isMine)] : []
  if (stage === 'closed' || stage === 'look') return review
  const waits = stage === 'take' || (stage === 'second' && isMine)
  const state = isLate(one, now) ? 'overdue' : waits ? 'waiting' : 'due'
  return [...review, { state, says: `${lower(sayNext(one, now))}, answer by ${sayDate(one.answer_by)}` }]
}

function lookItem(by: string, today: string, isMine: boolean): DisclosureToday {
  const state = by < today ? 'overdue' : isMine ? 'waiting' : 'due'
  return { state, says: `an emergency: a second person looks by ${sayDate(by)}` }
}

const lower = (sentence: string) => sentence.charAt(0).toLowerCase() + sentence.slice(1)
