import { sayDate } from '#src/platform/calendar/london.ts'
import type { Tx } from '#src/platform/database/database.ts'
import type { House } from '../house.ts'
import type { Actor } from '../notice/actor.ts'
import { panelRecords } from './records.ts'

/** More than this many records are too many to choose from. */
export const mostFound = 20

/** Records by an email address, a phone number or a name: one search in the ledger a page. */
export async function findRecords(tx: Tx, house: House, by: Actor, text: string): Promise<string[]> {
  const found: string[] = []
  for (const id of await house.vault.findByEmail(text))
    if ((await house.vault.record(id))?.kind === 'panel') found.push(id)
  if (found.length || text.includes('@')) return found
  const digits = text.replace(/\D/g, '').replace(/^44/, '0')
  const words = text.toLocaleLowerCase('en-GB').split(/\s+/).filter(Boolean)
  const isPhone = digits.length >= 7
  if (!isPhone && words.join('').length < 3) return []
  for await (const ids of panelRecords(tx)) {
    const ask = { by, for: 'exercise rights', fields: ['name', 'phone'], related: ids } as const
    const hits = await house.vault.search(tx, 'panel', ask, ids, ({ name = '', phone = '' }) =>
      isPhone
        ? phone.replace(/\D/g, '').replace(/^44/, '0') === digits
        : words.every(word =>
            name
              .toLocaleLowerCase('en-GB')
              .split(/\s+/)
              .some(part => part.startsWith(word)),
          ),
    )
    found.push(...hits)
    if (found.length > mostFound) break
  }
  return found
}

/** What tells records apart: opened for the desk, and told to each person. */
export async function candidates(tx: Tx, house: House, by: Actor, ids: readonly string[]) {
  const ask = { by, for: 'exercise rights', fields: ['name', 'email', 'phone'], related: ids } as const
  const opened = await house.vault.open(tx, 'panel', ask, ids)
  return Promise.all(
    opened.map(async ({ id, name, email, phone }) => {
      const living = await house.vault.record(id)
      const began = living ? `, began ${sayDate(new Date(living.bornAt))}` : ''
      return { value: id, text: [name ?? 'No name', email ?? phone].filter(Boolean).join(', ') + began }
    }),
  )
}
