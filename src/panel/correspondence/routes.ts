import type { FastifyInstance } from 'fastify'
import type { House } from '#src/promises/house.ts'
import { type LetterName, letters, writeLetter } from './letters.ts'
import { outsideRoutes } from './outside-routes.ts'
import { may } from './permissions.ts'

/** What staff see of letters: every one in the catalogue, and what a person has to post, ring or mend. */
export async function letterRoutes(app: FastifyInstance, house: House): Promise<void> {
  const names = Object.keys(letters) as LetterName[] // the checked edge: the keys of a const

  app.get('/staff/settings/letters', { config: { may: may.readCatalogue } }, async (_request, reply) =>
    reply.page('panel/correspondence/catalogue.njk', {
      title: 'Letters',
      back: '/staff/settings',
      letters: names.map(name => ({
        ...writeLetter(name, { ...letters[name].example, name: 'Amina Okafor' }),
        name,
        version: letters[name].version,
      })),
    }),
  )
  await outsideRoutes(app, house)
}
