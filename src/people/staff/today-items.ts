import { countOutside } from '#src/panel/correspondence/outside.ts'
import { countExports } from '#src/panel/recruitment/export/export.ts'
import { countApplications } from '#src/panel/recruitment/list/find.ts'
import { endOf, type Round, rounds, stateOf } from '#src/panel/recruitment/round.ts'
import { acceptedOutcome } from '#src/panel/selection/board/outcome.ts'
import { addDays } from '#src/platform/calendar/dates.ts'
import { londonDate, sayDate, sayInstant } from '#src/platform/calendar/london.ts'
import type { Tx } from '#src/platform/database/database.ts'
import type { House } from '#src/promises/house.ts'
import { comingVersion, noticeInForce } from '#src/promises/publishing/version.ts'
import { unanswered } from '#src/promises/retention/elsewhere.ts'
import { pauseOf } from '#src/promises/retention/sweep.ts'
import { gateOn } from '#src/promises/vault/gate.ts'
import { many } from './counted.ts'
import { concernItems, contactItems, removalItems } from './member-items.ts'
import { offerItems } from './offer-items.ts'
import { confirmItems, readingItems, reviewItems } from './review-items.ts'
import { selectionItems } from './selection-items.ts'
import { firstRoundItems, missingRoleItems } from './set-up-items.ts'
import type { TodayItem, TodayProvider } from './today.ts'
import { deskItems } from './today-desk.ts'

const DAY = 24 * 60 * 60_000
/** Warnings before the policy document ends; after the last of them it is overdue. */
const policyWarningDays = 60
const invitationDays = 7
/** Days in which a processor is to answer that it has deleted. */
const processorDays = 30

/** What the Today page tells: each role's own work, from the rooms that know it. */
export const todayProviders: TodayProvider[] = [
  async (tx, house, actor) => (actor.roles.includes('officer') ? officerItems(tx, house, actor.id) : []),
  async (tx, house, actor) => (actor.roles.includes('reviewer') ? readingItems(tx, house.clock.now(), actor.id) : []),
  async (tx, house, actor) =>
    actor.roles.includes('officer') || actor.roles.includes('dpo') ? confirmItems(tx, house.clock.now(), actor.id) : [],
  async (tx, _house, actor) =>
    actor.roles.includes('officer') || actor.roles.includes('dpo')
      ? selectionItems(tx, actor.id, actor.roles.includes('officer'))
      : [],
  async (tx, _house, actor) => (actor.roles.includes('officer') ? letterItems(tx) : []),
  async (tx, house, actor) => (actor.roles.includes('officer') ? concernItems(tx, house, actor.id) : []),
  async (tx, house, actor) => (actor.roles.includes('officer') ? removalItems(tx, house, actor.id) : []),
  async (tx, house, actor) => (actor.roles.includes('officer') ? contactItems(tx, house, actor.id) : []),
  async (tx, _house, actor) =>
    actor.roles.includes('officer') || actor.roles.includes('dpo') ? exportItems(tx, actor.id) : [],
  async (tx, house, actor) => (actor.roles.includes('dpo') ? protectionItems(tx, house.clock.now()) : []),
  async (tx, house, actor) => (actor.roles.includes('dpo') ? deskItems(tx, house.clock.now(), actor.id) : []),
  async (tx, house, actor) => (actor.roles.includes('administrator') ? accountItems(tx, house.clock.now()) : []),
]

async function officerItems(tx: Tx, house: House, me: string): Promise<TodayItem[]> {
  const items = await firstRoundItems(tx)
  for (const round of await rounds(tx)) items.push(...(await roundItems(tx, house, me, round)))
  return items
}

