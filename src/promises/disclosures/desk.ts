import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { notFound } from '#src/platform/web/errors.ts'
import { clean, refuse } from '#src/platform/web/form.ts'
import type { House } from '../house.ts'
import type { WriteToRequester } from '../rights/cases.ts'
import { NotYet } from './disclosure.ts'
import { may } from './permissions.ts'
import { rightsOf, type SwitchableRight, type SwitchedOff, switchableRights } from './prejudice.ts'

/** What the pages of the desk for requests of others share. */
export const dpo = { config: { may: may.handleDisclosures } }
export const desk = '/staff/protection/disclosures'
export const crumbs = [
  { text: 'Protection', href: '/staff/protection' },
  { text: 'Requests of others', href: desk },
]
export const view = (name: string) => `promises/disclosures/${name}.njk`
export type ById = { Params: { id: string } }

/** What each group of routes is given. */
export interface Desk {
  house: House
  write: WriteToRequester
  show: ShowDisclosure
}
export type ShowDisclosure = (
  request: FastifyRequest,
  reply: FastifyReply,
  id: string,
  more?: object,
) => Promise<unknown>

export const items = (words: Readonly<Record<string, string>>) =>
  Object.entries(words).map(([value, text]) => ({ value, text }))

export const ticked = z.union([z.array(z.string()), z.string().transform(one => [one])]).catch([])
export const prose5000 = z
  .string()
  .transform(text => clean(text).slice(0, 5000))
  .catch('')

/** The prejudice test as it is typed: what is ticked, why, and that it was asked of each right. */
export const prejudiceFields = z.object({
  asked: z.string().catch(''),
  off: ticked,
  toldWhy: prose5000,
  logWhy: prose5000,
})

/** The answer to the prejudice test; undefined as long as nobody says that it was asked. */
export function switchedOffIn({
  asked,
  off,
  toldWhy,
  logWhy,
}: z.output<typeof prejudiceFields>): SwitchedOff | undefined {
  if (asked !== 'yes') return undefined
  return Object.fromEntries(rightsOf(off).map(right => [right, { told: toldWhy, log: logWhy }[right]]))
}

const rightNames = ['told', 'log'] as const satisfies readonly SwitchableRight[]
export const rightItems = rightNames.map(value => ({ value, text: switchableRights[value] }))

/** Does a step; what stands in its way is said at its place, by showing the page again. */
export async function attempt<T>(
  work: () => Promise<T>,
  again: (refusal: object) => Promise<unknown>,
): Promise<T | undefined> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof NotYet)) throw error
    await again(refuse(error.wrong))
    return undefined
  }
}

export function checkId(id: string): void {
  if (!z.uuid().safeParse(id).success) throw notFound()
}
