import { createRound, publish, type Round, roundById } from '#src/panel/recruitment/round.ts'
import { type RoundPlan, usualRules } from '#src/panel/recruitment/rounds/plan.ts'
import { addDays } from '#src/platform/calendar/dates.ts'
import { londonInstant, startOfDay } from '#src/platform/calendar/london.ts'
import type { Tx } from '#src/platform/database/database.ts'
import type { House } from '#src/promises/house.ts'
import { system } from '#src/promises/notice/actor.ts'

type Plan = Pick<RoundPlan, 'name' | 'termStartsOn' | 'targetSize' | 'reserveSize' | 'questions'>

/** A round of the demo with the usual rules, published; it is open from the start of one day until 5pm on another. */
export async function demoRound(
  tx: Tx,
  house: House,
  { opens, closes, ...plan }: Plan & { opens: string; closes: string },
): Promise<Round> {
  const by = system('demo')
  const id = await createRound(tx, house, by, {
    ...plan,
    opensAt: startOfDay(opens),
    closesAt: londonInstant(closes, '17:00') ?? startOfDay(addDays(closes, 1)),
    startWords: '',
    rules: usualRules,
  })
  const fault = await publish(tx, house, by, id)
  const round = await roundById(tx, id)
  if (fault || !round) throw new Error(fault ?? `${plan.name} was not made.`)
  return round
}
