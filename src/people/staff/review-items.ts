import type { Round } from '#src/panel/recruitment/round.ts'
import { roundById } from '#src/panel/recruitment/round.ts'
import { sayVerdict } from '#src/panel/review/deciding/acts.ts'
import { aloneFrom, waitingActs } from '#src/panel/review/deciding/confirm.ts'
import { quietDays } from '#src/panel/review/quiet.ts'
import { ownReadings, sayOwn, standingOf } from '#src/panel/review/standing.ts'
import { openRuns } from '#src/panel/selection/board/outcome.ts'
import { sayInstant } from '#src/platform/calendar/london.ts'
import type { Tx } from '#src/platform/database/database.ts'
import { many } from './counted.ts'
import type { TodayItem } from './today.ts'

/** What is next for the officer of a closed round, from its review to the draw. */
export async function reviewItems(tx: Tx, now: Date, round: Round): Promise<TodayItem[]> {
  const base = `/staff/review/${round.id}`
  const on = await standingOf(tx, round.id, now)
  const item = (state: TodayItem['state'], href: string, text: string): TodayItem[] => [{ state, href, text }]
  const tell = on.toTell
    ? item(
        'due',
        `${base}/decisions`,
        `${round.name}: tell ${many(on.toTell, 'person', 'people')} that they were not chosen`,
      )
    : []
  const flags = on.flags ? item('due', `${base}/flags`, `${round.name}: look at ${many(on.flags, 'flag')}`) : []
  if (on.stage === 'not set up')
    return item('due', `${base}/set-up`, `Set up the review of ${round.name}: ${many(on.applications, 'application')}`)
  if (on.stage === 'samples not begun') return item('due', base, `${round.name}: let the reviewers score the samples`)
  if (on.stage === 'samples')
    return on.ready === on.readers
      ? item('due', base, `${round.name}: every reviewer has scored the samples. Give out the applications`)
      : item('waiting', base, `${round.name}: ${on.ready} of ${many(on.readers, 'reviewer')} have scored the samples`)
  if (on.stage === 'reading') {
    const late = on.deadline !== undefined && now >= on.deadline
    const by = on.deadline ? `, by ${sayInstant(on.deadline)}` : ''
    return [
      ...tell,
      ...flags,
      ...(on.quiet
        ? item('due', base, `${round.name}: ${many(on.quiet, 'reviewer')} quiet for ${quietDays} days`)
        : []),
      ...item(late ? 'overdue' : 'waiting', base, `${round.name}: ${many(on.left, 'reading')} not finished${by}`),
    ]
  }
  if (on.undecided)
    return [
      ...tell,
      ...item('due', `${base}/decisions`, `${round.name}: decide on ${many(on.undecided, 'application')}`),
    ]
  if ((await openRuns(tx)).some(run => run.round_id === round.id)) return tell
  return [
    ...tell,
    ...item(
      'due',
      `/staff/selection/${round.id}`,
      `${round.name}: draw a panel from a pool of ${on.pool.toLocaleString('en-GB')}`,
    ),
  ]
}

/** Decisions about several applications that wait for a second person, to those who may confirm them. */
export async function confirmItems(tx: Tx, now: Date, me: string): Promise<TodayItem[]> {
  const items: TodayItem[] = []
  for (const act of await waitingActs(tx)) {
    const own = act.decided_by === me
    const says = `${sayVerdict(act.verdict).toLowerCase()}, ${many(act.count, 'application')}`
    items.push({
      state: own && now < aloneFrom(act) ? 'waiting' : 'due',
      href: `/staff/review/${act.round_id}/decisions/waiting/${act.id}`,
      text: own ? `Your decision waits for a second person: ${says}` : `Confirm a decision: ${says}`,
    })
  }
  return items
}

/** What a reviewer has to do, a line for each review. */
export async function readingItems(tx: Tx, now: Date, reader: string): Promise<TodayItem[]> {
  const items: TodayItem[] = []
  for (const own of await ownReadings(tx, reader)) {
    const round = await roundById(tx, own.round)
    const name = round?.name ?? 'the round'
    const late = now >= own.deadline
    items.push({
      state: own.next === 'wait' ? 'waiting' : late ? 'overdue' : 'due',
      href: `/staff/review/${own.round}/reading`,
      text: `${name}: ${sayOwn(own)}`,
    })
  }
  return items
}
