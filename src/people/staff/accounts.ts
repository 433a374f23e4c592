import { tell } from '#src/panel/correspondence/tell.ts'
import { addDays, addMonths } from '#src/platform/calendar/dates.ts'
import { londonDate } from '#src/platform/calendar/london.ts'
import type { Tx } from '#src/platform/database/database.ts'
import type { House } from '#src/promises/house.ts'
import { record } from '#src/promises/ledger/ledger.ts'
import type { Actor } from '#src/promises/notice/actor.ts'
import { type Role, staffRoles } from '#src/promises/notice/purposes.ts'
import { endSessionsOf } from '../doors/sessions.ts'
import '../tables.ts'

const MONTHS_KEPT = 12

/** The accounts of these that are open: accepted by their person, and not closed. */
export async function openAccounts(tx: Tx, ids: readonly string[]): Promise<{ id: string; roles: Role[] }[]> {
  if (!ids.length) return []
  const rows = await tx
    .selectFrom('staff')
    .select(['dossier_id', 'roles'])
    .where('dossier_id', 'in', [...ids])
    .where('activated_at', 'is not', null)
    .where('disabled_at', 'is', null)
    .execute()
  return rows.map(row => ({ id: row.dossier_id, roles: staffRoles.filter(role => row.roles.includes(role)) }))
}

/** Whether an account stands under this address already, open or invited. */
export async function hasAccount(tx: Tx, house: House, email: string): Promise<boolean> {
  const ids = await house.vault.findByEmail(email)
  if (!ids.length) return false
  const row = await tx
    .selectFrom('staff')
    .select('dossier_id')
    .where('dossier_id', 'in', ids)
    .where('disabled_at', 'is', null)
    .executeTakeFirst()
  return row !== undefined
}

/** Notes that an account is in use: its record is kept for a year more. */
export async function keepAccount(tx: Tx, house: House, by: Actor, id: string): Promise<void> {
  const until = addMonths(londonDate(house.clock.now()), MONTHS_KEPT)
  const held = await house.vault.record(id)
  if (held && held.expiresOn < addDays(until, -30)) await house.vault.moveExpiry(tx, by, [id], until, 'account in use')
}

/** Sends the invitation once more; it works for seven days again. */
export async function inviteAgain(tx: Tx, house: House, by: Actor, id: string): Promise<void> {
  const changed = await tx
    .updateTable('staff')
    .set({ invited_at: house.clock.now() })
    .where('dossier_id', '=', id)
    .where('activated_at', 'is', null)
    .where('disabled_at', 'is', null)
    .returning('dossier_id')
    .executeTakeFirst()
  if (!changed) return
  await note(tx, house, by, 'staff invited again', id, {})
  await tell(tx, house, by, id, 'staff invitation', { staff: id })
}

/** Invites someone to the staff: a dossier of kind staff, and a letter with a link that works for seven days. */
export async function invite(
  tx: Tx,
  house: House,
  by: Actor,
  person: { name: string; email: string; roles: readonly Role[]; demo?: boolean },
): Promise<string> {
  const now = house.clock.now()
  const id = await house.vault.begin(tx, by, 'staff', addMonths(londonDate(now), MONTHS_KEPT))
  await house.vault.put(tx, by, 'staff', id, { name: person.name, email: person.email })
  await tx
    .insertInto('staff')
    .values({
      dossier_id: id,
      roles: [...person.roles],
      invited_at: now,
      invited_by: by.id,
      activated_at: person.demo ? now : null,
      disabled_at: null,
      second_factor: false,
      demo: person.demo ?? false,
    })
    .execute()
  await note(tx, house, by, 'staff invited', id, { roles: person.roles })
  if (!person.demo) await tell(tx, house, by, id, 'staff invitation', { staff: id })
  return id
}

/** Changes what someone may do. The last administrator stays one. Returns what is wrong, in one sentence. */
export async function changeRoles(
  tx: Tx,
  house: House,
  by: Actor,
  id: string,
  roles: readonly Role[],
): Promise<string | undefined> {
  if (!roles.includes('administrator') && (await isLastAdministrator(tx, id)))
    return 'This is the last administrator: make someone else one first'
  await tx
    .updateTable('staff')
    .set({ roles: [...roles] })
    .where('dossier_id', '=', id)
    .execute()
  await endSessionsOf(tx, id)
  await note(tx, house, by, 'staff roles changed', id, { roles })
  return undefined
}

/** Closes an account: its sessions end at once. The last administrator's stays open. */
export async function disable(tx: Tx, house: House, by: Actor, id: string): Promise<string | undefined> {
  if (await isLastAdministrator(tx, id)) return 'This is the last administrator: make someone else one first'
  await tx.updateTable('staff').set({ disabled_at: house.clock.now() }).where('dossier_id', '=', id).execute()
  await endSessionsOf(tx, id)
  const until = addMonths(londonDate(house.clock.now()), MONTHS_KEPT)
  await house.vault.moveExpiry(tx, by, [id], until, 'account closed')
  await note(tx, house, by, 'staff account closed', id, {})
  return undefined
}

/** Takes a lost second factor away: the person sets up a new one at the next sign-in. */
export async function resetSecondFactor(tx: Tx, house: House, by: Actor, id: string): Promise<void> {
  await house.vault.put(tx, by, 'staff', id, { secondFactor: undefined })
  await tx.updateTable('staff').set({ second_factor: false }).where('dossier_id', '=', id).execute()
  await endSessionsOf(tx, id)
  await note(tx, house, by, 'second factor reset', id, {})
}

async function isLastAdministrator(tx: Tx, id: string): Promise<boolean> {
  const rows = await tx
    .selectFrom('staff')
    .select(['dossier_id', 'roles'])
    .where('disabled_at', 'is', null)
    .where('activated_at', 'is not', null)
    .orderBy('dossier_id')
    .forUpdate()
    .execute()
  const administrators = rows.filter(row => row.roles.includes('administrator'))
  return administrators.length === 1 && administrators[0]?.dossier_id === id
}

function note(tx: Tx, house: House, by: Actor, act: string, subject: string, detail: { roles?: readonly Role[] }) {
  return record(tx, {
    actor: by.id,
    role: by.roles[0] ?? 'system',
    purpose: 'keep the service safe',
    act,
    subject,
    detail,
    at: house.clock.now(),
  })
}
