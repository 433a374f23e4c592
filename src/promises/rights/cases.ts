import { randomInt } from 'node:crypto'
import type { Selectable } from 'kysely'
import { z } from 'zod'
import { addMonths } from '#src/platform/calendar/dates.ts'
import { nextWorkingDay } from '#src/platform/calendar/holidays.ts'
import { londonDate } from '#src/platform/calendar/london.ts'
import type { Tx } from '#src/platform/database/database.ts'
import type { Tables } from '#src/platform/database/tables.ts'
import type { House } from '../house.ts'
import { type Detail, record } from '../ledger/ledger.ts'
import type { Actor } from '../notice/actor.ts'
import { accessDue, complaintDue, type Due } from '../retention/due/clocks.ts'
import type { Decision, Matter } from './rights.ts'
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
    }
  }
}

export type Channel = 'web' | 'email' | 'phone' | 'post'
export type Case = Selectable<Tables['rights_case']>

const requester = z.object({ name: z.string(), reach: z.string() })
const account = z.object({
  words: z.string(),
  notes: z.array(z.object({ at: z.string(), text: z.string() })).default([]),
  reasons: z.string().default(''),
  letter: z.string().default(''),
  /** What was found out, as it was found out. */
  enquiries: z.array(z.object({ at: z.string(), text: z.string() })).default([]),
  /** Letters about a complaint before its outcome, as they were sent. */
  letters: z
    .array(z.object({ at: z.string(), what: z.enum(['acknowledgement', 'progress']), text: z.string() }))
    .default([]),
})
export type Requester = z.output<typeof requester>
export type Account = z.output<typeof account>

/** How a room that can write letters tells someone about their case. */
export type WriteToRequester = (
  tx: Tx,
  caseId: string,
  letter: 'rights received' | 'rights answer' | 'complaint received' | 'complaint update',
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
  },
  write?: WriteToRequester,
): Promise<{ id: string; reference: string; due: string }> {
  const now = house.clock.now()
  const receivedAt = asked.receivedAt ?? now
  const id = await house.vault.begin(tx, by, 'case', addMonths(londonDate(now), 12 * (keptYears + 1)))
  await house.vault.put(tx, by, 'case', id, {
    requester: JSON.stringify(asked.requester),
    account: JSON.stringify({ words: asked.words, notes: [], reasons: '', letter: '' }),
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
  }
  await tx.insertInto('rights_case').values(row).execute()
  const { due } = dueOf(row)
  await holdWhileOpen(tx, house, by, row, due)
  await note(tx, house, by, 'case opened', id, { matter: asked.matter, channel: asked.channel, due })
  const receipt = asked.matter === 'complaint' ? 'complaint received' : 'rights received'
  if (write && asked.requester.reach.includes('@')) await write(tx, id, receipt, { reference, due })
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

/** When a case must be answered (a complaint: acknowledged), with each step of the reckoning. */
export function dueOf(one: Omit<Case, 'dossier_id'>): Due {
  const received = londonDate(one.received_at)
  if (one.matter === 'complaint') return complaintDue(received)
  if (one.matter === 'ring back')
    return { due: nextWorkingDay(received), steps: ['We ring the same working day, or the next.'] }
  const clarified = one.matter === 'access' && one.clarification_asked_on && one.clarification_answered_on
  return accessDue({
    received,
    ...(one.identity_asked_on ? { identityAsked: one.identity_asked_on } : {}),
    ...(one.identity_received_on ? { identityReceived: one.identity_received_on } : {}),
    ...(clarified && one.clarification_asked_on && one.clarification_answered_on
      ? { clarificationAsked: one.clarification_asked_on, clarificationAnswered: one.clarification_answered_on }
      : {}),
    extended: one.extended_on !== null,
  })
}

/** What is done next on a case, in words; undefined when it is closed. */
export function nextStep(one: Case): string | undefined {
  if (one.closed_at) return undefined
  if (one.matter === 'unsorted') return 'Read it, and say what they ask for'
  if (one.identity_asked_on && !one.identity_received_on) return 'Waits for proof of identity'
  if (one.clarification_asked_on && !one.clarification_answered_on) return 'Waits for the person to say more'
  if (one.matter === 'complaint' && !one.acknowledged_at) return 'Acknowledge it'
  if (!one.decision)
    return one.matter === 'ring back' ? 'Ring them' : one.matter === 'complaint' ? 'Look into it and decide' : 'Decide'
  if (!one.carried_out_at && one.decision !== 'refused') return 'Carry it out'
  if (!one.answered_at) return 'Write the answer'
  return 'Close it'
}

/** Whether its day has gone. A complaint’s day is that of acknowledging it. */
export function isLate(one: Case & { due: string }, today: string): boolean {
  if (one.closed_at || (one.matter === 'complaint' && one.acknowledged_at)) return false
  return one.due < today
}

/** Every case, those that are open first, by when they are due. */
export async function cases(tx: Tx): Promise<(Case & { due: string })[]> {
  const rows = await tx.selectFrom('rights_case').selectAll().execute()
  return rows
    .map(row => ({ ...row, due: dueOf(row).due }))
    .sort((a, b) => Number(a.closed_at !== null) - Number(b.closed_at !== null) || a.due.localeCompare(b.due))
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

/** Notes a step of a case, in its ledger and in its sealed account. A closed case takes none. */
export async function step(
  tx: Tx,
  house: House,
  by: Actor,
  id: string,
  act: string,
  set: Step,
  change: (held: Account) => Account = held => held,
): Promise<boolean> {
  const at = house.clock.now()
  const found = await caseById(tx, house, by, id)
  if (!found || found.one.closed_at) return false
  if (Object.keys(set).length) await tx.updateTable('rights_case').set(set).where('dossier_id', '=', id).execute()
  const told = { ...found.account, notes: [...found.account.notes, { at: at.toISOString(), text: act }] }
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
