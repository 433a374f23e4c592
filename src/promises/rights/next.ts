import { nextWorkingDay } from '#src/platform/calendar/holidays.ts'
import { londonDate } from '#src/platform/calendar/london.ts'
import { accessDue, complaintDue, type Due } from '../retention/due/clocks.ts'
import type { Case } from './cases.ts'

/** When a case must be answered (a complaint: acknowledged), with each step of the reckoning. */
export function dueOf(one: Omit<Case, 'dossier_id'>): Due {
  const received = londonDate(one.received_at)
  if (one.matter === 'complaint') return complaintDue(received)
  if (one.matter === 'ring back')
    return { due: nextWorkingDay(received), steps: ['We ring the same working day, or the next.'] }
  const clarified = one.matter === 'access' && one.clarification_asked_on && one.clarification_answered_on
  return accessDue({
    received,
    ...(one.identity_asked_on ? { identityAsked: one.identity_asked_on } : {}),
    ...(one.identity_received_on ? { identityReceived: one.identity_received_on } : {}),
    ...(clarified && one.clarification_asked_on && one.clarification_answered_on
      ? { clarificationAsked: one.clarification_asked_on, clarificationAnswered: one.clarification_answered_on }
      : {}),
    extended: one.extended_on !== null,
  })
}

/** Since when the clock stands, and for what; undefined while it runs. */
export function stoppedSince(one: Case): { on: string; waitsFor: 'identity' | 'clarification' } | undefined {
  if (one.identity_asked_on && !one.identity_received_on) return { on: one.identity_asked_on, waitsFor: 'identity' }
  if (one.matter === 'access' && one.clarification_asked_on && !one.clarification_answered_on)
    return { on: one.clarification_asked_on, waitsFor: 'clarification' }
  return undefined
}

/** Where a case stands: what a person does next. */
export type Stage = 'sort' | 'ring' | 'identity' | 'clarification' | 'acknowledge' | 'find' | 'decide' | Ending
type Ending = 'carry out' | 'answer' | 'close' | 'closed'

const words: Record<Exclude<Stage, 'closed'>, string> = {
  sort: 'Read it, and say what they ask for',
  ring: 'Ring them',
  identity: 'Waits for proof of identity',
  clarification: 'Waits for the person to say more',
  acknowledge: 'Acknowledge it',
  find: 'Find their record',
  decide: 'Decide',
  'carry out': 'Carry it out',
  answer: 'Write the answer',
  close: 'Close it',
}

export function stageOf(one: Case): Stage {
  if (one.closed_at) return 'closed'
  if (one.matter === 'unsorted') return 'sort'
  const waits = stoppedSince(one)
  if (waits && one.decision !== 'refused') return waits.waitsFor
  if (one.matter === 'ring back') return one.decision ? 'close' : 'ring'
  if (one.matter === 'complaint' && !one.acknowledged_at) return 'acknowledge'
  if (!one.decision) return one.subject || one.matter === 'complaint' ? 'decide' : 'find'
  if (!one.carried_out_at && one.decision !== 'refused') return 'carry out'
  return one.answered_at ? 'close' : 'answer'
}

/** What is done next on a case, in words; undefined when it is closed. */
export function nextStep(one: Case): string | undefined {
  const stage = stageOf(one)
  if (stage === 'closed') return undefined
  return stage === 'decide' && one.matter === 'complaint' ? 'Look into it and decide' : words[stage]
}

/** Whether its day has gone. A complaint’s day is that of acknowledging it; while the clock stands, none has. */
export function isLate(one: Case & { due: string }, today: string): boolean {
  if (one.closed_at || one.answered_at || stoppedSince(one)) return false
  if (one.matter === 'complaint' && one.acknowledged_at) return false
  return one.due < today
}
