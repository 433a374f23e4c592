import { type House, within } from '#src/promises/house.ts'
import { type Actor, system } from '#src/promises/notice/actor.ts'
import { applicantsOf } from '../recruitment/application.ts'
import { assignIn } from './assign.ts'
import { barPairs, endBarred } from './bars.ts'
import { type Interests, interestsByRound } from './interests.ts'
import { note } from './setup.ts'

const self = system('review')

/**
 * Keeps what a reviewer declares (sealed in their own record), and bars them from every application of those landlords
 * and areas: readings they already hold go to others. What they had declared before stays.
 */
export async function declareInterests(house: House, by: Actor, round: string, more: Interests): Promise<void> {
  await within(house, { by: self, for: 'administer the panel' }, async tx => {
    const reader = await tx
      .selectFrom('review_reader')
      .select('reader')
      .where('round_id', '=', round)
      .where('reader', '=', by.id)
      .where('left_at', 'is', null)
      .forUpdate()
      .executeTakeFirst()
    if (!reader) return
    const all = await interestsByRound(tx, house, by.id)
    const before = all[round] ?? { landlords: [], areas: [] }
    const interests = {
      landlords: [...new Set([...before.landlords, ...more.landlords])],
      areas: [...new Set([...before.areas, ...more.areas])],
    }
    await house.vault.put(tx, self, 'staff', by.id, { interests: JSON.stringify({ ...all, [round]: interests }) })
    await tx
      .updateTable('review_reader')
      .set({ declared_at: house.clock.now() })
      .where('round_id', '=', round)
      .where('reader', '=', by.id)
      .execute()
    await barPairs(tx, house, round, await applicantsOf(tx, round))
    await endBarred(tx, round)
    const { barred } = await tx
      .selectFrom('review_conflict')
      .select(eb => eb.fn.countAll<number>().as('barred'))
      .where('round_id', '=', round)
      .where('reader', '=', by.id)
      .executeTakeFirstOrThrow()
    await note(tx, house, by, 'interests declared', round, { barred: Number(barred) })
    await assignIn(tx, house, self, round)
  })
}
