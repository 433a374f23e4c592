import type { Selectable } from 'kysely'
import { forPurpose, type Tx } from '#src/platform/database/database.ts'
import type { Tables } from '#src/platform/database/tables.ts'
import { type House, within } from '#src/promises/house.ts'
import { record } from '#src/promises/ledger/ledger.ts'
import { type Actor, system } from '#src/promises/notice/actor.ts'
import './tables.ts'
import { type Contact, readLog } from './words.ts'

const self = system('contacts')
export type ContactEntry = Selectable<Tables['contact_entry']>

/** What an officer notes: one contact, and what is to be done next, by when and by whom. */
export interface NewContact extends Contact {
  /** Names the entry, so that the same form sent twice is one contact. */
  id: string
  due: string | undefined
  /** The staff dossier that does it; nobody named is the team. */
  owner: string | undefined
}

/** Notes a contact in someone's record. Safe to repeat. False when the record is not there, or is set aside. */
export function noteContact(house: House, by: Actor, dossier: string, contact: NewContact): Promise<boolean> {
  return within(house, { by: self, for: 'administer the panel' }, async tx => {
    const row = tx.selectFrom('dossier').select('id').where('id', '=', dossier).where('kind', '=', 'panel')
    if (!(await row.forUpdate().executeTakeFirst())) return false
    const ask = { by: self, for: 'administer the panel', fields: ['contactLog'] } as const
    const [held] = await house.vault.open(tx, 'panel', ask, [dossier])
    if (!held) return false
    const { id, on, way, topic, next, due, owner } = contact
    const at = house.clock.now()
    const made = await tx
      .insertInto('contact_entry')
      .values({
        id,
        dossier_id: dossier,
        made_at: at,
        made_by: by.id,
        due_on: due ?? null,
        owner: due ? (owner ?? null) : null,
        done_at: null,
      })
      .onConflict(on => on.doNothing())
      .returning('id')
      .executeTakeFirst()
    if (!made) return true
    const log = { ...readLog(held.contactLog), [id]: { on, way, topic, next } }
    await house.vault.put(tx, self, 'panel', dossier, { contactLog: JSON.stringify(log) })
    await record(tx, {
      actor: by.id,
      role: by.roles[0] ?? 'system',
      purpose: 'administer the panel',
      act: 'contact noted',
      subject: dossier,
      at,
    })
    return true
  })
}

/** The contacts with someone, the newest first. */
export async function contactsOf(tx: Tx, dossier: string): Promise<ContactEntry[]> {
  return tx
    .selectFrom('contact_entry')
    .selectAll()
    .where('dossier_id', '=', dossier)
    .orderBy('made_at', 'desc')
    .orderBy('id')
    .execute()
}

/** Notes that what was to be done next is done. Safe to repeat. */
export async function actionDone(tx: Tx, house: House, by: Actor, dossier: string, id: string): Promise<boolean> {
  const row = tx.selectFrom('contact_entry').select(['id', 'done_at']).where('id', '=', id)
  const held = await row.where('dossier_id', '=', dossier).where('due_on', 'is not', null).executeTakeFirst()
  if (!held) return false
  if (held.done_at) return true
  const at = house.clock.now()
  await tx.updateTable('contact_entry').set({ done_at: at }).where('id', '=', id).execute()
  await record(tx, {
    actor: by.id,
    role: by.roles[0] ?? 'system',
    purpose: 'administer the panel',
    act: 'next action done',
    subject: dossier,
    at,
  })
  return true
}

/** Next actions due by a day, someone’s own and the team’s, with the reference of the person; `asked` where it was they who asked. */
export async function actionsDue(
  tx: Tx,
  owner: string,
  by: string,
): Promise<{ dossier: string; reference: string; due: string; owner: string | null; asked: boolean }[]> {
  const rows = await tx
    .selectFrom('contact_entry')
    .innerJoin('application', 'application.dossier_id', 'contact_entry.dossier_id')
    .select(['contact_entry.dossier_id', 'application.reference', 'contact_entry.due_on', 'contact_entry.owner'])
    .select('contact_entry.made_by')
    .where('contact_entry.done_at', 'is', null)
    .where('contact_entry.due_on', '<=', by)
    .where(eb => eb.or([eb('contact_entry.owner', '=', owner), eb('contact_entry.owner', 'is', null)]))
    .orderBy('contact_entry.due_on')
    .limit(100)
    .execute()
  return rows.map(row => ({
    dossier: row.dossier_id,
    reference: row.reference,
    due: row.due_on ?? by,
    owner: row.owner,
    asked: row.made_by === row.dossier_id,
  }))
}

/** How many next actions are someone's own. */
export async function countActions(tx: Tx, owner: string): Promise<number> {
  const rows = await tx
    .selectFrom('contact_entry')
    .select('id')
    .where('owner', '=', owner)
    .where('done_at', 'is', null)
    .execute()
  return rows.length
}

/** Hands someone's next actions to a colleague, or to the team. */
export async function passActions(tx: Tx, from: string, to: string | undefined): Promise<void> {
  await forPurpose(tx, 'store', () =>
    tx
      .updateTable('contact_entry')
      .set({ owner: to ?? null })
      .where('owner', '=', from)
      .where('done_at', 'is', null)
      .execute(),
  )
}
