import { z } from 'zod'
import type { Tx } from '#src/platform/database/database.ts'
import type { House } from '#src/promises/house.ts'
import { system } from '#src/promises/notice/actor.ts'
import { addressChangesValue } from '../recruitment/values.ts'
import { supporterOf } from './supporter.ts'

const by = system('mail')

type Letter = { dossier_id: string; template: string; detail: unknown; for_supporter: boolean }

/** Whom one letter is for, opened for nothing else than to send it. */
export interface Recipient {
  name: string | undefined
  email: string | undefined
  /** The words of a letter that a person of the staff wrote. */
  words?: string
  /** Whom the recipient supports. */
  member?: string
  /** The supporter's id, where they may act for the person. */
  acts?: string
}

/** Letters of the doors: about signing in and about the address itself. */
export const ofDoors: ReadonlySet<string> = new Set(['sign-in code', 'new address', 'address changing'])

/** Finds out to whom a letter goes: the person, a member of staff, who asked in a case, or a new or an old address. */
export async function recipientOf(tx: Tx, house: House, letter: Letter): Promise<Recipient | undefined> {
  const id = letter.dossier_id
  if (letter.for_supporter) return supporterFor(tx, house, letter)
  if (letter.template === 'new address' || letter.template === 'address changing') return ofChange(tx, house, letter)
  const [person] = ofDoors.has(letter.template)
    ? await house.vault.open(tx, 'panel', { by, for: 'exercise rights', fields: ['name', 'email'] }, [id])
    : await house.vault.open(tx, 'panel', { by, for: 'administer the panel', fields: ['name', 'email'] }, [id])
  if (person) return { name: person.name, email: person.email }
  const ask = { by, for: 'keep the service safe', fields: ['name', 'email'] } as const
  const [staff] = await house.vault.open(tx, 'staff', ask, [id])
  if (staff) return { name: staff.name, email: staff.email }
  return requesterOf(tx, house, id, letter.detail)
}

/** The supporter who hears what the person hears, as long as that lasts. */
async function supporterFor(tx: Tx, house: House, letter: Letter): Promise<Recipient | undefined> {
  const row = await supporterOf(tx, house, letter.dossier_id)
  if (!row) return undefined
  const ask = { by, for: 'administer the panel', fields: ['name', 'supporterName', 'supporterEmail'] } as const
  const [opened] = await house.vault.open(tx, 'panel', ask, [letter.dossier_id])
  const member = opened?.name ?? 'Someone'
  const acts = row.scope === 'acts' ? { acts: row.id } : {}
  return opened && { name: opened.supporterName, email: opened.supporterEmail, member, ...acts }
}

/** The address that a change goes to, which is confirmed from there, or the one it comes from, which is warned. */
async function ofChange(tx: Tx, house: House, letter: Letter): Promise<Recipient | undefined> {
  const { change } = z.object({ change: z.string() }).parse(letter.detail)
  const ask = { by, for: 'exercise rights', fields: ['name', 'addressChanges'] } as const
  const [opened] = await house.vault.open(tx, 'panel', ask, [letter.dossier_id])
  const found = addressChangesValue.read(opened?.addressChanges)?.find(one => one.id === change)
  // A new address may be a stranger's, mistyped: it hears no name.
  if (letter.template === 'new address') return found && { name: undefined, email: found.to }
  return found && { name: opened?.name, email: found.from }
}

const written = z.object({
  letter: z.string().default(''),
  letters: z.array(z.object({ text: z.string() })).default([]),
})
const whichLetter = z.object({ letter: z.union([z.string(), z.number()]).optional() }).catch({})

/** Who asked in a case, and what was written to them. */
async function requesterOf(tx: Tx, house: House, id: string, detail: unknown): Promise<Recipient | undefined> {
  const ask = { by, for: 'exercise rights', fields: ['requester', 'account'] } as const
  const [opened] = await house.vault.open(tx, 'case', ask, [id])
  if (!opened?.requester || !opened.account) return undefined
  const who = z.object({ name: z.string(), reach: z.string() }).parse(JSON.parse(opened.requester))
  const { letter, letters } = written.parse(JSON.parse(opened.account))
  const { letter: which } = whichLetter.parse(detail)
  const words = which === undefined ? letter : (letters[Number(which)]?.text ?? '')
  return { name: who.name, email: who.reach.includes('@') ? who.reach : undefined, words }
}
