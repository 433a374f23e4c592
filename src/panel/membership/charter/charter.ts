import type { FastifyInstance } from 'fastify'
import { mostTerms, termMonths } from '../terms.ts'

/** Which text of the charter members agree to: it rises when the words of `charter.njk` change. */
export const charterVersion = 1

/** How the panel works together, for everyone to read. */
export async function charterRoutes(app: FastifyInstance): Promise<void> {
  app.get('/charter', { config: { may: 'anyone' } }, async (_request, reply) =>
    reply.page('panel/membership/charter/charter.njk', {
      title: 'How the panel works together',
      version: charterVersion,
      years: termMonths / 12,
      most: mostTerms,
    }),
  )
}
