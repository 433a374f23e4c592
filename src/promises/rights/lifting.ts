import { londonDate } from '#src/platform/calendar/london.ts'
import type { Tx } from '#src/platform/database/database.ts'
import type { House } from '../house.ts'
import { record } from '../ledger/ledger.ts'
import type { Actor } from '../notice/actor.ts'
import { draftAsk } from './answer.ts'
import { type Case, caseById, lockCase, type WriteToRequester } from './cases.ts'

/** Whether a case set a record aside, so that the person is told before it is used again (UK GDPR Art 18(3)). */
export function setAside(one: Case): boolean {
  return one.matter === 'restriction' && one.carried_out_at !== null && one.subject !== null
}

/**
 * Tells a person, in a letter that stays in their case, that from the next day their record is used again, and why. Also
 * when the case is closed: it is then that a restriction ends. Once is enough: a second time changes nothing.
 */
export async function tellLifting(
  tx: Tx,
  house: House,
  by: Actor,
  id: string,
  why: string,
  write: WriteToRequester,
): Promise<void> {
  await lockCase(tx, id)
  const found = await caseById(tx, house, by, id)
  if (!found || !setAside(found.one) || found.one.told_at) return
  const { one, requester, account } = found
  const at = house.clock.now()
  const letter = { at: at.toISOString(), what: 'lifting' as const, text: draftAsk(one, requester.name, 'lifting', why) }
  await tx.updateTable('rights_case').set({ told_at: at }).where('dossier_id', '=', id).execute()
  const letters = [...account.letters, letter]
  const notes = [...account.notes, { at: at.toISOString(), text: `told that the record is used again: ${why}` }]
  await house.vault.put(tx, by, 'case', id, { account: JSON.stringify({ ...account, letters, notes }) })
  if (requester.reach.includes('@'))
    await write(tx, id, 'rights update', { reference: one.reference, letter: String(account.letters.length) })
  const role = by.roles[0] ?? 'system'
  const told = { actor: by.id, role, purpose: 'exercise rights', act: 'told that the restriction ends' } as const
  await record(tx, { ...told, subject: id, detail: {}, at })
}

/** The case whose person has to be told, at the latest the day before, that their record is used again; undefined when none has. */
export async function mustTellFirst(tx: Tx, house: House, subject: string): Promise<Case | undefined> {
  const cases = await tx
    .selectFrom('rights_case')
    .selectAll()
    .where('subject', '=', subject)
    .where('matter', '=', 'restriction')
    .where('carried_out_at', 'is not', null)
    .execute()
  const today = londonDate(house.clock.now())
  return cases.find(one => !one.told_at || londonDate(one.told_at) >= today)
}
