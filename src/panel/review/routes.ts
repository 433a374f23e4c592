import type { FastifyInstance } from 'fastify'
import type { House } from '#src/promises/house.ts'
import type { StepsOf } from '../recruitment/rounds/steps.ts'
import { answerRoutes } from './answer-routes.ts'
import { boardRoutes } from './board-routes.ts'
import { decisionRoutes } from './deciding/routes.ts'
import type { Reviewers } from './desk.ts'
import { fileRoutes } from './file-routes.ts'
import { flagRoutes } from './flag-routes.ts'
import { landingRoutes } from './landing-routes.ts'
import { readerRoutes } from './reader-routes.ts'
import { resultsRoutes } from './results-routes.ts'
import { sampleRoutes } from './sample-routes.ts'
import { sampleWordsRoutes } from './sample-words-routes.ts'
import { setupRoutes } from './setup-routes.ts'

/** The anonymous review of a closed round, and the decisions on it. */
export async function reviewRoutes(
  app: FastifyInstance,
  house: House,
  reviewers: Reviewers,
  staff: Reviewers,
  steps: StepsOf,
): Promise<void> {
  await landingRoutes(app, house, steps)
  await setupRoutes(app, house, reviewers)
  await readerRoutes(app, house)
  await sampleRoutes(app, house)
  await sampleWordsRoutes(app, house)
  await answerRoutes(app, house)
  await boardRoutes(app, house, reviewers)
  await resultsRoutes(app, house)
  await flagRoutes(app, house)
  await decisionRoutes(app, house, staff)
  await fileRoutes(app, house)
}
