import { createHash, randomInt } from 'node:crypto'
import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import type { Selectable } from 'kysely'
import { z } from 'zod'
import { addMonths } from '#src/platform/calendar/dates.ts'
import { londonDate } from '#src/platform/calendar/london.ts'
import type { Tx } from '#src/platform/database/database.ts'
import type { Tables } from '#src/platform/database/tables.ts'
import { codeFits, hashOf, isOpen, newOneTime } from '../handover/one-time.ts'
import type { House } from '../house.ts'
import { record } from '../ledger/ledger.ts'
import type { Actor } from '../notice/actor.ts'
import { type Field, ruleOf } from '../notice/datamap.ts'
import { openFile, putFile } from '../vault/files.ts'
import { type Basis, basis, whyNotBased } from './basis.ts'
import { type SwitchedOff, switchedOff, whyNotSwitchedOff } from './prejudice.ts'

/** Who may ask, and for which purpose of the notice: none of them is marketing, and there is no other way out. */
export const disclosureTypes = {
  'law enforcement': { says: 'A body that fights crime', purpose: 'answer law enforcement' },
  legal: { says: 'Legal representatives', purpose: 'answer legal representatives' },
  safeguarding: { says: 'An agency that protects children or adults at risk', purpose: 'answer safeguarding' },
  other: { says: 'Another body, by another law', purpose: 'answer other requests' },
} as const
export type DisclosureType = keyof typeof disclosureTypes

/** The gateway in the law, by type; each is an exemption or a duty that a person has to find to apply. */
export const gateways: Record<DisclosureType, Record<string, string>> = {
  'law enforcement': {
    'sch2-para2':
      'Crime: prevention, investigation, detection, apprehension, prosecution (DPA 2018 Schedule 2 paragraph 2)',
  },
  legal: {
    'sch2-para5-2': 'Required by an enactment, a rule of law or a court order (Schedule 2 paragraph 5(2))',
    'sch2-para5-3': 'Necessary for legal proceedings, advice or rights (Schedule 2 paragraph 5(3))',
  },
  safeguarding: { 'sch1-para18': 'Protecting a child or an adult at risk (Schedule 1 paragraph 18)' },
  other: { named: 'Another gateway in the law, named below with the reason' },
}

/** Fields that may be given for a type: what the data map grants for its purpose, and nothing of a special category. */
export function fieldsFor(type: DisclosureType): Field<'panel'>[] {
  const { purpose } = disclosureTypes[type]
  const all = ['name', 'email', 'phone', 'address', 'landlord'] as const satisfies readonly Field<'panel'>[]
  return all.filter(field => {
    const rule = ruleOf('panel', field)
    return rule?.purposes.includes(purpose) && !rule.special
  })
}

declare module '#src/platform/database/tables.ts' {
  interface Tables {
    disclosure: {
      dossier_id: string
      reference: string
      type: DisclosureType
      asked_at: Date
      entered_by: string
      subject: string
      asked_fields: string[]
      is_emergency: boolean
      gateway: string | null
      approved_fields: string[]
      less_weighed: boolean
      switched_off: string[] | null
      weighed_at: Date | null
      decision: 'release' | 'refuse' | null
      decided_at: Date | null
      decided_by: string | null
      second: 'agree' | 'disagree' | null
      second_at: Date | null
      second_by: string | null
      released_at: Date | null
      released_sha256: Buffer | null
      token_hash: Buffer | null
      code_hash: Buffer | null
      tries: number
      open_until: Date | null
      handed_at: Date | null
      opening: number | null
    }
  }
}
export type Disclosure = Selectable<Tables['disclosure']>

/** Why a step may not be taken, in one sentence. */
export class NotYet extends Error {}

const keptYears = 6

/** Opens a request: one request, one person, named fields. */
export async function openDisclosure(
  tx: Tx,
  house: House,
  by: Actor,
  asked: {
    type: DisclosureType
    subject: string
    fields: readonly string[]
    requester: { name: string; reach: string }
    words: string
    isEmergency: boolean
  },
): Promise<string> {
  const allowed = fieldsFor(asked.type)
  const fields = allowed.filter(field => asked.fields.includes(field))
  if (!fields.length) throw new NotYet('Select what they ask for: only named fields can be given')
  if (asked.isEmergency && asked.type !== 'safeguarding') throw new NotYet('Only safeguarding has an emergency path')
  const at = house.clock.now()
  const id = await house.vault.begin(tx, by, 'case', addMonths(londonDate(at), 12 * (keptYears + 1)))
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
      asked_at: at,
      entered_by: by.id,
      subject: asked.subject,
      asked_fields: fields,
      is_emergency: asked.isEmergency,
    })
    .execute()
  await note(tx, house, by, 'disclosure asked', id)
  return id
}

const blank = {
  gateway: null,
  approved_fields: [],
  less_weighed: false,
  switched_off: null,
  weighed_at: null,
  decision: null,
  decided_at: null,
  decided_by: null,
  second: null,
  second_at: null,
  second_by: null,
  released_at: null,
  released_sha256: null,
  token_hash: null,
  code_hash: null,
  tries: 0,
  open_until: null,
  handed_at: null,
  opening: null,
}

