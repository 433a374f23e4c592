import { type SqlBool, sql } from 'kysely'
import { sayDate } from '#src/platform/calendar/london.ts'
import type { Tx } from '#src/platform/database/database.ts'
import type { House } from '#src/promises/house.ts'
import type { Actor } from '#src/promises/notice/actor.ts'
import { addressValue } from '../recruitment/values.ts'
import { isLetter, type LetterDetail, type LetterName, letters, writeLetter } from './letters.ts'
import { reworded } from './words/versions.ts'
import './tables.ts'

/** Letters that do not go by themselves: to print and post, to read out by phone, and e-mails that were refused. */
export type Outside = 'post' | 'call' | 'stuck'

const is = {
  post: sql<SqlBool>`state = 'waiting' and channel = 'letter'`,
  call: sql<SqlBool>`state = 'waiting' and channel = 'call'`,
  stuck: sql<SqlBool>`state = 'stuck' and error is distinct from 'died'`,
}

/** How many letters wait for a person, of each kind. */
export async function countOutside(tx: Tx): Promise<Record<Outside, number>> {
  return tx
    .selectFrom('message')
    .select(({ fn }) => [
      fn.countAll<number>().filterWhere(is.post).as('post'),
      fn.countAll<number>().filterWhere(is.call).as('call'),
      fn.countAll<number>().filterWhere(is.stuck).as('stuck'),
    ])
    .executeTakeFirstOrThrow()
}

/** The longest waiting letters of a kind, with their words and what is needed to deliver them. */
export async function waitingOutside(tx: Tx, house: House, by: Actor, kind: Outside, most: number) {
  const rows = await tx
    .selectFrom('message')
    .selectAll()
    .where(is[kind])
    .orderBy('queued_at')
    .orderBy('id')
    .limit(most)
    .execute()
  const ask = { by, for: 'administer the panel', fields: ['name', 'phone', 'address'] } as const
  const opened = await house.vault.open(tx, 'panel', ask, [...new Set(rows.map(row => row.dossier_id))])
  const people = new Map(opened.map(one => [one.id, one]))
  const own = await reworded(tx)
  return rows.flatMap(row => {
    const person = people.get(row.dossier_id)
    if (!person || !isLetter(row.template)) return []
    const address = addressValue.read(person.address)
    const detail = { ...detailOf(house, row.template, row.detail as LetterDetail), name: person.name ?? 'there' }
    const { subject, text } = writeLetter(row.template, detail, undefined, own.get(row.template))
    return {
      id: row.id,
      name: `${person.name ?? ''}${row.for_supporter ? ' (to their supporter)' : ''}`,
      phone: person.phone ?? '',
      address: address ? [...address.lines, address.postcode] : [],
      subject,
      text,
      at: sayDate(row.queued_at),
      error: row.error,
    }
  })
}

/** What stands in a letter on paper or is read out: who has no e-mail cannot sign in by a code. */
function detailOf(house: House, template: LetterName, detail: LetterDetail): LetterDetail {
  const { example } = letters[template]
  const link = 'link' in example && !('link' in detail) ? { link: house.config.baseUrl } : {}
  return { ...example, ...detail, ...link, offline: true }
}
