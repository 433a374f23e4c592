import { addDays } from '#src/platform/calendar/dates.ts'
import { londonDate, sayDate } from '#src/platform/calendar/london.ts'
import type { Tx } from '#src/platform/database/database.ts'
import type { House } from '#src/promises/house.ts'
import { type Actor, isSupporter } from '#src/promises/notice/actor.ts'
import { gateOn } from '#src/promises/vault/gate.ts'
import { backDays, mayComeBack, memberOf } from '../members.ts'
import { offerFor } from '../offers/offers.ts'
import { checksOf } from './checks.ts'

/** Something that is asked of a person, the page to do it on, and the day by which, in words. */
export interface AskOfMe {
  text: string
  href: string
  when: string
}

const matters = ['/me/adjustments', '/me/preferences', '/me/equality']

/** Where someone goes on who has just told us something new: to what is asked next, or back to their own page. */
export async function nextAsk(tx: Tx, house: House, me: Actor): Promise<string> {
  const next = (await asksOf(tx, house, me)).find(one => matters.includes(one.href))
  return next?.href ?? '/me'
}

/** Days after the appointment in which a new member tells us what we need to begin. */
const settleDays = 14

/**
 * What the panel asks of someone now: an offer to answer, what to tell us before the term begins, leaving to take back. A
 * supporter who acts for them is not asked the equality question.
 */
export async function asksOf(tx: Tx, house: House, me: Actor): Promise<AskOfMe[]> {
  const dossier = me.id
  const today = londonDate(house.clock.now())
  const asks: AskOfMe[] = []
  const offer = await offerFor(tx, dossier)
  if (offer?.state === 'offered')
    asks.push({ text: 'Say whether you take your place', href: '/me/offer', when: byDay(offer.answer_by) })
  const member = await memberOf(tx, dossier)
  if (member?.left_on) {
    const back = addDays(member.left_on, backDays)
    if (mayComeBack(member, today))
      asks.push({ text: 'Come back, if you left by mistake', href: '/me/membership', when: byDay(back) })
    return asks
  }
  if (!member || member.paused_at || member.ends_on <= today) return asks
  const settled = addDays(londonDate(member.appointed_at), settleDays)
  const due = settled > member.starts_on ? settled : member.starts_on
  const when = due < today ? 'as soon as you can' : byDay(due)
  const checks = await checksOf(tx, dossier)
  const gate = await gateOn(tx, today)
  if (!checks.has('adjustments') && gate.askAdjustments)
    asks.push({ text: 'Check what would help you take part', href: '/me/adjustments', when })
  if (!checks.has('preferences')) asks.push({ text: 'Tell us when meetings suit you', href: '/me/preferences', when })
  if (!checks.has('equality') && gate.ethnicity && !isSupporter(me))
    asks.push({ text: 'Answer the equality question, or skip it', href: '/me/equality', when })
  return asks
}

function byDay(day: string): string {
  return `by ${sayDate(day)}`
}
