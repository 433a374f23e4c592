import { randomUUID } from 'node:crypto'
import type { Selectable } from 'kysely'
import { addDays } from '#src/platform/calendar/dates.ts'
import { londonDate, sayDate } from '#src/platform/calendar/london.ts'
import type { Tx } from '#src/platform/database/database.ts'
import type { Tables } from '#src/platform/database/tables.ts'
import type { House } from '../house.ts'
import { record } from '../ledger/ledger.ts'
import type { Actor } from '../notice/actor.ts'
import { ruleOf } from '../notice/datamap.ts'
import { processorEntries } from '../processors/processors.ts'
import type { Matter } from './rights.ts'

declare module '#src/platform/database/tables.ts' {
  interface Tables {
    recipient_notice: {
      id: string
      dossier_id: string
      recipient: string
      made_at: Date
      told_at: Date | null
      told_by: string | null
      answered_at: Date | null
      waived_at: Date | null
    }
  }
}
export type RecipientNotice = Selectable<Tables['recipient_notice']>

/** What recipients are told of (UK GDPR Art 19); an objection sets the record aside, so it counts as a restriction. */
export const toldOn: ReadonlySet<Matter> = new Set<Matter>(['correction', 'erasure', 'restriction', 'objection'])

/** Days within which a recipient is told, and answers. */
const answerDays = 14

/**
 * Who was given data of someone: each processor of the register that may receive a field that their record holds, and each
 * body that took an extract. Read before the record ends.
 */
export async function recipientsOf(tx: Tx, subject: string): Promise<string[]> {
  const held = await tx.selectFrom('sealed_value').select('field').where('dossier_id', '=', subject).execute()
  const may = new Set<string>(held.flatMap(({ field }) => ruleOf('panel', field)?.recipients ?? []))
  const entries = await processorEntries(tx)
  const taken = await tx
    .selectFrom('disclosure')
    .select('reference')
    .where('subject', '=', subject)
    .where('handed_at', 'is not', null)
    .execute()
  return [
    ...entries.filter(one => !one.ended_on && one.recipient && may.has(one.recipient)).map(one => one.name),
    ...taken.map(one => one.reference),
  ]
}

/** Notes in a case that each recipient of someone's data has to be told. Safe to repeat. Returns how many there are. */
export async function oweNotices(tx: Tx, house: House, caseId: string, subject: string): Promise<number> {
  const recipients = await recipientsOf(tx, subject)
  const made_at = house.clock.now()
  for (const recipient of recipients)
    await tx
      .insertInto('recipient_notice')
      .values({ id: randomUUID() as string, dossier_id: caseId, recipient, made_at, ...untold })
      .onConflict(on => on.columns(['dossier_id', 'recipient']).doNothing())
      .execute()
  return recipients.length
}

const untold = { told_at: null, told_by: null, answered_at: null, waived_at: null }

/** The notices of a case. */
export function noticesOf(tx: Tx, caseId: string): Promise<RecipientNotice[]> {
  return tx.selectFrom('recipient_notice').selectAll().where('dossier_id', '=', caseId).orderBy('recipient').execute()
}

/** The notices of every case that are not answered yet. */
export function openNotices(tx: Tx): Promise<RecipientNotice[]> {
  return tx
    .selectFrom('recipient_notice')
    .selectAll()
    .where('answered_at', 'is', null)
    .where('waived_at', 'is', null)
    .orderBy('made_at')
    .execute()
}

/** What a notice waits for, in words, and whether its day has gone; undefined when it is answered or not needed. */
export function noticeToday(one: RecipientNotice, today: string): { isOverdue: boolean; says: string } | undefined {
  if (one.answered_at || one.waived_at) return undefined
  const by = addDays(londonDate(one.told_at ?? one.made_at), answerDays)
  return {
    isOverdue: by < today,
    says: one.told_at ? `has not answered; it was to by ${sayDate(by)}` : `to be told by ${sayDate(by)}`,
  }
}

/** A step of a notice: told, answered, or found impossible or out of proportion. False when it is not its turn. */
export async function noticeStep(
  tx: Tx,
  house: House,
  by: Actor,
  caseId: string,
  id: string,
  what: 'told' | 'answered' | 'waived',
): Promise<string | undefined> {
  const at = house.clock.now()
  const set = { told: { told_at: at, told_by: by.id }, answered: { answered_at: at }, waived: { waived_at: at } }[what]
  let change = tx
    .updateTable('recipient_notice')
    .set(set)
    .where('id', '=', id)
    .where('dossier_id', '=', caseId)
    .where('answered_at', 'is', null)
    .where('waived_at', 'is', null)
  if (what === 'answered') change = change.where('told_at', 'is not', null)
  const changed = await change.returning('recipient').executeTakeFirst()
  if (!changed) return undefined
  const role = by.roles[0] ?? 'system'
  await record(tx, { actor: by.id, role, purpose: 'exercise rights', act: `recipient ${what}`, subject: caseId, at })
  return changed.recipient
}
