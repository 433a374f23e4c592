import { randomUUID } from 'node:crypto'
import type { Selectable } from 'kysely'
import { tell } from '#src/panel/correspondence/tell.ts'
import { addDays } from '#src/platform/calendar/dates.ts'
import { londonDate, sayDate } from '#src/platform/calendar/london.ts'
import type { Tx } from '#src/platform/database/database.ts'
import type { Tables } from '#src/platform/database/tables.ts'
import type { House } from '#src/promises/house.ts'
import { type Actor, system } from '#src/promises/notice/actor.ts'
import { leave } from '../members.ts'
import { NotPossible } from '../not-possible.ts'
import { note } from '../offers/offers.ts'
import './tables.ts'

export type Removal = Selectable<Tables['removal']>
/** Days of notice: longer for those who get letters by post. */
export const noticeDays = { email: 14, phone: 14, post: 21 } as const
const self = system('membership')

/**
 * Proposes to remove a member: the reason is sealed where the member can read it, and the letter gives notice. Throws
 * NotPossible, in one sentence.
 */
export async function propose(tx: Tx, house: House, by: Actor, dossier: string, reason: string): Promise<void> {
  const member = await locked(tx, dossier)
  if (!member) throw new NotPossible('This person is not a member any more')
  if (await openRemoval(tx, dossier)) throw new NotPossible('A removal of this member is proposed already')
  const ask = { by: self, for: 'administer the panel', fields: ['channel'] } as const
  const [person] = await house.vault.open(tx, 'panel', ask, [dossier])
  const at = house.clock.now()
  const until = addDays(londonDate(at), person?.channel === 'post' ? noticeDays.post : noticeDays.email)
  await house.vault.put(tx, by, 'panel', dossier, { removalReason: reason })
  await tx
    .insertInto('removal')
    .values({
      id: randomUUID(),
      dossier_id: dossier,
      proposed_at: at,
      proposed_by: by.id,
      notice_until: until,
      state: 'proposed',
      ended_at: null,
      ended_by: null,
    })
    .execute()
  const detail = { until: sayDate(until), link: `${house.config.baseUrl}/me/data` }
  await tell(tx, house, self, dossier, 'removal proposed', detail)
  await note(tx, house, by, 'removal proposed', {}, dossier)
}

/** A second person confirms, once the notice is over: the member leaves. Throws NotPossible, in one sentence. */
export async function confirm(tx: Tx, house: House, by: Actor, dossier: string): Promise<void> {
  const member = await locked(tx, dossier)
  const open = await openRemoval(tx, dossier)
  if (!member || !open) throw new NotPossible('No removal of this member is proposed')
  if (open.proposed_by === by.id) throw new NotPossible('You proposed this: a second person confirms it')
  if (londonDate(house.clock.now()) <= open.notice_until)
    throw new NotPossible(`The member has until ${sayDate(open.notice_until)} to answer`)
  await end(tx, house, by, open, 'confirmed')
  await leave(tx, house, by, dossier, 'removed', { proposedBy: open.proposed_by, confirmedBy: by.id })
}

/** The proposal is dropped, and the member is told. Throws NotPossible when there is none. */
export async function drop(tx: Tx, house: House, by: Actor, dossier: string): Promise<void> {
  await locked(tx, dossier)
  const open = await openRemoval(tx, dossier)
  if (!open) throw new NotPossible('No removal of this member is proposed')
  await end(tx, house, by, open, 'dropped')
  await tell(tx, house, self, dossier, 'removal dropped', { link: `${house.config.baseUrl}/me` })
  await note(tx, house, by, 'removal dropped', {}, dossier)
}

/** The proposal that stands, if there is one. */
export function openRemoval(tx: Tx, dossier: string): Promise<Removal | undefined> {
  return tx
    .selectFrom('removal')
    .selectAll()
    .where('dossier_id', '=', dossier)
    .where('state', '=', 'proposed')
    .executeTakeFirst()
}

/** Every proposal that stands, of members who have not left meanwhile. */
export async function openRemovals(tx: Tx): Promise<Removal[]> {
  return tx
    .selectFrom('removal')
    .innerJoin('member', 'member.dossier_id', 'removal.dossier_id')
    .selectAll('removal')
    .where('removal.state', '=', 'proposed')
    .where('member.left_on', 'is', null)
    .orderBy('removal.notice_until')
    .execute()
}

async function end(tx: Tx, house: House, by: Actor, open: Removal, state: 'confirmed' | 'dropped'): Promise<void> {
  await tx
    .updateTable('removal')
    .set({ state, ended_at: house.clock.now(), ended_by: by.id })
    .where('id', '=', open.id)
    .execute()
}

/** The member in office, locked: two officers at once come one after the other. */
function locked(tx: Tx, dossier: string) {
  return tx
    .selectFrom('member')
    .select('dossier_id')
    .where('dossier_id', '=', dossier)
    .where('left_on', 'is', null)
    .forUpdate()
    .executeTakeFirst()
}
