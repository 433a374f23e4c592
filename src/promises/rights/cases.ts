import { randomInt } from 'node:crypto'
import type { Generated, Selectable } from 'kysely'
import { z } from 'zod'
import { addMonths } from '#src/platform/calendar/dates.ts'
import { londonDate } from '#src/platform/calendar/london.ts'
import type { Tx } from '#src/platform/database/database.ts'
import type { Tables } from '#src/platform/database/tables.ts'
import type { House } from '../house.ts'
import { type Detail, record } from '../ledger/ledger.ts'
import type { Actor } from '../notice/actor.ts'
import { leftOut } from './giving/left-out.ts'
import { transfer } from './giving/transfer.ts'
import { dueOf } from './next.ts'
import type { Decision, Matter } from './rights.ts'
import { searchedPlace } from './shape.ts'
import { holdWhileOpen, letGo } from './while-open.ts'

declare module '#src/platform/database/tables.ts' {
  interface Tables {
    rights_case: {
      dossier_id: string
      reference: string
      matter: Matter
      channel: Channel
      received_at: Date
      entered_by: string | null
      subject: string | null
      acknowledged_at: Date | null
      identity_asked_on: string | null
      identity_received_on: string | null
      clarification_asked_on: string | null
      clarification_answered_on: string | null
      extended_on: string | null
      decision: Decision | null
      decided_at: Date | null
      decided_by: string | null
      carried_out_at: Date | null
      answered_at: Date | null
      closed_at: Date | null
      told_at: Date | null
      second_by: string | null
      second_at: Date | null
      mail_mark: Generated<Buffer | null>
    }
  }
}

export type Channel = 'web' | 'email' | 'phone' | 'post'
export type Case = Selectable<Tables['rights_case']>

const requester = z.object({ name: z.string(), reach: z.string() })
/** What someone is written before the answer. */
export const letterKinds = [
  'acknowledgement',
  'progress',
  'identity',
  'clarification',
  'extension',
  'lifting',
  'copy',
] as const
export type LetterKind = (typeof letterKinds)[number]

const account = z.object({
  words: z.string(),
  notes: z.array(z.object({ at: z.string(), text: z.string() })).default([]),
  reasons: z.string().default(''),
  /** The ground that the decision rests on, and what stands in the way of all of it, as codes. */
  ground: z.string().default(''),
  exception: z.string().default(''),
  /** What a part is: the fields that go, or the purposes that stop. */
  part: z.array(z.string()).default([]),
  letter: z.string().default(''),
  /** What was found out, as it was found out. */
  enquiries: z.array(z.object({ at: z.string(), text: z.string() })).default([]),
  /** Letters before the answer, as they were sent. */
  letters: z.array(z.object({ at: z.string(), what: z.enum(letterKinds), text: z.string() })).default([]),
  /** What was searched for a copy, and what of others is left out of it. */
  searched: z.object({ at: z.string(), places: z.array(searchedPlace) }).optional(),
  leftOut: z.array(leftOut).default([]),
  /** To whom the data goes where it is sent on, and how that went. */
  transfer: transfer.optional(),
})
export type Requester = z.output<typeof requester>
export type Account = z.output<typeof account>

/** How a room that can write letters tells someone about their case. */
export type WriteToRequester = (
  tx: Tx,
  caseId: string,
  letter: 'rights received' | 'rights update' | 'rights answer' | 'complaint received' | 'complaint update',
  detail: { [name: string]: string },
) => Promise<void>

const open = { fields: ['requester', 'account'] } as const
/** Years that a case is kept after it closed; while it is open, a year more counts from today. */
const keptYears = 6

/**
 * Opens a case: a dossier of its own, with who asked and what sealed in it. It is told at once to whoever gave an email
 * address. Returns its id and reference.
 */
export async function openCase(
  tx: Tx,
  house: House,
  by: Actor,
  asked: {
    matter: Matter
    channel: Channel
    requester: Requester
    words: string
    receivedAt?: Date
    subject?: string
    enteredBy?: string
    /** What the desk notes about how it came. */
    note?: string
    /** Tells the email that it came by from every other. */
    mailMark?: Buffer
  },
  write?: WriteToRequester,
): Promise<{ id: string; reference: string; due: string }> {
  const now = house.clock.now()
  const receivedAt = asked.receivedAt ?? now
  const isWritten = write !== undefined && asked.requester.reach.includes('@')
  const id = await house.vault.begin(tx, by, 'case', addMonths(londonDate(now), 12 * (keptYears + 1)))
  await house.vault.put(tx, by, 'case', id, {
    requester: JSON.stringify(asked.requester),
    account: JSON.stringify({
      words: asked.words,
      notes: asked.note ? [{ at: now.toISOString(), text: asked.note }] : [],
    }),
  })
  const reference = newReference()
  const row = {
    ...unset,
    dossier_id: id,
    reference,
    matter: asked.matter,
    channel: asked.channel,
    received_at: receivedAt,
    entered_by: asked.enteredBy ?? null,
    subject: asked.subject ?? null,
    mail_mark: asked.mailMark ?? null,
    // Who asks on a page is told there that it has come; a letter says it too. A complaint is acknowledged by a person.
    acknowledged_at: asked.matter !== 'complaint' && (asked.channel === 'web' || isWritten) ? now : null,
  }
  await tx.insertInto('rights_case').values(row).execute()
  const { due } = dueOf(row)
  await holdWhileOpen(tx, house, by, row, due)
  await note(tx, house, by, 'case opened', id, { matter: asked.matter, channel: asked.channel, due })
  const receipt = asked.matter === 'complaint' ? 'complaint received' : 'rights received'
  if (write && isWritten) await write(tx, id, receipt, { reference, due })
  return { id, reference, due }
}

