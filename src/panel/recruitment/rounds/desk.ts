import type { FastifyRequest } from 'fastify'
import type { Tx } from '#src/platform/database/database.ts'
import { forbidden } from '#src/platform/web/errors.ts'
import { type House, within } from '#src/promises/house.ts'
import type { Actor } from '#src/promises/notice/actor.ts'

/** The member of staff who asks. */
export function staffOf(request: FastifyRequest): Actor {
  if (!request.actor) throw forbidden()
  return request.actor
}

/** Runs `work` in one transaction, by the member of staff who asks, to administer the panel. */
export function atDesk<T>(house: House, request: FastifyRequest, work: (tx: Tx, by: Actor) => Promise<T>): Promise<T> {
  const by = staffOf(request)
  return within(house, { by, for: 'administer the panel' }, tx => work(tx, by))
}

/** What was sent, field by field. */
export function fieldsOf(body: unknown): { [field: string]: unknown } {
  return body && typeof body === 'object' ? Object.fromEntries(Object.entries(body)) : {}
}

/** One text field of what was sent. */
export function textOf(fields: { [field: string]: unknown }, field: string): string {
  const value = fields[field]
  return typeof value === 'string' ? value.trim() : ''
}
