import { addDays } from '#src/platform/calendar/dates.ts'
import { londonDate } from '#src/platform/calendar/london.ts'
import type { Tx } from '#src/platform/database/database.ts'
import type { House } from '../house.ts'
import { record } from '../ledger/ledger.ts'
import type { Actor } from '../notice/actor.ts'
import { restrict } from '../retention/brakes.ts'
import { erase } from '../retention/erase.ts'
import type { Case } from './cases.ts'
import { oweNotices, toldOn } from './recipients.ts'
import type { Matter } from './rights.ts'

/** Days until a record that was set aside is looked at again. */
const reviewDays = 30

/** What carrying out a granted case does by itself; the rest is a person's work, which they note as done. */
export const byItself: Partial<Record<Matter, string>> = {
  erasure: 'Everything held in the record is deleted, in every room, at once. It cannot be undone.',
  restriction: 'The record vanishes from every purpose but storing, rights and claims, until it is lifted.',
  objection: 'The record is set aside: it vanishes from every purpose but storing, rights and claims.',
}

/** Carries out what was decided, as far as the program can. The caller's transaction is the case's; erasure follows it. */
export async function carryOut(tx: Tx, house: House, by: Actor, one: Case): Promise<void> {
  if (!one.subject) return
  if (toldOn.has(one.matter)) await oweNotices(tx, house, one.dossier_id, one.subject)
  if (one.matter === 'restriction' || one.matter === 'objection')
    await restrict(tx, house, by, one.subject, addDays(londonDate(house.clock.now()), reviewDays))
}

/** The part of carrying out that may only happen once the case says so: the record ends. */
export async function carryOutAfter(house: House, by: Actor, one: Case): Promise<void> {
  if (one.matter === 'erasure' && one.subject) await erase(house.reach, by, [one.subject], 'erasure request')
}

/** Stops the use of someone's equality answer at once (DPA 2018 Sch 1 para 8(5)): it is taken out, and was never seen. */
export async function stopEquality(tx: Tx, house: House, by: Actor, id: string): Promise<void> {
  await house.vault.put(tx, by, 'panel', id, { ethnicity: undefined })
  const role = by.roles[0] ?? 'resident'
  await record(tx, {
    actor: by.id,
    role,
    purpose: 'exercise rights',
    act: 'equality answer stopped',
    subject: id,
    at: house.clock.now(),
  })
}
