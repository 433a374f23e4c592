import { sayInstant } from '#src/platform/calendar/london.ts'
import type { Tx } from '#src/platform/database/database.ts'
import { reasons, verdicts } from '../decisions.ts'
import type { Verdict } from '../tables.ts'
import { type Act, aloneReasons } from './confirm.ts'

/** Every act of deciding of a round, newest first. They outlive the people: then only counts are left, and explain. */
export function actsOf(tx: Tx, round: string): Promise<Act[]> {
  return tx
    .selectFrom('decision_act')
    .selectAll()
    .where('round_id', '=', round)
    .orderBy('decided_at', 'desc')
    .orderBy('id')
    .execute()
}

export function sayVerdict(verdict: Verdict | 'undone'): string {
  return verdict === 'undone' ? 'Taken back' : verdicts[verdict]
}

export function sayReason(verdict: Verdict | 'undone', code: string): string {
  return verdict === 'undone' ? '' : (reasons[verdict][code] ?? code)
}

/** An act in words for staff. */
export function sayAct(act: Act, names: ReadonlyMap<string, string>) {
  const name = (id: string | null) => (id ? (names.get(id) ?? 'someone who has left') : '')
  const second = act.alone
    ? `confirmed alone: ${aloneReasons[act.alone].toLowerCase()}`
    : `${act.state === 'dropped' ? 'dropped' : 'confirmed'} by ${name(act.ended_by)}`
  return {
    id: act.id,
    state: act.state,
    count: act.count,
    verdict: sayVerdict(act.verdict),
    reason: sayReason(act.verdict, act.reason),
    rule: act.rule ?? '',
    when: sayInstant(act.decided_at),
    who: name(act.decided_by),
    second: act.state === 'waiting' ? 'waits for a second person' : act.ended_at ? second : '',
    ended: act.ended_at ? sayInstant(act.ended_at) : '',
  }
}
