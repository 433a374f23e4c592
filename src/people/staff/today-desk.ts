import { londonDate, sayDate } from '#src/platform/calendar/london.ts'
import type { Tx } from '#src/platform/database/database.ts'
import { type Breach, breaches, breachToday } from '#src/promises/breaches/breaches.ts'
import type { Disclosure } from '#src/promises/disclosures/disclosure.ts'
import { disclosureTypes } from '#src/promises/disclosures/kinds.ts'
import { disclosureToday } from '#src/promises/disclosures/next.ts'
import { openDisclosures } from '#src/promises/disclosures/open.ts'
import { type ProcessorEntry, processorEntries, processorToday } from '#src/promises/processors/processors.ts'
import { holdToday, type StandingHold, standingHolds } from '#src/promises/retention/holds.ts'
import { type Case, openCases } from '#src/promises/rights/cases.ts'
import { complaintToday } from '#src/promises/rights/complaints.ts'
import { isLate, nextStep } from '#src/promises/rights/next.ts'
import { noticeToday, openNotices, type RecipientNotice } from '#src/promises/rights/recipients.ts'
import { matters } from '#src/promises/rights/rights.ts'
import type { TodayItem } from './today.ts'

/** What the data protection desk has to do today: each item with its day, and an alarm before the day is lost. */
export async function deskItems(tx: Tx, now: Date, me: string): Promise<TodayItem[]> {
  const today = londonDate(now)
  return [
    ...(await breaches(tx)).flatMap(one => breachItem(one, now)),
    ...(await processorEntries(tx)).flatMap(one => processorItems(one, today)),
    ...(await standingHolds(tx, today)).flatMap(one => holdItems(one, today)),
    ...(await openNotices(tx)).flatMap(one => noticeItems(one, today)),
    ...(await openDisclosures(tx)).flatMap(one => disclosureItems(one, now, me)),
    ...(await openCases(tx)).map(one => caseItem(one, today)),
  ]
}

function breachItem(one: Breach, now: Date): TodayItem[] {
  const next = breachToday(one, now)
  if (!next) return []
  const href = `/staff/protection/breaches/${one.dossier_id}`
  return [{ state: next.isAlarm ? 'overdue' : 'due', href, text: `Breach ${one.reference}: ${next.says}` }]
}

function processorItems(one: ProcessorEntry, today: string): TodayItem[] {
  return processorToday(one, today).map(({ isOverdue, says }) => ({
    state: isOverdue ? 'overdue' : 'due',
    href: `/staff/protection/processors/${one.id}`,
    text: `${one.name}: ${says}`,
  }))
}

function holdItems(one: StandingHold, today: string): TodayItem[] {
  const next = holdToday(one, today)
  if (!next) return []
  const text = `A hold${one.matter ? ` for ${one.matter}` : `, ${one.ground}`}: ${next.says}`
  return [{ state: next.isOverdue ? 'overdue' : 'due', href: `/staff/protection/holds#hold-${one.id}`, text }]
}

function noticeItems(one: RecipientNotice, today: string): TodayItem[] {
  const waits = noticeToday(one, today)
  if (!waits) return []
  const href = `/staff/protection/cases/${one.dossier_id}/recipients`
  const state = waits.isOverdue ? 'overdue' : one.told_at ? 'waiting' : 'due'
  return [{ state, href, text: `${one.recipient}, who was given someone’s data: ${waits.says}` }]
}

function disclosureItems(one: Disclosure, now: Date, me: string): TodayItem[] {
  const href = `/staff/protection/disclosures/${one.dossier_id}`
  const about = `${one.reference}, ${lowerFirst(disclosureTypes[one.type].says)}`
  return disclosureToday(one, now, me).map(({ state, says }) => ({ state, href, text: `${about}: ${says}` }))
}

const lowerFirst = (text: string) => text.charAt(0).toLowerCase() + text.slice(1)

function caseItem(one: Case & { due: string }, today: string): TodayItem {
  const href = `/staff/protection/cases/${one.dossier_id}`
  const complaint = one.matter === 'complaint' ? complaintToday(one, today) : undefined
  if (complaint)
    return {
      state: complaint.isAlarm ? 'overdue' : 'due',
      href: `${href}/complaint`,
      text: `${one.reference}, a complaint about data: ${complaint.says}`,
    }
  const next = nextStep(one)
  return {
    state: isLate(one, today) ? 'overdue' : next?.startsWith('Waits') ? 'waiting' : 'due',
    href,
    text: `${one.reference}, ${matters[one.matter].says.toLowerCase()}: ${next?.toLowerCase()}, by ${sayDate(one.due)}`,
  }
}
