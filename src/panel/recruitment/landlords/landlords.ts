import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import type { Tx } from '#src/platform/database/database.ts'
import type { House } from '#src/promises/house.ts'
import { record } from '#src/promises/ledger/ledger.ts'
import type { Actor } from '#src/promises/notice/actor.ts'
import '../tables.ts'

/** Landlords of the list whose name holds every word that was typed; at most 20. */
export async function findLandlords(tx: Tx, typed: string): Promise<string[]> {
  const words = typed.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []
  const telling = words.filter(word => word.length > 1 && !common.has(word)).slice(0, 6)
  if (!telling.length) return []
  let query = tx.selectFrom('landlord').select('name').orderBy('name').limit(20)
  for (const word of telling) query = query.where(sql`lower(name)`, 'like', `%${word.replace(/[%_\\]/g, '')}%`)
  return (await query.execute()).map(row => row.name)
}

const common = new Set([
  'the',
  'and',
  'of',
  'ltd',
  'limited',
  'housing',
  'association',
  'homes',
  'council',
  'group',
  'trust',
])

/** The listed name that is the same but for case and spaces. */
export async function landlordNamed(tx: Tx, typed: string): Promise<string | undefined> {
  const wanted = typed.trim().replace(/\s+/g, ' ').toLowerCase()
  if (!wanted) return undefined
  const row = await tx.selectFrom('landlord').select('name').where(sql`lower(name)`, '=', wanted).executeTakeFirst()
  return row?.name
}

/** How many landlords the list holds. */
export async function countLandlords(tx: Tx): Promise<number> {
  const row = await tx
    .selectFrom('landlord')
    .select(eb => eb.fn.countAll<number>().as('count'))
    .executeTakeFirst()
  return Number(row?.count ?? 0)
}

/** Every name of the list, in order. */
export async function landlordNames(tx: Tx): Promise<string[]> {
  return (await tx.selectFrom('landlord').select('name').orderBy('name').execute()).map(row => row.name)
}

/** Puts a new list in place of the old one. */
export async function replaceLandlords(tx: Tx, house: House, by: Actor, names: readonly string[]): Promise<void> {
  const now = house.clock.now()
  await tx.deleteFrom('landlord').execute()
  for (let from = 0; from < names.length; from += 2000)
    await tx
      .insertInto('landlord')
      .values(names.slice(from, from + 2000).map(name => ({ id: randomUUID() as string, name, listed_at: now })))
      .execute()
  await record(tx, {
    actor: by.id,
    role: by.roles[0] ?? 'system',
    purpose: 'administer the panel',
    act: 'landlord list replaced',
    count: names.length,
    at: now,
  })
}
