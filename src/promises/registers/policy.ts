import { z } from 'zod'
import { londonDate } from '#src/platform/calendar/london.ts'
import { policyText } from '../publishing/policy-text.ts'
import { staffNames } from './names.ts'
import type { Register } from './register.ts'

const said = z.array(z.object({ part: z.string(), says: z.string() }))

/** Every appropriate policy document there was, the latest first, part by part as it was approved. */
export const policy: Register = {
  says: 'Appropriate policy document',
  about:
    'What ethnicity and adjustments rest on (DPA 2018 Schedule 1 paragraphs 5 and 38 to 41), with every earlier one',
  head: ['Document', 'Part', 'What it says'],
  rows: async (tx, house, by) => {
    const today = londonDate(house.clock.now())
    const all = await tx.selectFrom('policy_document').selectAll().orderBy('id', 'desc').execute()
    const name = await staffNames(
      tx,
      house,
      by,
      all.map(one => one.approved_by),
    )
    return all.flatMap((one, at) => {
      const document = `Document ${one.id}`
      const state = one.withdrawn_at
        ? `Withdrawn on ${londonDate(one.withdrawn_at)}`
        : at > 0
          ? 'Followed by a later one'
          : one.review_by < today
            ? 'Lapsed: collecting and counting special data has stopped'
            : 'In force'
      const approved = `${londonDate(one.approved_at)} by ${name(one.approved_by)}; review by ${one.review_by}`
      const parts = said.safeParse(one.said)
      const text = parts.success ? parts.data : policyText(one)
      return [
        [document, 'State', state],
        [document, 'Approved', approved],
        ...text.map(part => [document, part.part, part.says]),
      ]
    })
  },
}
