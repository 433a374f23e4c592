import { sql } from 'kysely'
import type { Tx } from '#src/platform/database/database.ts'
import type { House } from '#src/promises/house.ts'
import { system } from '#src/promises/notice/actor.ts'
import { plain } from '../recruitment/list/find.ts'
import { asReview } from './as-system.ts'
import { heldInterests, type Interests } from './interests.ts'
import { readersOf } from './setup.ts'

const self = system('review')

/**
 * Bars pairs before anything is given out: whoever typed an application in, and whoever declared its landlord or area. It
 * looks anew each time, because applications come late and details are put right.
 */
export async function barPairs(tx: Tx, house: House, round: string, ids: readonly string[]): Promise<void> {
  if (!ids.length) return
  const bars = [...(await typedIn(tx, ids)), ...(await declared(tx, house, round, ids))]
  const at = house.clock.now()
  for (let from = 0; from < bars.length; from += 2000)
    await tx
      .insertInto('review_conflict')
      .values(bars.slice(from, from + 2000).map(one => ({ ...one, round_id: round, at })))
      .onConflict(on => on.doNothing())
      .execute()
}

/** Ends readings of pairs that are barred: their scores are set aside. */
export async function endBarred(tx: Tx, round: string): Promise<void> {
  await sql`
    update review_reading r set state = 'conflict'
    where r.round_id = ${round} and r.state in ('assigned', 'done', 'abstained')
      and exists (select from review_conflict c where c.dossier_id = r.dossier_id and c.reader = r.reader)`.execute(tx)
}

async function typedIn(tx: Tx, ids: readonly string[]) {
  const rows = await tx
    .selectFrom('application')
    .select(['dossier_id', 'entered_by'])
    .where('dossier_id', 'in', [...ids])
    .where('entered_by', 'is not', null)
    .execute()
  return rows.flatMap(row =>
    row.entered_by ? [{ dossier_id: row.dossier_id, reader: row.entered_by, how: 'typed in' as const }] : [],
  )
}

async function declared(tx: Tx, house: House, round: string, ids: readonly string[]) {
  const readers = (await readersOf(tx, round)).filter(one => one.declared_at).map(one => one.reader)
  const interests = [...(await heldInterests(tx, house, round, readers))].filter(([, own]) => isAny(own))
  if (!interests.length) return []
  const found: { dossier_id: string; reader: string; how: 'declared' }[] = []
  const ask = { by: self, for: 'administer the panel', fields: ['landlord', 'area'] } as const
  await asReview(tx, () =>
    house.vault.search(tx, 'panel', ask, ids, one => {
      for (const [reader, own] of interests)
        if (isOf(own, one)) found.push({ dossier_id: one.id, reader, how: 'declared' })
      return false
    }),
  )
  return found
}

/** Whether someone declared this landlord or area. */
export function isOf(own: Interests, one: { landlord?: string | undefined; area?: string | undefined }): boolean {
  const landlord = plain(one.landlord ?? '')
  return own.landlords.some(name => plain(name) === landlord) || own.areas.includes(one.area ?? '')
}

function isAny(own: Interests): boolean {
  return own.landlords.length > 0 || own.areas.length > 0
}
