import { forPurpose, type Tx } from '#src/platform/database/database.ts'
import { type House, within } from '#src/promises/house.ts'
import { type Actor, system } from '#src/promises/notice/actor.ts'
import { type Assigned, assign, assignIn } from './assign.ts'
import { openReadings } from './reading.ts'
import { note } from './setup.ts'

const self = system('review')
const mine = { by: self, for: 'administer the panel' } as const

/** Gives every reviewer the same five invented answers to score. */
export async function startCalibration(house: House, by: Actor, round: string): Promise<void> {
  await within(house, mine, async tx => {
    const now = house.clock.now()
    await tx
      .updateTable('review')
      .set({ calibrating_at: now })
      .where('round_id', '=', round)
      .where('calibrating_at', 'is', null)
      .execute()
    await note(tx, house, by, 'samples given out', round)
  })
}

/** Opens the queue: from now on reviewers read. Returns what could not be given to anyone, and what would help. */
export async function openQueue(house: House, by: Actor, round: string): Promise<Assigned> {
  await within(house, mine, async tx => {
    const now = house.clock.now()
    const query = tx
      .updateTable('review')
      .set({ opened_at: now })
      .where('round_id', '=', round)
      .where('opened_at', 'is', null)
    if (await query.returning('round_id').executeTakeFirst()) await note(tx, house, by, 'reading opened', round)
  })
  return assign(house, by, round)
}

/** Ends a reviewer's part in a round: what they have not finished goes to others; what they finished stands. */
export function leave(house: House, by: Actor, round: string, reader: string): Promise<Assigned> {
  return within(house, mine, tx => leaveIn(tx, house, by, round, reader))
}

/** The same within a transaction. */
export async function leaveIn(tx: Tx, house: House, by: Actor, round: string, reader: string): Promise<Assigned> {
  const left = await tx
    .updateTable('review_reader')
    .set({ left_at: house.clock.now() })
    .where('round_id', '=', round)
    .where('reader', '=', reader)
    .where('left_at', 'is', null)
    .executeTakeFirst()
  if (!left.numUpdatedRows) return { given: 0, short: 0, why: undefined }
  // For storing: a record that is set aside leaves the reader, too, and goes to another once it is taken up again.
  await forPurpose(tx, 'store', () =>
    tx
      .updateTable('review_reading')
      .set({ state: 'released' })
      .where('round_id', '=', round)
      .where('reader', '=', reader)
      .where('state', '=', 'assigned')
      .execute(),
  )
  await note(tx, house, by, 'reviewer left', round, { reader })
  return assignIn(tx, house, by, round)
}

/** The round in which someone has answers still to read, and so must not see whose they are. */
export async function readingBlind(house: House, by: Actor): Promise<{ round: string; name: string }[]> {
  return within(house, mine, tx =>
    openReadings(tx, by.id)
      .innerJoin('round', 'round.id', 'review_reading.round_id')
      .leftJoin('review_override', on =>
        on
          .onRef('review_override.round_id', '=', 'review_reading.round_id')
          .onRef('review_override.reader', '=', 'review_reading.reader'),
      )
      .select(['review_reading.round_id as round', 'round.name'])
      .distinct()
      .where('review_override.reader', 'is', null)
      .execute(),
  )
}

export const overrideReasons = {
  'the person rang': 'The person has rung or written, and nobody else can answer',
  'urgent safety': 'Someone may be unsafe',
  'nobody else here': 'Nobody else of the team is here today',
} as const

/** Lets a reviewer see identities all the same: recorded, and every reading of theirs in the round is marked. */
export async function override(
  house: House,
  by: Actor,
  round: string,
  because: keyof typeof overrideReasons,
): Promise<void> {
  await within(house, mine, async tx => {
    const row = { round_id: round, reader: by.id, at: house.clock.now(), because }
    await tx
      .insertInto('review_override')
      .values(row)
      .onConflict(on => on.doNothing())
      .execute()
    await tx
      .updateTable('review_reading')
      .set({ anonymous: false })
      .where('round_id', '=', round)
      .where('reader', '=', by.id)
      .where('state', '=', 'assigned')
      .execute()
    await note(tx, house, by, 'looked while reading', round, { because })
  })
}
