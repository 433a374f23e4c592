import type { Tx } from '#src/platform/database/database.ts'
import type { Account, Case } from './cases.ts'

/** How someone may ask about a record whose email address is not theirs. */
export const asksAs = {
  self: 'It is the person themselves, and there is no reasonable doubt of it',
  authority: 'Someone who acts for the person: I have seen their written authority',
} as const

const withAuthority = 'authority to act for the person seen'
/** What is noted when the record is found. */
export const foundBy = { self: 'record found', authority: `record found; ${withAuthority}` } as const

/** Whether a request was made by someone who acts for the person whose record it is about. */
export function actsFor({ notes }: Account): boolean {
  return notes.some(note => note.text.includes(withAuthority))
}

/** Whether the one who asked wrote from the very address that the record holds. */
export function isTheirOwn(reach: string, address: string): boolean {
  return reach.trim().toLowerCase() === address.trim().toLowerCase()
}

/** Why a case may not be carried out, nor its copy given, at present; undefined when it may. */
export async function whyWait(tx: Tx, one: Case): Promise<string | undefined> {
  if (one.identity_asked_on && !one.identity_received_on) return 'Proof of identity was asked for and has not come'
  if (one.matter !== 'erasure' || !one.subject) return undefined
  const held = await tx
    .selectFrom('hold')
    .select('id')
    .where('dossier_id', '=', one.subject)
    .where('ground', '=', 'legal matter')
    .where('lifted_at', 'is', null)
    .executeTakeFirst()
  if (held) return 'A hold for a legal matter keeps this record: lift it first'
  // Who erases what is to be disclosed may commit an offence (DPA 2018 s.173).
  const copy = await tx
    .selectFrom('rights_case')
    .select(['reference', 'decision'])
    .where('subject', '=', one.subject)
    .where('matter', 'in', ['access', 'transfer', 'portability'])
    .where('answered_at', 'is', null)
    .where('closed_at', 'is', null)
    .execute()
  const open = copy.find(each => each.decision !== 'refused')
  return open && `${open.reference} asks for a copy of this record: answer it first`
}
