import { addDays } from '#src/platform/calendar/dates.ts'
import { londonDate } from '#src/platform/calendar/london.ts'
import type { Tx } from '#src/platform/database/database.ts'
import type { House } from '../house.ts'
import { type Detail, record } from '../ledger/ledger.ts'
import type { Actor } from '../notice/actor.ts'
import { ruleOf } from '../notice/datamap.ts'
import { restrict } from '../retention/brakes.ts'
import { erase } from '../retention/erase.ts'
import { isStoppable, stopPurposes } from '../retention/stopped.ts'
import type { Case } from './cases.ts'
import { oweNotices, toldOn } from './recipients.ts'

/** Days until a record that was set aside is looked at again. */
const reviewDays = 30

/** What carrying out a granted case does by itself, in words; undefined where it is a person's work, noted as done. */
export function byItself(one: Pick<Case, 'matter' | 'decision'>, part: readonly string[]): string | undefined {
  const isPart = one.decision === 'part'
  switch (one.matter) {
    case 'erasure':
      return isPart
        ? 'What was decided is taken out of the record at once. It cannot be undone; the rest stays until its date.'
        : 'Everything held in the record is deleted, in every room, at once. It cannot be undone.'
    case 'withdrawal':
      return part.length ? 'What rests on the agreement is taken out of the record at once.' : undefined
    case 'restriction':
      return 'The record vanishes from every purpose but storing, rights and claims, until it is lifted.'
    case 'objection':
      return isPart
        ? 'The record is opened no more for what was decided, and is in no count that it concerns.'
        : 'The record is set aside: it vanishes from every purpose but storing, rights and claims.'
    default:
      return undefined
  }
}

/** Carries out what was decided, as far as the program can. The caller's transaction is the case's; a whole erasure follows it. */
export async function carryOut(tx: Tx, house: House, by: Actor, one: Case, part: readonly string[]): Promise<void> {
  const { subject, matter, decision } = one
  if (!subject) return
  if (toldOn.has(matter)) await oweNotices(tx, house, one.dossier_id, subject)
  const isPart = decision === 'part'
  if (matter === 'objection' && isPart) await stopPurposes(tx, house, by, subject, part.filter(isStoppable))
  else if (matter === 'restriction' || matter === 'objection')
    await restrict(tx, house, by, subject, addDays(londonDate(house.clock.now()), reviewDays))
  if ((matter === 'erasure' && isPart) || matter === 'withdrawal') await eraseFields(tx, house, by, subject, part)
}

/** The part of carrying out that may only happen once the case says so: the record ends. */
export async function carryOutAfter(house: House, by: Actor, one: Case): Promise<void> {
  if (one.matter === 'erasure' && one.decision === 'granted' && one.subject)
    await erase(house.reach, by, [one.subject], 'erasure request')
}

/** Takes fields out of a record whose rest stays: the values and the files behind them. */
async function eraseFields(tx: Tx, house: House, by: Actor, id: string, fields: readonly string[]): Promise<void> {
  const gone = fields.filter(field => ruleOf('panel', field))
  if (!gone.length) return
  await house.vault.put(tx, by, 'panel', id, Object.fromEntries(gone.map(field => [field, undefined])))
  for (const field of gone) await house.files.remove(`${id}/${field}`)
  if (gone.includes('ethnicity')) await note(tx, house, by, 'equality answer stopped', id, {})
  await note(tx, house, by, 'values deleted', id, { fields: gone })
}

/** Stops the use of someone's equality answer at once (DPA 2018 Sch 1 para 8(5)): it is taken out, and was never seen. */
export async function stopEquality(tx: Tx, house: House, by: Actor, id: string): Promise<void> {
  await house.vault.put(tx, by, 'panel', id, { ethnicity: undefined })
  await note(tx, house, by, 'equality answer stopped', id, {})
}

function note(tx: Tx, house: House, by: Actor, act: string, subject: string, detail: Detail): Promise<void> {
  const role = by.roles[0] ?? 'resident'
  return record(tx, { actor: by.id, role, purpose: 'exercise rights', act, subject, detail, at: house.clock.now() })
}