async function roundItems(tx: Tx, house: House, me: string, round: Round): Promise<TodayItem[]> {
  const now = house.clock.now()
  const href = `/staff/rounds/${round.id}`
  const state = stateOf(round, now)
  if (state === 'draft' && round.opensAt <= now)
    return [{ state: 'overdue', href, text: `${round.name} was to open at ${sayInstant(round.opensAt)}: publish it` }]
  if (state === 'draft') return [{ state: 'due', href, text: `Publish ${round.name}` }]
  if (state === 'waiting')
    return [{ state: 'waiting', href, text: `${round.name} opens at ${sayInstant(round.opensAt)}` }]
  if (state === 'closed' && now.getTime() - endOf(round).getTime() > 183 * DAY) return []
  const counts = await countApplications(tx, round.id)
  const list = `/staff/applications?round=${round.id}`
  const flagged: TodayItem[] = counts.unlisted
    ? [
        {
          state: 'due',
          href: `${list}&flag=landlord`,
          text: `${many(counts.unlisted, 'application')} to check: the landlord is not in the list`,
        },
      ]
    : []
  if (state === 'closed')
    return [
      ...(await offerItems(tx, house, me, round)),
      ...flagged,
      ...((await acceptedOutcome(tx, round.id)) || !counts.sent ? [] : await reviewItems(tx, now, round)),
    ]
  const text = `${round.name}: ${many(counts.sent, 'application')} so far, open until ${sayInstant(endOf(round))}`
  return [...flagged, { state: 'waiting', href: list, text }]
}

/** Letters that do not go by themselves: to post, to read out by phone, and those that were refused. */
async function letterItems(tx: Tx): Promise<TodayItem[]> {
  const href = '/staff/letters'
  const { post, call, stuck } = await countOutside(tx)
  const item = (count: number, text: string): TodayItem[] => (Number(count) ? [{ state: 'due', href, text }] : [])
  return [
    ...item(post, `${many(post, 'letter')} to print and post`),
    ...item(call, `${many(call, 'person', 'people')} to ring`),
    ...item(stuck, `${many(stuck, 'email')} refused: find another way`),
  ]
}

/** Exports with contact details: those that someone else asked for, and one's own. */
async function exportItems(tx: Tx, me: string): Promise<TodayItem[]> {
  const href = '/staff/applications/exports'
  const { theirs, ready, waiting } = await countExports(tx, me)
  const item = (state: TodayItem['state'], count: number, text: string): TodayItem[] =>
    count ? [{ state, href, text }] : []
  return [
    ...item('due', theirs, `${many(theirs, 'export')} with contact details to approve or refuse`),
    ...item('due', ready, `${many(ready, 'export')} approved: take the file`),
    ...item('waiting', waiting, `${many(waiting, 'export')} of yours waits for a second person`),
  ]
}

async function protectionItems(tx: Tx, now: Date): Promise<TodayItem[]> {
  const today = londonDate(now)
  const gate = await gateOn(tx, today)
  const items: TodayItem[] = []
  const policy = '/staff/protection/policy'
  if (!gate.until)
    items.push({
      state: 'overdue',
      href: policy,
      text: 'No policy document is in force: nobody is asked about ethnicity or adjustments until you approve one',
    })
  else if (gate.until <= addDays(today, policyWarningDays))
    items.push({ state: 'due', href: policy, text: `Review the policy document: it ends on ${sayDate(gate.until)}` })
  if (await pauseOf(tx))
    items.push({
      state: 'overdue',
      href: '/staff/protection/deletion',
      text: 'Deletion waits since a restore: look, and let it go on',
    })
  for (const { processor, count, since } of await unanswered(tx))
    items.push({
      state: now.getTime() - since.getTime() > processorDays * DAY ? 'overdue' : 'due',
      href: '/staff/protection/deletion',
      text: `${processor}: ${many(count, 'deletion')} without a reply since ${sayDate(since)}`,
    })
  if (!(await noticeInForce(tx)))
    items.push({
      state: 'overdue',
      href: '/staff/protection/notice',
      text: 'No privacy notice is in force: approve one',
    })
  const coming = await comingVersion(tx)
  if (coming)
    items.push({
      state: 'waiting',
      href: `/notice/${coming.version}`,
      text: `Version ${coming.version} of the privacy notice waits for its date`,
    })
  return items
}

async function accountItems(tx: Tx, now: Date): Promise<TodayItem[]> {
  const rows = await tx
    .selectFrom('staff')
    .select('invited_at')
    .where('activated_at', 'is', null)
    .where('disabled_at', 'is', null)
    .execute()
  const over = rows.filter(row => now.getTime() - row.invited_at.getTime() >= invitationDays * DAY).length
  const waiting = rows.length - over
  const href = '/staff/settings/people'
  return [
    ...(await missingRoleItems(tx)),
    ...(over
      ? [{ state: 'due' as const, href, text: `${many(over, 'invitation')} ran out: send again, or close the account` }]
      : []),
    ...(waiting ? [{ state: 'waiting' as const, href, text: `${many(waiting, 'invitation')} not yet accepted` }] : []),
  ]
}