const unset = {
  acknowledged_at: null,
  identity_asked_on: null,
  identity_received_on: null,
  clarification_asked_on: null,
  clarification_answered_on: null,
  extended_on: null,
  decision: null,
  decided_at: null,
  decided_by: null,
  carried_out_at: null,
  answered_at: null,
  closed_at: null,
  told_at: null,
  second_by: null,
  second_at: null,
}

/** Every open case, what is due first coming first. */
export async function openCases(tx: Tx): Promise<(Case & { due: string })[]> {
  const rows = await tx.selectFrom('rights_case').selectAll().where('closed_at', 'is', null).execute()
  return rows.map(row => ({ ...row, due: dueOf(row).due })).sort((a, b) => a.due.localeCompare(b.due))
}

/** Every case there ever was, for the registers. */
export async function cases(tx: Tx): Promise<(Case & { due: string })[]> {
  const rows = await tx.selectFrom('rights_case').selectAll().orderBy('received_at', 'desc').execute()
  return rows.map(row => ({ ...row, due: dueOf(row).due }))
}

/** Closed cases, the last closed first, a page at a time. */
export function closedCases(tx: Tx, page: { from: number; most: number }): Promise<Case[]> {
  const closed = tx.selectFrom('rights_case').selectAll().where('closed_at', 'is not', null)
  return closed.orderBy('closed_at', 'desc').orderBy('dossier_id').offset(page.from).limit(page.most).execute()
}

/** One case with what is sealed in it; undefined when there is none. */
export async function caseById(
  tx: Tx,
  house: House,
  by: Actor,
  id: string,
): Promise<{ one: Case; requester: Requester; account: Account } | undefined> {
  if (!z.uuid().safeParse(id).success) return undefined
  const one = await tx.selectFrom('rights_case').selectAll().where('dossier_id', '=', id).executeTakeFirst()
  if (!one) return undefined
  const ask = { by, for: 'exercise rights', ...open, related: [id] } as const
  const [opened] = await house.vault.open(tx, 'case', ask, [id])
  return {
    one,
    requester: requester.parse(JSON.parse(opened?.requester ?? '{"name":"","reach":""}')),
    account: account.parse(JSON.parse(opened?.account ?? '{"words":""}')),
  }
}

export type Step = Partial<
  Pick<
    Case,
    | 'acknowledged_at'
    | 'identity_asked_on'
    | 'identity_received_on'
    | 'clarification_asked_on'
    | 'clarification_answered_on'
    | 'extended_on'
    | 'decision'
    | 'decided_at'
    | 'decided_by'
    | 'carried_out_at'
    | 'answered_at'
    | 'closed_at'
    | 'told_at'
    | 'matter'
    | 'second_by'
    | 'second_at'
    | 'subject'
  >
>

/** Keeps others from a case until the transaction ends: of two people who decide at once one is told so. */
export async function lockCase(tx: Tx, id: string): Promise<void> {
  if (!z.uuid().safeParse(id).success) return
  await tx.selectFrom('rights_case').select('dossier_id').where('dossier_id', '=', id).forUpdate().execute()
}

/**
 * Notes a step of a case: the act in the ledger and, with `words` that someone typed, in its sealed account. A closed case
 * takes none.
 */
export async function step(
  tx: Tx,
  house: House,
  by: Actor,
  id: string,
  act: string,
  set: Step,
  change: (held: Account) => Account = held => held,
  words = '',
): Promise<boolean> {
  const at = house.clock.now()
  await lockCase(tx, id)
  const found = await caseById(tx, house, by, id)
  if (!found || found.one.closed_at) return false
  if (Object.keys(set).length) await tx.updateTable('rights_case').set(set).where('dossier_id', '=', id).execute()
  const told = {
    ...found.account,
    notes: [...found.account.notes, { at: at.toISOString(), text: words ? `${act}: ${words}` : act }],
  }
  await house.vault.put(tx, by, 'case', id, { account: JSON.stringify(change(told)) })
  if (set.subject)
    await holdWhileOpen(tx, house, by, { matter: found.one.matter, subject: set.subject }, dueOf(found.one).due)
  if (set.closed_at) await letGo(tx, house, by, found.one)
  if (set.closed_at)
    await house.vault.moveExpiry(tx, by, [id], addMonths(londonDate(at), 12 * keptYears), 'case closed')
  await note(tx, house, by, act, id, {})
  return true
}

const letters = 'ACDEFGHJKMNPQRTVWXY34679'
function newReference(): string {
  return `DP-${Array.from({ length: 6 }, () => letters[randomInt(letters.length)]).join('')}`
}

function note(tx: Tx, house: House, by: Actor, act: string, subject: string, detail: Detail): Promise<void> {
  const role = by.roles[0] ?? 'system'
  return record(tx, { actor: by.id, role, purpose: 'exercise rights', act, subject, detail, at: house.clock.now() })
}
