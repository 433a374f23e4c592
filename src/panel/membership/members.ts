import type { Selectable } from 'kysely'
import { writeAgain, writeNoMore } from '#src/panel/correspondence/died.ts'
import { tell } from '#src/panel/correspondence/tell.ts'
import { addDays, addMonths } from '#src/platform/calendar/dates.ts'
import { londonDate, sayDate } from '#src/platform/calendar/london.ts'
import type { Tx } from '#src/platform/database/database.ts'
import type { Tables } from '#src/platform/database/tables.ts'
import type { House } from '#src/promises/house.ts'
import { type Detail, record } from '#src/promises/ledger/ledger.ts'
import { type Actor, system } from '#src/promises/notice/actor.ts'
import { memberExpiry } from '#src/promises/retention/due/expiry.ts'
import type { Round } from '../recruitment/round.ts'
import type { LeftBecause } from './tables.ts'
import './tables.ts'
import { mostTerms, termMonths } from './terms.ts'

export type Member = Selectable<Tables['member']>
/** Days in which leaving can be taken back. */
export const backDays = 14
const by = system('membership')

/**
 * Appoints someone: the term starts on the round's date and lasts three years; the record moves to the member's clock.
 * The third term is the last.
 */
export async function appoint(
  tx: Tx,
  house: House,
  actor: Actor,
  dossier: string,
  round: Round,
  seat: number,
): Promise<void> {
  const ask = { by, for: 'administer the panel', fields: ['termsServed'] } as const
  const [held] = await house.vault.open(tx, 'panel', ask, [dossier])
  const term = Math.min(mostTerms, Number(held?.termsServed ?? '0') + 1)
  const starts = round.termStartsOn
  const ends = addMonths(starts, termMonths)
  await tx
    .insertInto('member')
    .values({
      dossier_id: dossier,
      round_id: round.id,
      seat,
      term_number: term,
      starts_on: starts,
      ends_on: ends,
      appointed_at: house.clock.now(),
      paused_at: null,
      left_on: null,
      left_because: null,
      left_by: null,
      confirmed_by: null,
    })
    .execute()
  await house.vault.moveExpiry(tx, by, [dossier], memberExpiry(starts), 'appointed')
  await tell(tx, house, by, dossier, 'welcome to the panel', {
    starts: sayDate(starts),
    ends: sayDate(ends),
    link: `${house.config.baseUrl}/me`,
  })
  await note(tx, house, actor, 'appointed', { round: round.id, term }, dossier)
}

/** Someone's term, if they are or were a member. */
export function memberOf(tx: Tx, dossier: string): Promise<Member | undefined> {
  return tx.selectFrom('member').selectAll().where('dossier_id', '=', dossier).executeTakeFirst()
}

/** Where someone stands, for the data protection desk: what the task still needs of them depends on it. */
export async function standingOf(tx: Tx, dossier: string): Promise<'applicant' | 'member' | 'former member'> {
  const one = await memberOf(tx, dossier)
  if (!one) return 'applicant'
  return one.left_on === null ? 'member' : 'former member'
}

/** Every member whose term has not ended and who has not left, by seat; former ones when asked. */
export async function members(tx: Tx, today: string, { former = false } = {}): Promise<Member[]> {
  const rows = await tx.selectFrom('member').selectAll().orderBy('starts_on', 'desc').orderBy('seat').execute()
  return rows.filter(one => former || isInOffice(one, today))
}

/** Whether someone's term goes on: they have not left, and it is not over. */
export function isInOffice(member: Member, today: string): boolean {
  return member.left_on === null && member.ends_on > today
}

/** Where a member stands, in words. */
export function sayState(
  { left_on: left, left_because: because, starts_on: starts, ends_on: ends, paused_at: paused }: Member,
  today: string,
): string {
  if (left) return `Left on ${sayDate(left)} (${because})`
  if (ends <= today) return 'Term over'
  if (paused) return 'Paused'
  return starts > today ? `Starts on ${sayDate(starts)}` : 'In office'
}

/** A member pauses or goes on: paused, they are asked nothing, and keep their place. Twice is once. */
export async function pause(tx: Tx, house: House, actor: Actor, dossier: string, on: boolean): Promise<void> {
  const { numUpdatedRows } = await tx
    .updateTable('member')
    .set({ paused_at: on ? house.clock.now() : null })
    .where('dossier_id', '=', dossier)
    .where('left_on', 'is', null)
    .where('paused_at', on ? 'is' : 'is not', null)
    .executeTakeFirst()
  if (numUpdatedRows) await note(tx, house, actor, on ? 'membership paused' : 'membership goes on', {}, dossier)
}

