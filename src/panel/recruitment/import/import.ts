import { tell } from '#src/panel/correspondence/tell.ts'
import { earlier } from '#src/platform/calendar/dates.ts'
import { londonDate, startOfDay } from '#src/platform/calendar/london.ts'
import type { Tx } from '#src/platform/database/database.ts'
import type { House } from '#src/promises/house.ts'
import { record } from '#src/promises/ledger/ledger.ts'
import { type Actor, system } from '#src/promises/notice/actor.ts'
import { noteTold, noticeInForce } from '#src/promises/publishing/version.ts'
import { gateOn } from '#src/promises/vault/gate.ts'
import { newReference, receipt } from '../application.ts'
import { landlordNames } from '../landlords/landlords.ts'
import { plain } from '../list/find.ts'
import { endOf, expiriesOf, questionsOf, type Round, stateOf } from '../round.ts'
import type { Mapping } from './mapping.ts'
import type { Applicant, Ground } from './read.ts'

/** Why nothing can be imported into a round now, in one sentence; undefined when it can. */
export async function whyNotImport(tx: Tx, house: House, round: Round): Promise<string | undefined> {
  const now = house.clock.now()
  const state = stateOf(round, now)
  if (state === 'draft' || state === 'waiting') return 'The round has not opened yet'
  if (expiriesOf(round).sent <= londonDate(now)) return 'The applications of this round have been deleted already'
  return (await noticeInForce(tx)) ? undefined : 'No privacy notice is in force'
}

/** What the rows of a file are read against. */
export async function groundOf(
  tx: Tx,
  house: House,
  round: Round,
  mapping: (headings: readonly string[], questions: Ground['questions']) => Mapping | string,
): Promise<Ground> {
  const questions = await questionsOf(tx, round.id)
  const today = londonDate(house.clock.now())
  const closing = londonDate(endOf(round))
  return {
    questions,
    landlords: new Set((await landlordNames(tx)).map(plain)),
    from: londonDate(round.opensAt),
    to: earlier(closing, today),
    mapping: headings => mapping(headings, questions),
  }
}

/**
 * Takes applications that came on paper and were typed up elsewhere: each is sent at once, with the date it was
 * received. Special-category answers are left out while they may not be asked for. Those who can be reached are told
 * that it is here, when `receipts` says so. Returns the dossiers' ids.
 */
export async function importApplicants(
  tx: Tx,
  house: House,
  by: Actor,
  round: Round,
  applicants: readonly Applicant[],
  { receipts = false } = {},
): Promise<string[]> {
  const now = house.clock.now()
  const notice = await noticeInForce(tx)
  if (!notice) throw new Error('No privacy notice is in force.')
  if (!applicants.length) return []
  const gate = await gateOn(tx, londonDate(now))
  const ids = await house.vault.beginMany(tx, by, 'panel', expiriesOf(round).sent, applicants.length)
  const rows = applicants.map((applicant, at) => ({
    dossier_id: ids[at] ?? '',
    round_id: round.id,
    reference: newReference(),
    state: 'sent' as const,
    started_at: now,
    sent_at: now,
    changed_at: now,
    withdrawn_at: null,
    received_via: 'import' as const,
    received_on: applicant.receivedOn ?? londonDate(now),
    entered_by: by.id,
    notice_version: String(notice.version),
    notice_given_how: 'on the paper form',
    notice_given_at: applicant.receivedOn ? startOfDay(applicant.receivedOn) : now,
    landlord_unlisted: applicant.landlordUnlisted,
    marked_special: applicant.markedSpecial,
    email_confirmed_at: null,
    reminded_at: null,
  }))
  for (let from = 0; from < rows.length; from += 2000)
    await tx
      .insertInto('application')
      .values(rows.slice(from, from + 2000))
      .execute()
  const all = applicants.map(({ values }, at) => ({
    id: ids[at] ?? '',
    values: {
      ...values,
      ethnicity: gate.ethnicity ? values.ethnicity : undefined,
      adjustments: gate.askAdjustments ? values.adjustments : undefined,
    },
  }))
  await house.vault.putMany(tx, by, 'panel', all.map(withoutEmpty))
  await noteTold(tx, house, notice.version, ids, 'on the paper form')
  if (receipts) await tellReceived(tx, house, round, applicants, rows)
  await record(tx, {
    actor: by.id,
    role: by.roles[0] ?? 'system',
    purpose: 'administer the panel',
    act: 'applications imported',
    count: ids.length,
    detail: { round: round.id },
    at: now,
  })
  return ids
}

/** Tells those whose file says how to reach them that their application is here. */
async function tellReceived(
  tx: Tx,
  house: House,
  round: Round,
  applicants: readonly Applicant[],
  rows: readonly { dossier_id: string; reference: string }[],
): Promise<void> {
  const references = new Map(rows.map(row => [row.dossier_id, row.reference]))
  const reachable = rows.filter((_, at) => {
    const { channel = 'email', email, phone, address } = applicants[at]?.values ?? {}
    if (channel === 'phone') return phone !== undefined
    return (channel === 'post' ? address : email) !== undefined
  })
  const ids = reachable.map(row => row.dossier_id)
  await tell(tx, house, system('recruitment'), ids, 'application received', id =>
    receipt(house, round, references.get(id) ?? ''),
  )
}

/** A new dossier holds nothing yet: what is not given need not be taken out. */
function withoutEmpty<V extends object>({ id, values }: { id: string; values: V }): { id: string; values: V } {
  const given = Object.fromEntries(Object.entries(values).filter(([, value]) => value)) as V // the checked edge: fewer keys
  return { id, values: given }
}
