import type { FastifyInstance } from 'fastify'
import type { House } from '#src/promises/house.ts'
import { outsideRoutes } from './outside-routes.ts'
import { wordsRoutes } from './words/routes.ts'

/** What staff see of letters: every one in the catalogue, and what a person has to post, ring or mend. */
export async function letterRoutes(app: FastifyInstance, house: House): Promise<void> {
  await wordsRoutes(app, house)
  await outsideRoutes(app, house)
}
