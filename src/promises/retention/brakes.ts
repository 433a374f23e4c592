import type { Tx } from '#src/platform/database/database.ts'
import { forPurpose } from '#src/platform/database/database.ts'
import type { House } from '../house.ts'
import { record } from '../ledger/ledger.ts'
import type { Actor } from '../notice/actor.ts'
import type { HoldGround } from './tables.ts'

/** The sweep, or an erasure, was first. */
export class TooLate extends Error {}

/**
 * Places a hold: the sweep passes this dossier by until it is lifted. The key store is told first, so that a sweep that
 * runs meanwhile sees it. `reviewOn` is when somebody looks at it again. A legal matter is named by its reference, and
 * waits for a second person's approval while the hold stands already.
 */
export async function hold(
  tx: Tx,
  house: House,
  by: Actor,
  id: string,
  ground: HoldGround,
  reviewOn: string,
  matter: string | null = null,
): Promise<void> {
  const at = house.clock.now()
  const isApproved = ground !== 'legal matter'
  await house.keys.setHeld(id, true)
  if ((await house.vault.record(id))?.state !== 'alive')
    throw new TooLate('This record has ended: there is nothing to hold.')
  await forPurpose(tx, 'store', async () => {
    await tx.updateTable('dossier').set({ held_at: at }).where('id', '=', id).execute()
    await tx
      .insertInto('hold')
      .values({
        dossier_id: id,
        ground,
        placed_at: at,
        placed_by: by.id,
        review_on: reviewOn,
        matter,
        approved_at: isApproved ? at : null,
        approved_by: isApproved ? by.id : null,
        lifted_at: null,
        lifted_by: null,
      })
      .execute()
  })
  await note(tx, house, by, 'hold placed', id, { ground, reviewOn, ...(matter ? { matter } : {}) })
}

/** Lifts the holds of a record on one ground, or that of one legal matter; the brake is off when no other stands. */
export async function liftHold(
  tx: Tx,
  house: House,
  by: Actor,
  id: string,
  ground: HoldGround,
  matter?: string | null,
): Promise<void> {
  const at = house.clock.now()
  const others = await forPurpose(tx, 'store', async () => {
    const standing = tx
      .updateTable('hold')
      .set({ lifted_at: at, lifted_by: by.id })
      .where('dossier_id', '=', id)
      .where('ground', '=', ground)
      .where('lifted_at', 'is', null)
    await (matter ? standing.where('matter', '=', matter) : standing).execute()
    const left = await tx
      .selectFrom('hold')
      .select('id')
      .where('dossier_id', '=', id)
      .where('lifted_at', 'is', null)
      .execute()
    if (!left.length) await tx.updateTable('dossier').set({ held_at: null }).where('id', '=', id).execute()
    return left.length
  })
  if (!others) await house.keys.setHeld(id, false)
  await note(tx, house, by, 'hold lifted', id, { ground, ...(matter ? { matter } : {}) })
}

/**
 * Restricts a dossier (UK GDPR Art 18): it vanishes from every purpose except storing, rights and claims, in the key
 * store and by row-level security, and the sweep passes it by.
 */
export async function restrict(tx: Tx, house: House, by: Actor, id: string, reviewOn: string): Promise<void> {
  await house.keys.setRestricted(id, true)
  await forPurpose(tx, 'store', () =>
    tx.updateTable('dossier').set({ restricted_at: house.clock.now() }).where('id', '=', id).execute(),
  )
  await hold(tx, house, by, id, 'restriction', reviewOn)
}

/** Ends a restriction; the person is told before (Art 18(3)), which is for the room that calls this. */
export async function liftRestriction(tx: Tx, house: House, by: Actor, id: string): Promise<void> {
  await forPurpose(tx, 'store', () =>
    tx.updateTable('dossier').set({ restricted_at: null }).where('id', '=', id).execute(),
  )
  await liftHold(tx, house, by, id, 'restriction')
  await house.keys.setRestricted(id, false)
}

function note(
  tx: Tx,
  house: House,
  by: Actor,
  act: string,
  subject: string,
  detail: { [name: string]: string },
): Promise<void> {
  const role = by.roles[0] ?? 'system'
  return record(tx, { actor: by.id, role, purpose: 'exercise rights', act, subject, detail, at: house.clock.now() })
}
