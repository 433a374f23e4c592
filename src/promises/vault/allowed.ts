import { forPurpose, type Tx } from '#src/platform/database/database.ts'
import type { Actor } from '../notice/actor.ts'
import { type Kind, ruleOf } from '../notice/datamap.ts'
import { type Purpose, type PurposeRule, purposes, type Role, seesRestricted } from '../notice/purposes.ts'
import type { gateOn } from './gate.ts'

/** The actor's roles do not allow this purpose, or not for this dossier. */
export class Refused extends Error {}
/** Special-category data may not be collected or read at present. */
export class SpecialDataStopped extends Error {}

/** Those who objected to this purpose with success: they are opened for it no more (UK GDPR Art 21). */
export async function stoppedFor(tx: Tx, purpose: Purpose, ids: readonly string[]): Promise<Set<string>> {
  if (seesRestricted(purpose) || !ids.length) return new Set()
  const rows = await forPurpose(tx, purpose, () => {
    const all = tx.selectFrom('stopped_purpose').select('dossier_id').where('purpose', '=', purpose)
    return (ids.length <= 50 ? all.where('dossier_id', 'in', [...ids]) : all).execute()
  })
  return new Set(rows.map(row => row.dossier_id))
}

/** Refuses the purposes that open nobody: counting groups, and storing. */
export function refuseCounting(purpose: string): void {
  if (purpose === 'representativeness' || purpose === 'store')
    throw new Refused('Groups are counted for this purpose: nobody is opened.')
}

/** The role that lets the actor open these dossiers for this purpose; throws Refused when none does. */
export function roleFor(by: Actor, purpose: Purpose, ids: readonly string[], related: readonly string[]): Role {
  const rule: PurposeRule = purposes[purpose]
  for (const role of by.roles) {
    const reach = rule.roles[role]
    if (reach === 'any') return role
    if (reach === 'self' && ids.every(id => by.own.includes(id))) return role
    if (reach === 'related' && ids.every(id => related.includes(id))) return role
  }
  throw new Refused(`You may not open this record to ${rule.says}.`)
}

/** Why a supporter is refused a field that the data map marks as an equality answer. */
export const notForSupporters = 'A supporter never sees or gives an equality answer.'

/** Residents and their supporters write into their own dossiers alone; what staff may write is for the room's permissions. */
export function mayWrite(by: Actor, id: string): boolean {
  return by.roles.some(role => role !== 'resident' && role !== 'supporter') || by.own.includes(id)
}

/** Who acts, as the ledger writes it. */
export function acting(by: Actor, purpose: Purpose) {
  return { actor: by.id, role: by.roles[0] ?? 'system', purpose }
}

/** Whether any of these values is of a special category. */
export function holdsSpecial(kind: Kind, values: object): boolean {
  return Object.entries(values).some(([field, value]) => value && ruleOf(kind, field)?.special)
}

/** Throws SpecialDataStopped where this special field may not be collected at present. */
export function passGate(field: string, gate: Awaited<ReturnType<typeof gateOn>> | undefined): void {
  const open = field === 'ethnicity' ? gate?.ethnicity : gate?.askAdjustments
  if (!open) throw new SpecialDataStopped('This question cannot be answered at present.')
}

/** The same for reading it. */
export function passReadGate(kind: Kind, field: string, gate: Awaited<ReturnType<typeof gateOn>>): void {
  if (!ruleOf(kind, field)?.special) return
  if (!(field === 'ethnicity' ? gate.ethnicity : gate.readAdjustments))
    throw new SpecialDataStopped('This cannot be read at present: no policy document is in force.')
}
