import { createRound, publish } from '#src/panel/recruitment/round.ts'
import { type RoundPlan, usualRules } from '#src/panel/recruitment/rounds/plan.ts'
import { type House, within } from '#src/promises/house.ts'
import type { TestClock } from '#test/house.ts'
import { grace, noticeNow, policyInForce } from './settled.ts'

/** A round of January 2027 as an officer plans it. */
export function plan(more: Partial<RoundPlan> = {}): RoundPlan {
  return {
    name: 'Resident Panel 2027',
    opensAt: new Date('2027-01-04T09:00:00Z'),
    closesAt: new Date('2027-01-29T17:00:00Z'),
    termStartsOn: '2027-04-01',
    targetSize: 100,
    reserveSize: 20,
    rules: usualRules,
    startWords: 'Help us do better.',
    questions: [{ title: 'What would you bring to the panel?', hint: '', mostCharacters: 1500 }],
    ...more,
  }
}

/** A published round that is open on 11 January 2027, which it becomes. Returns its id. */
export async function openRoundNow(
  house: House & { clock: TestClock },
  more: Partial<RoundPlan> = {},
): Promise<string> {
  await noticeNow(house)
  await policyInForce(house)
  const id = await within(house, { by: grace, for: 'administer the panel' }, async tx => {
    const made = await createRound(tx, house, grace, plan(more))
    const why = await publish(tx, house, grace, made)
    if (why) throw new Error(why)
    return made
  })
  house.clock.set('2027-01-11T09:00:00Z')
  return id
}
