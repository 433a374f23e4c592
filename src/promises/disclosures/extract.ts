import { sayInstant } from '#src/platform/calendar/london.ts'
import type { Tx } from '#src/platform/database/database.ts'
import type { House } from '../house.ts'
import type { Actor } from '../notice/actor.ts'
import { contact } from '../notice/contact.ts'
import type { Disclosure } from './disclosure.ts'
import { sayField } from './kinds.ts'

/** What is handed over: the approved fields and nothing else, as a text that any machine shows. */
export function extractOf(one: Disclosure, given: ReadonlyMap<string, string>, now: Date): string {
  const lines = one.approved_fields.map(field => `${sayOfPerson(field)}: ${given.get(field) ?? 'we do not hold it'}`)
  return [
    `${contact.body}: extract for request ${one.reference}, made ${sayInstant(now)}`,
    '',
    ...lines,
    '',
    'Use it only for what you asked it for, keep it safe, and delete it when that is done.',
    `Questions: ${contact.dpo.name}, ${contact.dpo.email}, ${contact.phone}`,
    '',
  ].join('\n')
}

/** What a field is, to somebody else than the person: not "your". */
export function sayOfPerson(field: string): string {
  return sayField(field)
    .replaceAll(/\byour\b/g, 'their')
    .replaceAll(/\bYour\b/g, 'Their')
    .replaceAll(/\byou\b/g, 'they')
}

/** Fields as one sentence. */
export function sayFields(fields: readonly string[]): string {
  const words = fields.map(sayOfPerson).join(', ').toLowerCase()
  return words.charAt(0).toUpperCase() + words.slice(1)
}

/** An extract that nobody took is kept no longer. */
export async function dropExtract(tx: Tx, house: House, by: Actor, id: string): Promise<void> {
  await house.vault.put(tx, by, 'case', id, { extract: undefined })
  await house.files.remove(`${id}/extract`)
}
