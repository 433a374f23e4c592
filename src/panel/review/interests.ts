import { z } from 'zod'
import { type House, within } from '#src/promises/house.ts'
import { type Actor, system } from '#src/promises/notice/actor.ts'
import { plain } from '../recruitment/list/find.ts'
import { assign } from './assign.ts'
import { note } from './setup.ts'

export interface Interests {
  landlords: string[]
  areas: string[]
}

const kept = z.record(z.string(), z.object({ landlords: z.array(z.string()), areas: z.array(z.string()) }))
const self = system('review')

/**
 * Keeps what a reviewer declares (sealed in their own record), and bars them from every application of those landlords
 * and areas: readings they already hold go to others.
 */
export async function declareInterests(house: House, by: Actor, round: string, interests: Interests): Promise<void> {
  const barred = await within(house, { by: self, for: 'administer the panel' }, async tx => {
    const reader = await tx
      .selectFrom('review_reader')
      .select('reader')
      .where('round_id', '=', round)
      .where('reader', '=', by.id)
      .where('left_at', 'is', null)
      .forUpdate()
      .executeTakeFirst()
    if (!reader) return []
    const before = await interestsIn(tx, house, by.id)
    await house.vault.put(tx, self, 'staff', by.id, { interests: JSON.stringify({ ...before, [round]: interests }) })
    const landlords = new Set(interests.landlords.map(plain))
    const areas = new Set(interests.areas)
    const rows = await tx
      .selectFrom('application')
      .select('dossier_id')
      .where('round_id', '=', round)
      .where('state', '=', 'sent')
      .execute()
    const ids = await house.vault.search(
      tx,
      'panel',
      { by: self, for: 'administer the panel', fields: ['landlord', 'area'] },
      rows.map(row => row.dossier_id),
      one => landlords.has(plain(one.landlord ?? '')) || areas.has(one.area ?? ''),
    )
    const at = house.clock.now()
    if (ids.length)
      await tx
        .insertInto('review_conflict')
        .values(ids.map(dossier_id => ({ round_id: round, dossier_id, reader: by.id, how: 'declared' as const, at })))
        .onConflict(on => on.doNothing())
        .execute()
    if (ids.length)
      await tx
        .updateTable('review_reading')
        .set({ state: 'conflict' })
        .where('reader', '=', by.id)
        .where('dossier_id', 'in', ids)
        .where('state', 'in', ['assigned', 'done', 'abstained'])
        .execute()
    await tx
      .updateTable('review_reader')
      .set({ declared_at: at })
      .where('round_id', '=', round)
      .where('reader', '=', by.id)
      .execute()
    await note(tx, house, by, 'interests declared', round, { barred: ids.length })
    return ids
  })
  if (barred.length) await assign(house, by, round)
}

type Held = z.output<typeof kept>

/** What a reviewer has declared, by round. */
async function interestsIn(tx: Parameters<House['vault']['open']>[0], house: House, reader: string): Promise<Held> {
  const [one] = await house.vault.open(tx, 'staff', { by: self, for: 'administer the panel', fields: ['interests'] }, [
    reader,
  ])
  const parsed = one?.interests ? kept.safeParse(JSON.parse(one.interests)) : undefined
  return parsed?.success ? parsed.data : {}
}