const account = z.object({
  words: z.string(),
  /** The gateway in words, for a request of another kind. */
  gatewayWords: z.string().default(''),
  /** What a legal or a safeguarding request rests on. */
  basis: basis.default({ why: '' }),
  /** Why each right that is switched off would be likely to prejudice what it is asked for. */
  prejudice: z.partialRecord(z.enum(['told', 'log']), z.string()).catch({}),
})

/** What was asked and weighed in words: opened for the desk. */
export async function accountOf(tx: Tx, house: House, by: Actor, id: string): Promise<z.output<typeof account>> {
  const ask = { by, for: 'exercise rights', fields: ['account'], related: [id] } as const
  const [opened] = await house.vault.open(tx, 'case', ask, [id])
  return account.parse(JSON.parse(opened?.account ?? '{"words":""}'))
}

/** What is weighed before a decision: the gateway, whether less would do, and the prejudice test for each right. */
export async function weigh(
  tx: Tx,
  house: House,
  by: Actor,
  id: string,
  found: {
    gateway: string
    fields: readonly string[]
    lessWeighed: boolean
    /** The answer to the prejudice test, for each right of the person: what is not named here stays on. */
    switchedOff: SwitchedOff | undefined
    /** What a legal or a safeguarding request rests on; needed for these. */
    basis?: Basis
    /** The gateway and the reason in words; needed for a request of another kind. */
    gatewayWords?: string
  },
): Promise<void> {
  const one = await inHand(tx, id)
  if (one.decision) throw new NotYet('It is decided already')
  if (!Object.hasOwn(gateways[one.type], found.gateway)) throw new NotYet('Select the gateway in the law')
  if (!found.lessWeighed) throw new NotYet('Say whether less could be given: it has to be asked each time')
  const { gatewayWords = '' } = found
  if (one.type === 'other' && !gatewayWords) throw new NotYet('Name the gateway in the law, and why it applies')
  const onWhat = found.basis ?? basis.parse({})
  const unfounded = whyNotBased(one.type, onWhat)
  if (unfounded) throw new NotYet(unfounded)
  if (!found.switchedOff) throw new NotYet('Ask of each right of the person whether it would prejudice the purpose')
  const wrong = whyNotSwitchedOff(found.switchedOff)
  if (wrong) throw new NotYet(wrong)
  const held = await accountOf(tx, house, by, id)
  await house.vault.put(tx, by, 'case', id, {
    account: JSON.stringify({ ...held, gatewayWords, basis: onWhat, prejudice: found.switchedOff }),
  })
  const approved_fields = one.asked_fields.filter(field => found.fields.includes(field))
  await tx
    .updateTable('disclosure')
    .set({
      gateway: found.gateway,
      approved_fields,
      less_weighed: true,
      switched_off: switchedOff(found.switchedOff),
      weighed_at: house.clock.now(),
    })
    .where('dossier_id', '=', id)
    .execute()
  await note(tx, house, by, 'disclosure weighed', id)
}

/** The decision: the usual one is to refuse. A release needs everything weighed and at least one field. */
export async function decideDisclosure(
  tx: Tx,
  house: House,
  by: Actor,
  id: string,
  decision: 'release' | 'refuse',
): Promise<void> {
  const one = await inHand(tx, id)
  if (one.decision) throw new NotYet('It is decided already')
  if (decision === 'release' && (!one.weighed_at || !one.approved_fields.length))
    throw new NotYet('Weigh it first: the gateway, what is needed, and whether less could be given')
  await tx
    .updateTable('disclosure')
    .set({ decision, decided_at: house.clock.now(), decided_by: by.id })
    .where('dossier_id', '=', id)
    .execute()
  await note(tx, house, by, decision === 'release' ? 'disclosure approved' : 'disclosure refused', id)
}

/** The second person, who is not the first: agrees, or sends it back. In an emergency it comes after, within a working day. */
export async function secondOpinion(tx: Tx, house: House, by: Actor, id: string, agrees: boolean): Promise<void> {
  const one = await inHand(tx, id)
  if (one.decision !== 'release' || one.second) throw new NotYet('There is nothing to agree to')
  if (one.decided_by === by.id) throw new NotYet('Another person than the one who decided has to look')
  await tx
    .updateTable('disclosure')
    .set({ second: agrees ? 'agree' : 'disagree', second_at: house.clock.now(), second_by: by.id })
    .where('dossier_id', '=', id)
    .execute()
  await note(tx, house, by, agrees ? 'disclosure agreed' : 'disclosure sent back', id)
}

/**
 * Makes the extract, of the approved fields alone, sealed in the case; returns what the one who asked needs: a link by one
 * channel, a code by another. Both work once, for 72 hours.
 */
