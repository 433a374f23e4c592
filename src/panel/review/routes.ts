import type { FastifyInstance } from 'fastify'
import { sayInstant } from '#src/platform/calendar/london.ts'
import type { House } from '#src/promises/house.ts'
import { rounds, stateOf } from '../recruitment/round.ts'
import { atDesk } from '../recruitment/rounds/desk.ts'
import { answerRoutes } from './answer-routes.ts'
import { boardRoutes } from './board-routes.ts'
import { decisionRoutes } from './deciding/routes.ts'
import { type Reviewers, view } from './desk.ts'
import { fileRoutes } from './file-routes.ts'
import { flagRoutes } from './flag-routes.ts'
import { may } from './permissions.ts'
import { readerRoutes } from './reader-routes.ts'
import { resultsRoutes } from './results-routes.ts'
import { sampleRoutes } from './sample-routes.ts'
import { readersOf, reviewOf } from './setup.ts'
import { setupRoutes } from './setup-routes.ts'

/** The anonymous review of a closed round, and the decisions on it. */
export async function reviewRoutes(
  app: FastifyInstance,
  house: House,
  reviewers: Reviewers,
  staff: Reviewers,
): Promise<void> {
  app.get('/staff/review', { config: { may: may.begin } }, async (request, reply) => {
    const shown = await atDesk(house, request, async (tx, by) => {
      const found = []
      for (const round of await rounds(tx)) {
        if (stateOf(round, house.clock.now()) !== 'closed') continue
        const review = await reviewOf(tx, round.id)
        const reads = (await readersOf(tx, round.id)).some(one => one.reader === by.id)
        found.push({ ...round, reads, review, deadline: review && sayInstant(review.deadline) })
      }
      return { rounds: found, isOfficer: by.roles.includes('officer') }
    })
    return reply.page(view('rounds'), { title: 'Review', ...shown })
  })
  await setupRoutes(app, house, reviewers)
  await readerRoutes(app, house)
  await sampleRoutes(app, house)
  await answerRoutes(app, house)
  await boardRoutes(app, house, reviewers)
  await resultsRoutes(app, house)
  await flagRoutes(app, house)
  await decisionRoutes(app, house, staff)
  await fileRoutes(app, house)
}
