import { forPurpose, type Tx } from '#src/platform/database/database.ts'
import type { House } from '#src/promises/house.ts'
import type { Actor } from '#src/promises/notice/actor.ts'
import { leaveIn } from './running.ts'
import './tables.ts'

/** How many readings someone has not finished, in all rounds. */
export async function countUnfinished(tx: Tx, reader: string): Promise<number> {
  const rows = await tx
    .selectFrom('review_reading')
    .select('id')
    .where('reader', '=', reader)
    .where('state', '=', 'assigned')
    .execute()
  return rows.length
}

/** Ends a reviewer's part in every round that is still read: what they have not finished goes to the others. */
export async function leaveEveryRound(tx: Tx, house: House, by: Actor, reader: string): Promise<void> {
  const rows = await tx
    .selectFrom('review_reader')
    .innerJoin('review', 'review.round_id', 'review_reader.round_id')
    .select(['review.round_id', 'review.deadline'])
    .where('review_reader.reader', '=', reader)
    .where('review_reader.left_at', 'is', null)
    .orderBy('review.round_id')
    .execute()
  const holding = await forPurpose(tx, 'store', () =>
    tx
      .selectFrom('review_reading')
      .select('round_id')
      .distinct()
      .where('reader', '=', reader)
      .where('state', '=', 'assigned')
      .execute(),
  )
  const held = new Set(holding.map(row => row.round_id))
  for (const row of rows)
    if (row.deadline > house.clock.now() || held.has(row.round_id)) await leaveIn(tx, house, by, row.round_id, reader)
}
