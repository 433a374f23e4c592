import type { FastifyInstance } from 'fastify'
import { sayInstant } from '#src/platform/calendar/london.ts'
import type { Tx } from '#src/platform/database/database.ts'
import type { House } from '#src/promises/house.ts'
import { endOf, type Round, rounds, stateOf } from '../recruitment/round.ts'
import { atDesk } from '../recruitment/rounds/desk.ts'
import { type StepsOf, taskList } from '../recruitment/rounds/steps.ts'
import { view } from './desk.ts'
import { may } from './permissions.ts'
import { readersOf, reviewOf } from './setup.ts'
import { ownReadings, sayOwn } from './standing.ts'

/** Where every round stands: to officers its steps and what is next, to reviewers what they have to do in it. */
export async function landingRoutes(app: FastifyInstance, house: House, steps: StepsOf): Promise<void> {
  app.get('/staff/review', { config: { may: may.begin } }, async (request, reply) => {
    const now = house.clock.now()
    const shown = await atDesk(house, request, async (tx, by) => {
      const isOfficer = by.roles.includes('officer')
      const all = await rounds(tx)
      const own = new Map((await ownReadings(tx, by.id)).map(one => [one.round, one]))
      const closed = []
      for (const round of all.filter(one => stateOf(one, now) === 'closed')) {
        const review = await reviewOf(tx, round.id)
        const reads = (await readersOf(tx, round.id)).some(one => one.reader === by.id)
        if (!isOfficer && !reads) continue
        const mine = own.get(round.id)
        closed.push({
          id: round.id,
          name: round.name,
          reads,
          mine: mine && sayOwn(mine),
          review: Boolean(review),
          opened: Boolean(review?.opened_at),
          ...(isOfficer ? await wayOf(tx, round, now, steps) : { tasks: [], next: undefined, over: false }),
        })
      }
      const open = all.filter(one => stateOf(one, now) === 'open')
      return { isOfficer, closed, open }
    })
    return reply.page(view('rounds'), {
      title: 'Review',
      isOfficer: shown.isOfficer,
      rounds: shown.closed.filter(one => !one.over),
      over: shown.closed.filter(one => one.over),
      open: shown.open.map(one => ({ name: one.name, ends: sayInstant(endOf(one)) })),
    })
  })
}

/** The steps of a round from its review on, the one that waits for an officer, and whether all are behind it. */
async function wayOf(tx: Tx, round: Round, now: Date, steps: StepsOf) {
  const way = (await steps(tx, round, now)).slice(1)
  const waits = way.find(one => one.state === 'now')
  return {
    tasks: taskList(way),
    next: waits && { title: waits.title, href: waits.href, says: waits.says },
    over: way.every(one => one.state === 'done'),
  }
}
