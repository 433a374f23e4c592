import { importApplicants } from '#src/panel/recruitment/import/import.ts'
import { createRound, publish, questionsOf, roundById } from '#src/panel/recruitment/round.ts'
import { usualRules } from '#src/panel/recruitment/rounds/plan.ts'
import { addDays, addMonths } from '#src/platform/calendar/dates.ts'
import { londonDate, londonInstant, startOfDay } from '#src/platform/calendar/london.ts'
import type { Tx } from '#src/platform/database/database.ts'
import { inWorld, REAL } from '#src/platform/database/world.ts'
import { type House, within } from '#src/promises/house.ts'
import { record } from '#src/promises/ledger/ledger.ts'
import { type Actor, system } from '#src/promises/notice/actor.ts'
import { crowd } from '../demo/crowd.ts'
import { landlords, questions } from '../demo/ground.ts'
import { inviteColleagues } from './colleagues.ts'

const by = system('practice')
/** Days after which a practice that nobody ended is deleted. */
export const practiceDays = 30
/** How many invented people have applied, for how many places. */
export const applicants = 40
export const places = 10

/** Why a practice cannot be filled at present, in one sentence. */
export class CannotPractise extends Error {}

/**
 * Starts the practice of a member of staff: a world of their own with invented colleagues and a round that has just
 * closed. They have one at a time: starting it twice is starting it once. Throws CannotPractise.
 */
export async function startPractice(house: House, who: Actor): Promise<void> {
  const now = house.clock.now()
  await inWorld(who.id, () =>
    within(house, { by, for: 'administer the panel' }, async tx => {
      const started = await tx
        .insertInto('practice')
        .values({ world: who.id, started_at: now, ends_on: addDays(londonDate(now), practiceDays), ended_at: null })
        .onConflict(on => on.column('world').doNothing())
        .returning('world')
        .executeTakeFirst()
      if (!started) return
      await inviteColleagues(tx, house)
      await fillRound(tx, house)
      await inWorld(REAL, () => noteOf(tx, house, who, 'practice started', applicants))
    }),
  )
}

/** Notes in the ledger that a practice began or went: an act of the real panel's staff. */
export function noteOf(tx: Tx, house: House, who: Actor, act: string, count: number): Promise<void> {
  const role = who.roles[0] ?? 'officer'
  return record(tx, { actor: who.id, role, purpose: 'administer the panel', act, count, at: house.clock.now() })
}

/** A round that closed yesterday, as if it had been open for four weeks. */
async function fillRound(tx: Tx, house: House): Promise<void> {
  const today = londonDate(house.clock.now())
  const then = { ...house, clock: { now: () => startOfDay(addDays(today, -10)) } }
  const id = await createRound(tx, then, by, {
    name: 'Practice round, invented people',
    opensAt: startOfDay(addDays(today, -29)),
    closesAt: londonInstant(addDays(today, -1), '17:00') ?? startOfDay(today),
    termStartsOn: addMonths(today, 2),
    targetSize: places,
    reserveSize: 4,
    startWords: '',
    rules: usualRules,
    questions,
  })
  const fault = await publish(tx, then, by, id)
  const round = await roundById(tx, id)
  if (fault || !round) throw new CannotPractise(fault ?? 'The practice round could not be made')
  await importApplicants(tx, then, by, round, crowd(applicants, await questionsOf(tx, id), landlords))
}
