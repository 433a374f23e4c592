import { randomUUID } from 'node:crypto'
import { tell } from '#src/panel/correspondence/tell.ts'
import type { AskOfMe } from '#src/panel/membership/own/asks.ts'
import { addressConfirmed } from '#src/panel/recruitment/application.ts'
import { type AddressChanges, addressChangesValue } from '#src/panel/recruitment/values.ts'
import { sayInstant } from '#src/platform/calendar/london.ts'
import type { Tx } from '#src/platform/database/database.ts'
import type { Queue } from '#src/platform/jobs/jobs.ts'
import { type House, within } from '#src/promises/house.ts'
import { record } from '#src/promises/ledger/ledger.ts'
import { type Actor, system } from '#src/promises/notice/actor.ts'
import { codeOf, endCodes, normalCode } from '../../doors/codes.ts'
import { endSessionsOf, leaveSessions } from '../../doors/sessions.ts'
import '../../tables.ts'

const doors = system('doors')
const HOUR = 60 * 60_000
/** Hours in which the old address can take a change back. */
export const undoHours = 72
/** Hours in which a new address is confirmed. */
const confirmHours = 1
const MOST_AN_HOUR = 3
const MOST_TRIES = 6

/** Every hour: forgets the addresses of changes that can no longer be taken back. */
export const addressQueue: Queue = { name: 'forget-addresses', cron: '47 * * * *' }

/**
 * Asks for another e-mail address. It is sealed and used for nothing until it is confirmed from there; the one in use is
 * warned at once. Nothing is looked up, so that nothing tells whether the address is known.
 */
export async function askChange(
  tx: Tx,
  house: House,
  by: Actor,
  dossier: string,
  address: string,
): Promise<'asked' | 'the same' | 'too often'> {
  const now = house.clock.now()
  const held = await openAddresses(tx, house, dossier)
  if (held.email && sameAddress(held.email, address)) return 'the same'
  const recent = await tx
    .selectFrom('address_change')
    .select('id')
    .where('dossier_id', '=', dossier)
    .where('asked_at', '>', new Date(now.getTime() - HOUR))
    .execute()
  if (recent.length >= MOST_AN_HOUR) return 'too often'
  const id = randomUUID()
  await tx
    .insertInto('address_change')
    .values({ id, dossier_id: dossier, asked_at: now, confirmed_at: null, undone_at: null })
    .execute()
  const changes = [...held.changes, { id, from: held.email ?? '', to: address }]
  await house.vault.put(tx, by, 'panel', dossier, { addressChanges: addressChangesValue.write(changes) })
  await tell(tx, house, doors, dossier, 'new address', { change: id })
  if (held.email)
    await tell(tx, house, doors, dossier, 'address changing', {
      change: id,
      until: sayInstant(new Date(now.getTime() + undoHours * HOUR)),
    })
  await note(tx, house, by, 'address change asked', dossier)
  return 'asked'
}

