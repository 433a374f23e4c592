import { londonDate } from '#src/platform/calendar/london.ts'
import { type House, within } from '#src/promises/house.ts'
import type { Actor } from '#src/promises/notice/actor.ts'
import { activate, approve, draftInHand } from '#src/promises/publishing/version.ts'
import type { TestClock } from '#test/house.ts'

export const grace: Actor = { id: 'b5a1c9f2-0000-4000-8000-000000000001', roles: ['officer'], own: [] }
export const omar: Actor = { id: 'b5a1c9f2-0000-4000-8000-000000000002', roles: ['officer'], own: [] }
export const dorothy: Actor = { id: 'b5a1c9f2-0000-4000-8000-000000000003', roles: ['dpo'], own: [] }

/** Puts a policy document in force, with or without a condition for adjustments. */
export async function policyInForce(house: House, condition: string | null = 'Schedule 1 paragraph 1'): Promise<void> {
  const document = {
    approved_at: house.clock.now(),
    approved_by: dorothy.id,
    review_by: '2028-01-01',
    adjustments_condition: condition,
    lapse_ground: null,
    withdrawn_at: null,
  }
  await within(house, { by: dorothy, for: 'administer the panel' }, tx =>
    tx.insertInto('policy_document').values(document).execute(),
  )
}

/** Puts the first notice in force. */
export async function noticeNow(house: House & { clock: TestClock }): Promise<void> {
  await within(house, { by: dorothy, for: 'administer the panel' }, async tx => {
    const draft = await draftInHand(tx, house, dorothy)
    const why = await approve(tx, house, dorothy, draft, londonDate(house.clock.now()))
    if (why) throw new Error(why)
    await activate(tx, house, dorothy)
  })
}
