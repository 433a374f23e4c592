import { randomUUID } from 'node:crypto'
import type { Selectable } from 'kysely'
import { addDays, addMonths } from '#src/platform/calendar/dates.ts'
import { londonDate, sayDate } from '#src/platform/calendar/london.ts'
import type { Tx } from '#src/platform/database/database.ts'
import type { Tables } from '#src/platform/database/tables.ts'
import type { House } from '../house.ts'
import { record } from '../ledger/ledger.ts'
import type { Actor } from '../notice/actor.ts'
import type { Recipient } from '../notice/datamap.ts'

declare module '#src/platform/database/tables.ts' {
  interface Tables {
    processor_entry: {
      id: string
      name: string
      does: string
      recipient: Recipient | null
      hosts: string[]
      place: string
      mechanism: string
      contract_on: string
      evidence_on: string
      review_on: string
      kept_at: Date
      kept_by: string
      ended_on: string | null
    }
  }
}
export type ProcessorEntry = Selectable<Tables['processor_entry']>
/** What a person judges of a processor. */
export type Judgement = Pick<
  ProcessorEntry,
  'name' | 'does' | 'recipient' | 'hosts' | 'place' | 'mechanism' | 'contract_on' | 'evidence_on' | 'review_on'
>

/** Days before a review at which it is said. */
const warningDays = 30
/** Months after which evidence has to be checked anew (N-60). */
const evidenceMonths = 12

/** Keeps an entry, or changes the one of that name; one that had ended stands again. Returns its id. */
export async function keepProcessor(tx: Tx, house: Pick<House, 'clock'>, by: Actor, given: Judgement): Promise<string> {
  const at = house.clock.now()
  const row = { ...given, hosts: given.hosts.map(plainHost), kept_at: at, kept_by: by.id, ended_on: null }
  const { id } = await tx
    .insertInto('processor_entry')
    .values({ id: randomUUID() as string, ...row })
    .onConflict(on => on.column('name').doUpdateSet(row))
    .returning('id')
    .executeTakeFirstOrThrow()
  await note(tx, house, by, 'processor kept', id)
  return id
}

/** Ends an entry: its hosts may not be used from the next start on. False when no standing entry has the name. */
export async function endProcessor(tx: Tx, house: Pick<House, 'clock'>, by: Actor, name: string): Promise<boolean> {
  const ended = await tx
    .updateTable('processor_entry')
    .set({ ended_on: londonDate(house.clock.now()), kept_at: house.clock.now(), kept_by: by.id })
    .where('name', '=', name)
    .where('ended_on', 'is', null)
    .returning('id')
    .executeTakeFirst()
  if (ended) await note(tx, house, by, 'processor ended', ended.id)
  return ended !== undefined
}

/** Every entry, those that stand first, by name. */
export async function processorEntries(tx: Tx): Promise<ProcessorEntry[]> {
  const rows = await tx.selectFrom('processor_entry').selectAll().orderBy('name').execute()
  return rows.sort((a, b) => Number(a.ended_on !== null) - Number(b.ended_on !== null))
}

/** What has to be looked at again in an entry, soonest first; empty when nothing has. */
export function processorToday(one: ProcessorEntry, today: string): { isOverdue: boolean; says: string }[] {
  if (one.ended_on) return []
  const items = []
  const evidenceUntil = addMonths(one.evidence_on, evidenceMonths)
  if (evidenceUntil < today)
    items.push({ isOverdue: true, says: `check the evidence anew: it is of ${sayDate(one.evidence_on)}` })
  if (one.review_on <= addDays(today, warningDays))
    items.push({ isOverdue: one.review_on < today, says: `look at the contract again by ${sayDate(one.review_on)}` })
  return items
}

/** A host as it is compared: small letters, without a dot at the end or the brackets of an address. */
export function plainHost(host: string): string {
  return host
    .trim()
    .toLowerCase()
    .replace(/\.$/, '')
    .replace(/^\[|\]$/g, '')
}

function note(tx: Tx, house: Pick<House, 'clock'>, by: Actor, act: string, entry: string): Promise<void> {
  const role = by.roles[0] ?? 'system'
  const at = house.clock.now()
  return record(tx, { actor: by.id, role, purpose: 'exercise rights', act, detail: { entry }, at })
}
