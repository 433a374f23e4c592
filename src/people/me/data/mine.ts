import type { FastifyRequest } from 'fastify'
import type { Tx } from '#src/platform/database/database.ts'
import { notFound } from '#src/platform/web/errors.ts'
import { type House, within } from '#src/promises/house.ts'
import type { Actor } from '#src/promises/notice/actor.ts'
import { may } from '../permissions.ts'

export const resident = { config: { may: may.own } }
export const few = { config: { may: may.own, rateLimit: { max: 20, timeWindow: '1 minute' } } }

/** Who is signed in. */
export function known(request: FastifyRequest): Actor {
  if (!request.actor) throw notFound()
  return request.actor
}

/** Work on one's own record, for one's rights: also while it is set aside. */
export function onMine<T>(house: House, request: FastifyRequest, work: (tx: Tx, by: Actor) => Promise<T>): Promise<T> {
  const by = known(request)
  return within(house, { by, for: 'exercise rights' }, tx => work(tx, by))
}
