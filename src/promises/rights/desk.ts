import type { FastifyRequest } from 'fastify'
import type { Tx } from '#src/platform/database/database.ts'
import { forbidden, notFound } from '#src/platform/web/errors.ts'
import { type House, within } from '../house.ts'
import type { Actor } from '../notice/actor.ts'
import { type Account, type Case, caseById, type Requester } from './cases.ts'
import type { Correctable } from './corrections.ts'
import { may } from './permissions.ts'

/** What the pages of the data protection desk share. */
export const dpo = { config: { may: may.handleCases } }
export const casesPath = '/staff/protection/cases'
export const crumbs = [
  { text: 'Protection', href: '/staff/protection' },
  { text: 'Requests and complaints', href: casesPath },
]
export const view = (name: string) => `promises/rights/${name}.njk`
export type ById = { Params: { id: string } }

/** The words of a coded answer, by code. */
export type Choices = Partial<Record<Correctable, Readonly<Record<string, string>>>>
export type Standing = 'applicant' | 'member' | 'former member'
/** What rooms of panel life tell the desk. */
export interface Rooms {
  choices?: Choices
  /** A value as the person said it, not as it is kept. */
  said?: (field: string, value: string) => string
  standingOf?: (tx: Tx, record: string) => Promise<Standing>
}

export function staffOf(request: FastifyRequest): Actor {
  if (!request.actor) throw forbidden()
  return request.actor
}

export function atDesk<T>(house: House, request: FastifyRequest, work: (tx: Tx, by: Actor) => Promise<T>): Promise<T> {
  const by = staffOf(request)
  return within(house, { by, for: 'exercise rights' }, tx => work(tx, by))
}

/** A case that is there, with what is sealed in it. */
export async function caseAt(
  tx: Tx,
  house: House,
  by: Actor,
  id: string,
): Promise<{ one: Case; requester: Requester; account: Account }> {
  const found = await caseById(tx, house, by, id)
  if (!found) throw notFound()
  return found
}
