import type { FastifyInstance, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { forbidden } from '#src/platform/web/errors.ts'
import { type House, within } from '#src/promises/house.ts'
import { system } from '#src/promises/notice/actor.ts'
import { applicationOf } from '../recruitment/application.ts'
import { fieldsOf, textOf } from '../recruitment/rounds/desk.ts'
import { readingBlind } from './running.ts'

/**
 * Says why, where someone who still has answers to read asks for identities or results of that round. The database
 * hides them in any case (see blind_while_reading).
 */
export function hangBlindness(app: FastifyInstance, house: House): void {
  app.addHook('preHandler', async request => {
    const route = request.routeOptions.url ?? ''
    if (!request.actor?.roles.includes('reviewer') || !hides(route)) return
    const blind = await readingBlind(house, request.actor)
    if (!blind.length) return
    const asked = await roundAsked(house, request)
    const hit = blind.find(one => !asked || one.round === asked)
    if (hit)
      throw forbidden(
        `You still have answers to read in ${hit.name}, so you cannot see whose they are. Read them first, or go to Review and say why you look now.`,
      )
  })
}

function hides(route: string): boolean {
  if (/^\/staff\/(applications|members\/contacts|concerns\/about)/.test(route)) return true
  return /^\/staff\/review\/:round\/(results|flags|decisions|file)/.test(route)
}

/** Which round the address names; undefined where it names none. */
async function roundAsked(house: House, request: FastifyRequest): Promise<string | undefined> {
  const params = fieldsOf(request.params)
  const named = textOf(params, 'round') || textOf(fieldsOf(request.query), 'round')
  if (z.uuid().safeParse(named).success) return named
  const id = textOf(params, 'id')
  if (!z.uuid().safeParse(id).success) return undefined
  const by = system('review')
  return within(house, { by, for: 'administer the panel' }, async tx => (await applicationOf(tx, id))?.roundId)
}
