import { freeFor, offersOf } from '#src/panel/membership/offers/offers.ts'
import { countApplications } from '#src/panel/recruitment/list/find.ts'
import { endOf, type Round, stateOf } from '#src/panel/recruitment/round.ts'
import type { RoundStep } from '#src/panel/recruitment/rounds/steps.ts'
import { type Standing, standingOf } from '#src/panel/review/standing.ts'
import { acceptedOutcome } from '#src/panel/selection/board/outcome.ts'
import { londonDate, sayDate, sayInstant } from '#src/platform/calendar/london.ts'
import type { Tx } from '#src/platform/database/database.ts'
import { many } from './counted.ts'

/** A round's way from its applications to a panel in office: six steps, and how far each has come. */
export async function roundSteps(tx: Tx, round: Round, now: Date): Promise<RoundStep[]> {
  const { sent, draft } = await countApplications(tx, round.id)
  const closed = stateOf(round, now) === 'closed'
  const on = closed && sent ? await standingOf(tx, round.id, now) : undefined
  const drawn = closed && (await acceptedOutcome(tx, round.id))
  const offers = await offersOf(tx, round.id)
  const count = (state: (typeof offers)[number]['state']) => offers.filter(one => one.state === state).length
  const open = count('offered')
  const free = offers.length ? freeFor(round, offers).length : 0
  const taken = count('accepted')
  const chosen = offers.length > 0
  const filled = chosen && !open && !free
  const started = londonDate(now) >= round.termStartsOn
  return [
    {
      title: 'Applications',
      href: `/staff/applications?round=${round.id}`,
      says: closed
        ? `${many(sent, 'application')} came in`
        : stateOf(round, now) === 'open'
          ? `${many(sent, 'application')} so far and ${draft} not sent yet, open until ${sayInstant(endOf(round))}`
          : `Opens at ${sayInstant(round.opensAt)}`,
      state: closed ? 'done' : 'waiting',
    },
    reviewStep(round, on, chosen),
    decisionStep(round, on, chosen),
    {
      title: 'Draw',
      href: `/staff/selection/${round.id}`,
      says: drawn
        ? `${many(drawn.members.length, 'member')} and ${many(drawn.reserves.length, 'reserve')} drawn and accepted`
        : chosen
          ? 'No draw: an officer chose by hand'
          : on && !on.undecided
            ? `${many(on.pool, 'person', 'people')} in the pool for ${many(round.targetSize, 'place')}`
            : 'From everyone in the pool, by a lottery as fair as it can be',
      state: drawn || chosen ? 'done' : on?.pool && !on.undecided ? 'now' : 'later',
    },
    {
      title: 'Offers',
      href: `/staff/members/offers/${round.id}`,
      says: chosen
        ? [
            `${taken} accepted`,
            `${open} not answered`,
            `${count('declined')} declined`,
            `${count('lapsed')} lapsed`,
          ].join(', ')
        : 'Each person who was chosen is offered a place',
      state: filled ? 'done' : free || (drawn && !chosen) ? 'now' : open ? 'waiting' : 'later',
    },
    {
      title: 'In office',
      href: '/staff/members',
      says: `The term starts on ${sayDate(round.termStartsOn)}${taken ? `, ${many(taken, 'member')}` : ''}`,
      state: taken && started ? 'done' : taken ? 'waiting' : 'later',
    },
  ]
}

function reviewStep(round: Round, on: Standing | undefined, chosen: boolean): RoundStep {
  const step = (state: RoundStep['state'], says: string, page = ''): RoundStep => ({
    title: 'Review',
    href: `/staff/review/${round.id}${page}`,
    says,
    state,
  })
  if (!on) return step('later', 'Each answer is read without names')
  const readings = `${on.done} of ${many(on.done + on.left, 'reading')} finished`
  if (on.stage === 'not set up')
    return on.undecided && !chosen
      ? step('now', 'Say what is looked for, who reads, and until when', '/set-up')
      : step('done', 'Decided without a review', '/set-up')
  if (on.stage === 'samples not begun') return step('now', 'Let the reviewers score the samples')
  if (on.stage === 'samples')
    return step(
      on.ready === on.readers ? 'now' : 'waiting',
      `${on.ready} of ${many(on.readers, 'reviewer')} have scored the samples`,
    )
  return step(on.stage === 'reading' ? 'waiting' : 'done', readings)
}

function decisionStep(round: Round, on: Standing | undefined, chosen: boolean): RoundStep {
  const decided = on ? on.applications - on.undecided : 0
  return {
    title: 'Decisions',
    href: `/staff/review/${round.id}/decisions`,
    says: on
      ? `${decided} of ${many(on.applications, 'application')} decided${on.toTell ? `, ${many(on.toTell, 'person', 'people')} to tell` : ''}`
      : 'Who can be drawn, and who is told “not this time”',
    state: !on
      ? 'later'
      : !on.undecided && !on.toTell
        ? 'done'
        : on.stage === 'read' || decided || chosen
          ? 'now'
          : 'later',
  }
}