export async function release(tx: Tx, house: House, by: Actor, id: string): Promise<{ token: string; code: string }> {
  const one = await inHand(tx, id)
  if (one.decision !== 'release') throw new NotYet('It is not decided, or refused')
  if (one.second === 'disagree') throw new NotYet('The second person disagrees')
  if (one.second !== 'agree' && !one.is_emergency) throw new NotYet('A second person has to agree first')
  if (one.released_at) throw new NotYet('It was released already')
  const fields = fieldsFor(one.type).filter(field => one.approved_fields.includes(field))
  const { purpose } = disclosureTypes[one.type]
  const opened = await openForDisclosure(tx, house, by, purpose, fields, one.subject)
  const made = await tx
    .selectFrom('opening')
    .select('id')
    .where('dossier_id', '=', one.subject)
    .where('actor', '=', by.id)
    .where('purpose', '=', purpose)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
  const extract = JSON.stringify({ reference: one.reference, made: house.clock.now().toISOString(), ...opened })
  await putFile(tx, house, by, 'case', id, 'extract', Readable.from([Buffer.from(extract)]))
  const { token, code, kept } = newOneTime(house.clock.now())
  await tx
    .updateTable('disclosure')
    .set({
      released_at: house.clock.now(),
      opening: made?.id ?? null,
      released_sha256: createHash('sha256').update(extract).digest(),
      ...kept,
    })
    .where('dossier_id', '=', id)
    .execute()
  await note(tx, house, by, 'disclosure released', id)
  return { token, code }
}

/** Fields of one person, opened for the purpose of the request: the map and the roles are asked as ever. */
async function openForDisclosure(
  tx: Tx,
  house: House,
  by: Actor,
  purpose: (typeof disclosureTypes)[DisclosureType]['purpose'],
  fields: readonly Field<'panel'>[],
  subject: string,
): Promise<Record<string, string>> {
  const wanted = fields.filter(
    field => field === 'name' || field === 'email' || field === 'phone' || field === 'address' || field === 'landlord',
  )
  const related = [subject]
  const opened =
    purpose === 'answer law enforcement'
      ? await house.vault.open(tx, 'panel', { by, for: 'answer law enforcement', fields: wanted, related }, related)
      : purpose === 'answer safeguarding'
        ? await house.vault.open(tx, 'panel', { by, for: 'answer safeguarding', fields: wanted, related }, related)
        : purpose === 'answer other requests'
          ? await house.vault.open(tx, 'panel', { by, for: 'answer other requests', fields: wanted, related }, related)
          : await house.vault.open(
              tx,
              'panel',
              { by, for: 'answer legal representatives', fields: wanted, related },
              related,
            )
  const { id: _id, ...values } = opened[0] ?? { id: '' }
  return Object.fromEntries(Object.entries(values).filter(([, value]) => typeof value === 'string')) as Record<
    string,
    string
  > // the checked edge: no special field is among them
}

/** Switches on again every right of the person that was switched off: telling them does no harm any more. */
export async function letPersonSee(tx: Tx, house: House, by: Actor, id: string): Promise<void> {
  const one = await inHand(tx, id)
  if (!one.weighed_at) throw new NotYet('Weigh it first')
  await tx.updateTable('disclosure').set({ switched_off: [] }).where('dossier_id', '=', id).execute()
  await note(tx, house, by, 'disclosure shown to the person', id)
}

/** Takes the extract, once: the link, and the code that came by another channel. */
export async function handOver(
  tx: Tx,
  house: House,
  by: Actor,
  token: string,
  code: string,
): Promise<string | undefined> {
  const one = await tx
    .selectFrom('disclosure')
    .selectAll()
    .where('token_hash', '=', hashOf(token))
    .forUpdate()
    .executeTakeFirst()
  if (!one || one.handed_at || !isOpen(one, house.clock.now())) return undefined
  if (!codeFits(one, token, code)) {
    await tx
      .updateTable('disclosure')
      .set({ tries: one.tries + 1 })
      .where('dossier_id', '=', one.dossier_id)
      .execute()
    return undefined
  }
  const ask = { by, for: 'exercise rights', fields: ['extract'], related: [one.dossier_id] } as const
  const file = await openFile(tx, house, 'case', ask, one.dossier_id)
  if (!file) return undefined
  await tx
    .updateTable('disclosure')
    .set({ handed_at: house.clock.now(), token_hash: null })
    .where('dossier_id', '=', one.dossier_id)
    .execute()
  await note(tx, house, by, 'disclosure handed over', one.dossier_id)
  return text(file)
}

async function inHand(tx: Tx, id: string): Promise<Disclosure> {
  const one = await tx.selectFrom('disclosure').selectAll().where('dossier_id', '=', id).forUpdate().executeTakeFirst()
  if (!one) throw new NotYet('There is no such request')
  return one
}

function note(tx: Tx, house: House, by: Actor, act: string, subject: string): Promise<void> {
  const role = by.roles[0] ?? 'system'
  return record(tx, { actor: by.id, role, purpose: 'exercise rights', act, subject, at: house.clock.now() })
}
