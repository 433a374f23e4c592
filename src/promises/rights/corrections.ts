import { z } from 'zod'
import type { Tx } from '#src/platform/database/database.ts'
import type { House } from '../house.ts'
import { record } from '../ledger/ledger.ts'
import type { Actor } from '../notice/actor.ts'
import type { Field } from '../notice/datamap.ts'

/** What the desk may put right: plain words, never a special category. The person changes the rest by themselves. */
export const correctable = [
  'name',
  'email',
  'phone',
  'landlord',
  'area',
  'tenancy',
  'ageRange',
  'gender',
  'genderDescription',
  'termsServed',
  'staffNote',
  'decisionReason',
] as const satisfies readonly Field<'panel'>[]
export type Correctable = (typeof correctable)[number]

const kept = z.array(z.object({ at: z.string(), field: z.string(), was: z.string() }))
export type Correction = z.output<typeof kept>[number]

/** What was corrected in a record, with what it said before, from the sealed text. */
export function readCorrections(text: string | undefined): Correction[] {
  try {
    return kept.parse(JSON.parse(text ?? '[]'))
  } catch {
    return [] // the checked edge: nothing else is ever written there
  }
}

/**
 * Puts a value of someone's record right (UK GDPR Art 16). What it said before is sealed with the record: shown to the
 * person and the desk, and deleted with it. False when the record has ended, or says so already.
 */
export async function correct(
  tx: Tx,
  house: House,
  by: Actor,
  id: string,
  field: Correctable,
  value: string,
): Promise<boolean> {
  const ask = { by, for: 'exercise rights', fields: ['corrections', ...correctable], related: [id] } as const
  const [held] = await house.vault.open(tx, 'panel', ask, [id])
  const was = held?.[field] ?? ''
  if (!held || was === value) return false
  const at = house.clock.now()
  const corrections = [...readCorrections(held.corrections), { at: at.toISOString(), field, was }]
  await house.vault.put(tx, by, 'panel', id, { [field]: value, corrections: JSON.stringify(corrections) })
  const role = by.roles[0] ?? 'system'
  await record(tx, {
    actor: by.id,
    role,
    purpose: 'exercise rights',
    act: 'corrected',
    subject: id,
    detail: { field },
    at,
  })
  return true
}

/** What was corrected in someone's record, for the desk. */
export async function correctionsOf(tx: Tx, house: House, by: Actor, id: string): Promise<Correction[]> {
  const ask = { by, for: 'exercise rights', fields: ['corrections'], related: [id] } as const
  const [held] = await house.vault.open(tx, 'panel', ask, [id])
  return readCorrections(held?.corrections)
}