/**
 * A member leaves: the record ends six months after, or at its own date if that is earlier. Leaving is put right
 * within fourteen days. Removal needs a second person, who is named; death stops every message at once.
 */
export async function leave(
  tx: Tx,
  house: House,
  actor: Actor,
  dossier: string,
  because: LeftBecause,
  removal?: { proposedBy: string; confirmedBy: string },
): Promise<boolean> {
  const member = await locked(tx, dossier)
  if (!member || member.left_on) return false
  if (because === 'removed' && (!removal || removal.confirmedBy === removal.proposedBy)) return false
  const today = londonDate(house.clock.now())
  await tx
    .updateTable('member')
    .set({
      left_on: today,
      left_because: because,
      left_by: removal?.proposedBy ?? actor.id,
      confirmed_by: removal?.confirmedBy ?? null,
    })
    .where('dossier_id', '=', dossier)
    .execute()
  await tx
    .updateTable('offer')
    .set({ state: 'ended' })
    .where('dossier_id', '=', dossier)
    .where('state', '=', 'accepted')
    .execute()
  await house.vault.moveExpiry(tx, by, [dossier], memberExpiry(member.starts_on, today), 'left the panel')
  if (because === 'died') await writeNoMore(tx, house, dossier)
  else if (because === 'removed')
    await tell(tx, house, by, dossier, 'removed from the panel', {
      left: sayDate(today),
      deleted: sayDate(memberExpiry(member.starts_on, today)),
      link: `${house.config.baseUrl}/me/data`,
    })
  else
    await tell(tx, house, by, dossier, 'left the panel', {
      left: sayDate(today),
      deleted: sayDate(memberExpiry(member.starts_on, today)),
      back: sayDate(addDays(today, backDays)),
      link: `${house.config.baseUrl}/me/membership`,
    })
  await note(tx, house, actor, 'left the panel', { because }, dossier)
  return true
}

/** Whether leaving can still be taken back: by the member who resigned, within fourteen days. */
export function mayComeBack(member: Member, today: string, reasons: LeftBecause[] = ['resigned']): boolean {
  const { left_on: left, left_because: because } = member
  return left !== null && because !== null && reasons.includes(because) && today <= addDays(left, backDays)
}

/** Whether an officer may still take back that a member left: they resigned, or their death was noted by mistake. */
export function mayBeSlip(member: Member, today: string): boolean {
  return mayComeBack(member, today, ['resigned', 'died'])
}

/** Leaving is taken back, within fourteen days and while the place is free; by an officer also where it was a slip. */
export async function comeBack(tx: Tx, house: House, actor: Actor, dossier: string): Promise<boolean> {
  const member = await locked(tx, dossier)
  const may = actor.roles.includes('officer') ? mayBeSlip : mayComeBack
  if (!member || !may(member, londonDate(house.clock.now()))) return false
  await tx.selectFrom('round').select('id').where('id', '=', member.round_id).forUpdate().execute()
  const taken = await tx
    .selectFrom('offer')
    .select('id')
    .where('round_id', '=', member.round_id)
    .where('seat', '=', member.seat)
    .where('dossier_id', '!=', dossier)
    .where('state', 'in', ['offered', 'accepted'])
    .executeTakeFirst()
  if (taken) return false
  await tx
    .updateTable('offer')
    .set({ state: 'accepted' })
    .where('dossier_id', '=', dossier)
    .where('state', '=', 'ended')
    .execute()
  await tx
    .updateTable('member')
    .set({ left_on: null, left_because: null, left_by: null })
    .where('dossier_id', '=', dossier)
    .execute()
  if (member.left_because === 'died') await writeAgain(tx, dossier)
  await house.vault.moveExpiry(tx, by, [dossier], memberExpiry(member.starts_on), 'came back')
  await note(tx, house, actor, 'came back to the panel', {}, dossier)
  return true
}

/** Someone's term, locked: two people at once come one after the other. */
function locked(tx: Tx, dossier: string): Promise<Member | undefined> {
  return tx.selectFrom('member').selectAll().where('dossier_id', '=', dossier).forUpdate().executeTakeFirst()
}

function note(tx: Tx, house: House, actor: Actor, act: string, detail: Detail, subject: string): Promise<void> {
  const role = actor.roles[0] ?? 'system'
  return record(tx, {
    actor: actor.id,
    role,
    purpose: 'administer the panel',
    act,
    detail,
    subject,
    at: house.clock.now(),
  })
}
