import { randomInt } from 'node:crypto'
import { addMonths } from '#src/platform/calendar/dates.ts'
import { londonDate } from '#src/platform/calendar/london.ts'
import type { Tx } from '#src/platform/database/database.ts'
import { noOneTime } from '../handover/one-time.ts'
import type { House } from '../house.ts'
import type { Actor } from '../notice/actor.ts'
import { accessDue } from '../retention/due/clocks.ts'
import { type Disclosure, type DisclosureChannel, keptYears, NotYet, type Requester, step } from './disclosure.ts'
import { type DisclosureType, fieldsFor } from './kinds.ts'

export interface Asked {
  type: DisclosureType
  /** The record that it is about; undefined where we hold none. */
  subject: string | undefined
  fields: readonly string[]
  requester: Requester
  words: string
  isEmergency: boolean
  channel?: DisclosureChannel
  /** When it came: the day of the letter or call, not of its entry. */
  receivedAt?: Date
  /** The day that they, or a court, named. */
  answerBy?: string
  /** What the desk notes about how it came. */
  note?: string
}

/** Opens a request: one request, one person, named fields. */
export async function openDisclosure(tx: Tx, house: House, by: Actor, asked: Asked): Promise<string> {
  const fields = fieldsFor(asked.type).filter(field => asked.fields.includes(field))
  if (!fields.length) throw new NotYet('Select what they ask for: only named fields can be given', 'fields')
  if (asked.isEmergency && asked.type !== 'safeguarding')
    throw new NotYet('Only safeguarding has an emergency path', 'emergency')
  const now = house.clock.now()
  const asked_at = asked.receivedAt ?? now
  const id = await house.vault.begin(tx, by, 'case', addMonths(londonDate(now), 12 * (keptYears + 1)))
  await house.vault.put(tx, by, 'case', id, {
    requester: JSON.stringify(asked.requester),
    account: JSON.stringify({ words: asked.words }),
  })
  await tx
    .insertInto('disclosure')
    .values({
      ...blank,
      dossier_id: id,
      reference: `DR-${String(randomInt(1_000_000)).padStart(6, '0')}`,
      type: asked.type,
      asked_at,
      channel: asked.channel ?? 'email',
      answer_by: asked.answerBy ?? dayToAnswer(londonDate(asked_at), asked.isEmergency),
      entered_by: by.id,
      subject: asked.subject ?? null,
      asked_fields: fields,
      is_emergency: asked.isEmergency,
    })
    .execute()
  await step(tx, house, by, id, 'request entered', {}, { words: asked.note ?? '' })
  return id
}

/** Every request that is still open, what is to be answered first coming first. */
export function openDisclosures(tx: Tx): Promise<Disclosure[]> {
  const open = tx.selectFrom('disclosure').selectAll().where('closed_at', 'is', null)
  return open.orderBy('answer_by').orderBy('asked_at').execute()
}

/** Closed ones, the last closed first, a page at a time. */
export function closedDisclosures(tx: Tx, page: { from: number; most: number }): Promise<Disclosure[]> {
  const closed = tx.selectFrom('disclosure').selectAll().where('closed_at', 'is not', null)
  return closed.orderBy('closed_at', 'desc').orderBy('dossier_id').offset(page.from).limit(page.most).execute()
}

/** No law sets a day for most of these: a month is ours, as for rights; an emergency is answered the same day. */
function dayToAnswer(received: string, isEmergency: boolean): string {
  return isEmergency ? received : accessDue({ received }).due
}

const blank = {
  ...noOneTime,
  gateway: null,
  lawful_basis: null,
  approved_fields: [],
  less_weighed: false,
  switched_off: null,
  weighed_at: null,
  decision: null,
  refusal: null,
  decided_at: null,
  decided_by: null,
  sent_back_at: null,
  second: null,
  second_at: null,
  second_by: null,
  released_at: null,
  released_sha256: null,
  handed_at: null,
  openings: [],
  closed_at: null,
  outcome: null,
  rights_case: null,
}
