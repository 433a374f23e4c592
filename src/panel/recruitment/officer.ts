import type { FastifyInstance } from 'fastify'
import type { House } from '#src/promises/house.ts'
import { entryRoutes } from './entry/routes.ts'
import { exportRoutes } from './export/routes.ts'
import { importRoutes } from './import/routes.ts'
import { landlordRoutes } from './landlords/routes.ts'
import { applicationRoutes, type PlaceOf } from './list/application-routes.ts'
import { duplicateRoutes } from './list/duplicate-routes.ts'
import { listRoutes } from './list/routes.ts'
import { roundRoutes } from './rounds/routes.ts'
import type { StepsOf } from './rounds/steps.ts'

/** The officer's side of recruitment. */
export async function officerRoutes(
  app: FastifyInstance,
  house: House,
  stepsOf?: StepsOf,
  placeOf?: PlaceOf,
): Promise<void> {
  await roundRoutes(app, house, stepsOf)
  await landlordRoutes(app, house)
  await entryRoutes(app, house)
  await exportRoutes(app, house)
  await importRoutes(app, house)
  await duplicateRoutes(app, house)
  await listRoutes(app, house)
  await applicationRoutes(app, house, placeOf)
}