/** The change that waits for its code: the newest, within the hour, neither confirmed nor taken back. */
export async function waitingChange(tx: Tx, house: House, dossier: string) {
  const row = await tx
    .selectFrom('address_change')
    .selectAll()
    .where('dossier_id', '=', dossier)
    .orderBy('asked_at', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row && isWaiting(row, house.clock.now()) ? row : undefined
}

/** What is asked of someone about their address: to confirm the new one while its code lives. */
export async function addressAsks(tx: Tx, house: House, dossier: string): Promise<AskOfMe[]> {
  const row = await waitingChange(tx, house, dossier)
  if (!row) return []
  const when = `by ${sayInstant(new Date(row.asked_at.getTime() + confirmHours * HOUR))}`
  return [{ text: 'Confirm your new email address', href: '/me/details/email/code', when }]
}

/** The address that waits to be confirmed, for its owner's eyes. */
export async function waitingAddress(tx: Tx, house: House, dossier: string): Promise<string | undefined> {
  const row = await waitingChange(tx, house, dossier)
  if (!row) return undefined
  return (await openAddresses(tx, house, dossier)).changes.find(one => one.id === row.id)?.to
}

/** Confirms by the code that the new address got. A wrong one counts, and after six none is right. */
export async function confirmByCode(
  tx: Tx,
  house: House,
  dossier: string,
  typed: string,
  session?: string,
): Promise<boolean> {
  const row = await waitingChange(tx, house, dossier)
  if (!row || row.tries >= MOST_TRIES) return false
  const secret = await house.vault.secret('sign-in')
  if (normalCode(codeOf(secret, row.id)) === normalCode(typed)) return confirmChange(tx, house, row.id, session)
  await tx
    .updateTable('address_change')
    .set(eb => ({ tries: eb('tries', '+', 1) }))
    .where('id', '=', row.id)
    .execute()
  return false
}

/**
 * The new address is the person's: it is used from now on, and finds the record. Everyone who came in by the old one is
 * out, save the session in which it was confirmed. False when the change has run out or was taken back.
 */
export async function confirmChange(tx: Tx, house: House, id: string, session?: string): Promise<boolean> {
  const row = await tx.selectFrom('address_change').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
  if (!row || (await waitingChange(tx, house, row.dossier_id))?.id !== id) return false
  const { changes } = await openAddresses(tx, house, row.dossier_id)
  const found = changes.find(one => one.id === id)
  if (!found) return false
  await house.vault.put(tx, doors, 'panel', row.dossier_id, { email: found.to })
  await tx.updateTable('address_change').set({ confirmed_at: house.clock.now() }).where('id', '=', id).execute()
  await addressConfirmed(tx, house, row.dossier_id, { anew: true })
  await endCodes(tx, row.dossier_id)
  await leaveSessions(tx, row.dossier_id, session)
  await note(tx, house, doors, 'address changed', row.dossier_id)
  return true
}

/**
 * "This wasn't me": the address that was used before a change is used again, that change and all later ones are over,
 * and everyone is signed out. False after 72 hours, or when it was pressed before.
 */
export async function undoChange(tx: Tx, house: House, id: string): Promise<boolean> {
  const now = house.clock.now()
  const row = await tx.selectFrom('address_change').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
  if (!row || row.undone_at || now.getTime() >= row.asked_at.getTime() + undoHours * HOUR) return false
  const dossier = row.dossier_id
  const found = (await openAddresses(tx, house, dossier)).changes.find(one => one.id === id)
  if (!found?.from) return false
  const undone = await tx
    .updateTable('address_change')
    .set({ undone_at: now })
    .where('dossier_id', '=', dossier)
    .where('asked_at', '>=', row.asked_at)
    .where('undone_at', 'is', null)
    .returning('confirmed_at')
    .execute()
  if (undone.some(one => one.confirmed_at)) await house.vault.put(tx, doors, 'panel', dossier, { email: found.from })
  await endCodes(tx, dossier)
  await endSessionsOf(tx, dossier)
  await note(tx, house, doors, 'address change taken back', dossier)
  return true
}

/** Forgets the addresses of changes whose 72 hours are over. Returns how many. */
export async function forgetAddresses(house: House): Promise<number> {
  return within(house, { by: doors, for: 'exercise rights' }, async tx => {
    const over = await tx
      .deleteFrom('address_change')
      .where('asked_at', '<=', new Date(house.clock.now().getTime() - undoHours * HOUR))
      .returning(['id', 'dossier_id'])
      .execute()
    const gone = new Set(over.map(row => row.id))
    for (const dossier of new Set(over.map(row => row.dossier_id))) {
      if ((await house.vault.record(dossier))?.state !== 'alive') continue
      const left = (await openAddresses(tx, house, dossier)).changes.filter(one => !gone.has(one.id))
      const value = left.length ? addressChangesValue.write(left) : undefined
      await house.vault.put(tx, doors, 'panel', dossier, { addressChanges: value })
    }
    return over.length
  })
}

async function openAddresses(
  tx: Tx,
  house: House,
  dossier: string,
): Promise<{ email: string | undefined; changes: AddressChanges }> {
  const ask = { by: doors, for: 'exercise rights', fields: ['email', 'addressChanges'] } as const
  const [opened] = await house.vault.open(tx, 'panel', ask, [dossier])
  return { email: opened?.email, changes: addressChangesValue.read(opened?.addressChanges) ?? [] }
}

function isWaiting(row: { asked_at: Date; confirmed_at: Date | null; undone_at: Date | null }, now: Date): boolean {
  return !row.confirmed_at && !row.undone_at && now.getTime() < row.asked_at.getTime() + confirmHours * HOUR
}

function sameAddress(a: string, b: string): boolean {
  const plain = (text: string) => text.normalize('NFC').trim().toLowerCase()
  return plain(a) === plain(b)
}

function note(tx: Tx, house: House, by: Actor, act: string, subject: string): Promise<void> {
  return record(tx, {
    actor: by.id,
    role: by.roles[0] ?? 'system',
    purpose: 'keep the service safe',
    act,
    subject,
    at: house.clock.now(),
  })
}
