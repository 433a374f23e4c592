import type { Selectable, Updateable } from 'kysely'
import { z } from 'zod'
import { addMonths } from '#src/platform/calendar/dates.ts'
import { londonDate } from '#src/platform/calendar/london.ts'
import type { Tx } from '#src/platform/database/database.ts'
import type { Tables } from '#src/platform/database/tables.ts'
import type { OneTime } from '../handover/one-time.ts'
import type { House } from '../house.ts'
import { record } from '../ledger/ledger.ts'
import type { Actor } from '../notice/actor.ts'
import { basis } from './basis.ts'
import type { DisclosureType, LawfulBasis, Outcome, Refusal } from './kinds.ts'

export type DisclosureChannel = 'email' | 'phone' | 'post'

declare module '#src/platform/database/tables.ts' {
  interface Tables {
    disclosure: OneTime & {
      dossier_id: string
      reference: string
      type: DisclosureType
      asked_at: Date
      channel: DisclosureChannel
      answer_by: string
      entered_by: string
      /** Null where we hold nothing about the person. */
      subject: string | null
      asked_fields: string[]
      is_emergency: boolean
      gateway: string | null
      lawful_basis: LawfulBasis | null
      approved_fields: string[]
      less_weighed: boolean
      switched_off: string[] | null
      weighed_at: Date | null
      decision: 'release' | 'refuse' | null
      refusal: Refusal | null
      decided_at: Date | null
      decided_by: string | null
      sent_back_at: Date | null
      second: 'agree' | 'disagree' | null
      second_at: Date | null
      second_by: string | null
      released_at: Date | null
      released_sha256: Buffer | null
      handed_at: Date | null
      openings: (string | number)[]
      closed_at: Date | null
      outcome: Outcome | null
      rights_case: string | null
    }
  }
}
export type Disclosure = Selectable<Tables['disclosure']>

/** A sentence for each question of a form that is not answered as it has to be. */
export interface Wrong {
  [field: string]: string
}

/** Why a step may not be taken: in one sentence, or in one for each question of the form that it is about. */
export class NotYet extends Error {
  readonly wrong: Wrong
  constructor(why: string | Wrong, field = 'act') {
    const wrong = typeof why === 'string' ? { [field]: why } : why
    super(Object.values(wrong).join('. '))
    this.wrong = wrong
  }
}

/** Years that a request is kept after its end; while it is open, a year more counts from the day it was entered. */
export const keptYears = 6

const requester = z.object({ name: z.string(), reach: z.string(), body: z.string().default('') })
const account = z.object({
  words: z.string(),
  /** How it was made sure who asks. */
  identity: z.string().default(''),
  /** The gateway in words, for a request of another kind. */
  gatewayWords: z.string().default(''),
  /** What it rests on, and why it is needed. */
  basis: basis.default({ why: '' }),
  /** Why each right that is switched off would be likely to prejudice what it is asked for. */
  prejudice: z.partialRecord(z.enum(['told', 'log']), z.string()).catch({}),
  /** Why it was refused. */
  reasons: z.string().default(''),
  letter: z.string().default(''),
  notes: z.array(z.object({ at: z.string(), text: z.string() })).default([]),
})
export type Account = z.output<typeof account>
export type Requester = z.output<typeof requester>

/** Everything that is known of a request: its row, and what is sealed in it. Undefined when there is none. */
export async function disclosureById(
  tx: Tx,
  house: House,
  by: Actor,
  id: string,
): Promise<{ one: Disclosure; requester: Requester; account: Account } | undefined> {
  if (!z.uuid().safeParse(id).success) return undefined
  const one = await tx.selectFrom('disclosure').selectAll().where('dossier_id', '=', id).executeTakeFirst()
  if (!one) return undefined
  const ask = { by, for: 'exercise rights', fields: ['requester', 'account'], related: [id] } as const
  const [opened] = await house.vault.open(tx, 'case', ask, [id])
  return {
    one,
    requester: requester.parse(JSON.parse(opened?.requester ?? '{"name":"","reach":""}')),
    account: account.parse(JSON.parse(opened?.account ?? '{"words":""}')),
  }
}

/** A request that is still open, kept from others until the transaction ends: of two people at once, one is told so. */
export async function inHand(tx: Tx, id: string): Promise<Disclosure> {
  const one = await tx.selectFrom('disclosure').selectAll().where('dossier_id', '=', id).forUpdate().executeTakeFirst()
  if (!one) throw new NotYet('There is no such request')
  if (one.closed_at) throw new NotYet('It is closed: nothing more is done')
  return one
}

/** Notes a step: in the row, in its sealed account (with `words` that someone typed), and in the ledger. */
export async function step(
  tx: Tx,
  house: House,
  by: Actor,
  id: string,
  act: string,
  set: Updateable<Tables['disclosure']>,
  { words = '', change = {} }: { words?: string; change?: Partial<Account> } = {},
): Promise<void> {
  const at = house.clock.now()
  if (Object.keys(set).length) await tx.updateTable('disclosure').set(set).where('dossier_id', '=', id).execute()
  const held = await disclosureById(tx, house, by, id)
  if (held) {
    const notes = [...held.account.notes, { at: at.toISOString(), text: words ? `${act}: ${words}` : act }]
    await house.vault.put(tx, by, 'case', id, { account: JSON.stringify({ ...held.account, ...change, notes }) })
  }
  if (set.closed_at)
    await house.vault.moveExpiry(tx, by, [id], addMonths(londonDate(at), 12 * keptYears), 'request of others closed')
  const role = by.roles[0] ?? 'system'
  await record(tx, { actor: by.id, role, purpose: 'exercise rights', act, subject: id, at })
}
