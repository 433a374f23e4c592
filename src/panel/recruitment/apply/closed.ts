import type { FastifyReply } from 'fastify'
import { sayInstant } from '#src/platform/calendar/london.ts'
import { type House, within } from '#src/promises/house.ts'
import { system } from '#src/promises/notice/actor.ts'
import { endOf, rounds } from '../round.ts'

/** Says that nobody can apply now, when the next round opens, and why one closed earlier than it was announced. */
export async function showClosed(house: House, reply: FastifyReply): Promise<unknown> {
  const now = house.clock.now()
  const published = await within(house, { by: system('recruitment'), for: 'administer the panel' }, async tx =>
    (await rounds(tx)).filter(round => round.publishedAt),
  )
  const next = published.findLast(round => round.opensAt > now)
  const early = published.find(round => round.closedEarlyAt && round.opensAt <= now && round.closesAt > now)
  return reply.page('panel/recruitment/apply/closed.njk', {
    title: 'Applications are closed',
    opens: next && sayInstant(next.opensAt),
    early: early && { name: early.name, at: sayInstant(endOf(early)), because: early.closedEarlyBecause },
  })
}
