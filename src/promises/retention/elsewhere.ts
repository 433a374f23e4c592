import { randomUUID } from 'node:crypto'
import { type Selectable, sql } from 'kysely'
import { addMonths } from '#src/platform/calendar/dates.ts'
import { londonDate } from '#src/platform/calendar/london.ts'
import { forPurpose, type Tx } from '#src/platform/database/database.ts'
import type { Tables } from '#src/platform/database/tables.ts'
import { insertJobs, JobError, type Queue } from '#src/platform/jobs/jobs.ts'
import { type House, within } from '../house.ts'
import { record } from '../ledger/ledger.ts'
import { type Actor, system } from '../notice/actor.ts'
import type { Recipient } from '../notice/datamap.ts'
import type { Elsewhere } from './reach.ts'
import './tables.ts'

/** A processor that can be asked by machine to delete. Resolves to its receipt; undefined when it gives none. */
export interface Deleter {
  processor: Recipient
  remove(handles: readonly string[]): Promise<string | undefined>
}

/** Processors are asked one dossier at a time, by the number of the asking. */
export const processorQueue: Queue = { name: 'processor-deletion', retries: 20 }

/** Months that a processor may keep something after it was asked, where its terms say so (N-68). */
const tailMonths: Partial<Record<Recipient, number>> = { GovDelivery: 72 }
/** What a receipt may look like: a code, so that nothing about a person can stand in one. */
const receiptShape = /^[A-Za-z0-9._:/-]{1,100}$/
const by = system('processors')

/** Asks for the deletion of what ended dossiers left with processors, in the transaction that deletes their rows. */
export async function askElsewhere(tx: Tx, all: readonly Elsewhere[], at: Date): Promise<void> {
  const today = londonDate(at)
  const rows = all.map(({ dossier, processor, handles }) => {
    const months = tailMonths[processor]
    return {
      id: randomUUID() as string,
      processor,
      dossier_was: dossier,
      handles,
      queued_at: at,
      asked_at: null,
      receipt: null,
      answered_at: null,
      answered_by: null,
      tail_ends: months === undefined ? null : addMonths(today, months),
    }
  })
  for (let from = 0; from < rows.length; from += 2000)
    await tx
      .insertInto('processor_deletion')
      .values(rows.slice(from, from + 2000))
      .execute()
  await insertJobs(
    tx,
    processorQueue,
    rows.map(row => row.id),
  )
}

/** Asks one processor about one dossier and keeps its receipt. One that does not answer stays on the DPO's Today page. */
export async function askProcessor(house: House, deleters: readonly Deleter[], id: string): Promise<void> {
  const scope = { by, for: 'store' } as const
  const row = await within(house, scope, async tx => {
    const open = tx.updateTable('processor_deletion').set({ asked_at: house.clock.now() }).where('id', '=', id)
    return open.where('answered_at', 'is', null).returning(['processor', 'handles']).executeTakeFirst()
  })
  const deleter = deleters.find(one => one.processor === row?.processor)
  if (!row || !deleter) return
  const receipt = await deleter.remove(row.handles).catch(() => {
    throw new JobError('processor does not answer')
  })
  if (receipt === undefined || !receiptShape.test(receipt)) return
  await within(house, scope, tx => answer(tx, house, by, row.processor, receipt, id))
}

/** Notes a receipt that a processor gave to a person, for everything it has been asked so far. Returns for how many. */
export async function noteReceipt(
  tx: Tx,
  house: House,
  who: Actor,
  processor: string,
  receipt: string,
): Promise<number> {
  if (!receiptShape.test(receipt)) return 0
  return forPurpose(tx, 'store', () => answer(tx, house, who, processor, receipt))
}

async function answer(tx: Tx, house: House, who: Actor, processor: string, receipt: string, id?: string) {
  const at = house.clock.now()
  const open = tx
    .updateTable('processor_deletion')
    .set({ receipt, answered_at: at, answered_by: who.id, handles: [] })
    .where('processor', '=', processor)
    .where('answered_at', 'is', null)
    .where('asked_at', 'is not', null)
  const done = await (id ? open.where('id', '=', id) : open).executeTakeFirst()
  const count = Number(done.numUpdatedRows)
  const role = who.roles[0] ?? 'system'
  const detail = { processor, receipt }
  if (count) await record(tx, { actor: who.id, role, purpose: 'store', act: 'processor deleted', count, detail, at })
  return count
}

/** The processors that have been asked and have not answered: how many deletions, and since when. */
export async function unanswered(tx: Tx): Promise<{ processor: string; count: number; since: Date }[]> {
  const { rows } = await sql<{ processor: string; count: number; since: Date }>`
    select processor, count(*) as count, min(queued_at) as since from processor_deletion
    where answered_at is null and asked_at is not null group by processor order by processor`.execute(tx)
  return rows.map(row => ({ ...row, count: Number(row.count) }))
}

/** What a processor is still to delete, as it is sent to it: its own ids, and when they were first asked for. */
export function openHandles(tx: Tx, processor: string): Promise<{ handles: string[]; queued_at: Date }[]> {
  return tx
    .selectFrom('processor_deletion')
    .select(['handles', 'queued_at'])
    .where('processor', '=', processor)
    .where('answered_at', 'is', null)
    .where('asked_at', 'is not', null)
    .orderBy('queued_at')
    .execute()
}

type Answer = Pick<
  Selectable<Tables['processor_deletion']>,
  'dossier_was' | 'processor' | 'receipt' | 'answered_at' | 'tail_ends'
>

/** For each ended dossier, what each processor answered, in words for its certificate. */
export async function answersAbout(tx: Tx, dossiers: readonly string[]): Promise<Map<string, string[]>> {
  const said = new Map<string, string[]>()
  if (!dossiers.length) return said
  const { rows } = await sql<Answer>`
    select dossier_was, processor, receipt, answered_at, tail_ends from processor_deletion
    where dossier_was = any(${[...dossiers]}::uuid[]) order by processor`.execute(tx)
  for (const row of rows) {
    const tail = row.tail_ends ? `, may keep a rest until ${row.tail_ends}` : ''
    const words = row.answered_at
      ? `${row.processor}: receipt ${row.receipt} on ${londonDate(row.answered_at)}${tail}`
      : `${row.processor}: no reply yet${tail}`
    said.set(row.dossier_was, [...(said.get(row.dossier_was) ?? []), words])
  }
  return said
}
