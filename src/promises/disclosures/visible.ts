import type { Tx } from '#src/platform/database/database.ts'
import type { Disclosure } from './disclosure.ts'
import { disclosureTypes } from './kinds.ts'
import { type SwitchableRight, saysSwitchedOff } from './prejudice.ts'

const secret = new Set<string>(Object.values(disclosureTypes).map(one => one.purpose))

export interface Visible {
  /** Requests of others that the person may know of. */
  shown: Disclosure[]
  /** Whether an opening of their record may be told to them. */
  tells(opening: { id: number; purpose: string }): boolean
}

/**
 * What someone may know of requests of others about them: a request, and the opening made for it, stay hidden until the
 * prejudice test was answered, and each goes on hidden where that right is switched off (DPA 2018 Sch 2 paras 2 and 5).
 */
export async function visibleTo(tx: Tx, subject: string): Promise<Visible> {
  const all = await requestsAbout(tx, subject)
  const on = (one: Disclosure, right: SwitchableRight) => one.switched_off !== null && !one.switched_off.includes(right)
  const shown = all.filter(one => on(one, 'told'))
  const openings = new Set(shown.filter(one => on(one, 'log')).flatMap(one => one.openings.map(Number)))
  return { shown, tells: ({ id, purpose }) => !secret.has(purpose) || openings.has(Number(id)) }
}

/** Requests of others about someone that are kept out of what they see, and why: for the data protection desk alone. */
export async function keptFrom(tx: Tx, subject: string): Promise<{ id: string; reference: string; why: string }[]> {
  const hidden = (await requestsAbout(tx, subject)).filter(one => !one.switched_off || one.switched_off.length)
  return hidden.map(one => ({
    id: one.dossier_id,
    reference: one.reference,
    why: saysSwitchedOff(one.switched_off),
  }))
}

/** What turned out to be the person's own request is a case of theirs, and no secret. */
async function requestsAbout(tx: Tx, subject: string): Promise<Disclosure[]> {
  const all = await tx.selectFrom('disclosure').selectAll().where('subject', '=', subject).orderBy('asked_at').execute()
  return all.filter(one => one.outcome !== 'own request')
}
