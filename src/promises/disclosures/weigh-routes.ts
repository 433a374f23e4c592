import type { FastifyInstance, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { atDesk } from '../rights/desk.ts'
import { basis } from './basis.ts'
import { refuseDisclosure } from './decide.ts'
import {
  attempt,
  type ById,
  checkId,
  type Desk,
  desk,
  dpo,
  prejudiceFields,
  prose5000,
  switchedOffIn,
  ticked,
} from './desk.ts'
import { disclosurePage } from './page.ts'
import { weigh } from './weigh.ts'

const weighing = prejudiceFields.extend({
  identity: prose5000,
  gateway: z.string().catch(''),
  gatewayWords: prose5000,
  lawfulBasis: z.string().catch(''),
  needed: prose5000,
  fields: ticked,
  less: z.string().catch(''),
})
const refusing = prejudiceFields.extend({ ground: z.string().catch(''), reasons: prose5000 })

/** The two forms that a decision rests on: what is weighed, and a refusal with its ground. */
export async function weighRoutes(app: FastifyInstance, { house }: Desk): Promise<void> {
  const showWeighing = disclosurePage(house, 'weighing', 'weigh it')
  app.get<ById>(`${desk}/:id/weighing`, dpo, (request, reply) => showWeighing(request, reply, request.params.id))
  app.post<ById>(`${desk}/:id/weighing`, dpo, async (request, reply) => {
    const { id } = request.params
    checkId(id)
    const fields = weighing.parse(request.body ?? {})
    const found = {
      ...fields,
      lessWeighed: fields.less === 'yes',
      switchedOff: switchedOffIn(fields),
      basis: basis.parse({ ...bodyOf(request), why: fields.needed }),
    }
    const again = (refusal: object) => showWeighing(request, reply.code(422), id, { values: request.body, ...refusal })
    const done = await attempt(async () => {
      await atDesk(house, request, (tx, by) => weigh(tx, house, by, id, found))
      return true
    }, again)
    return done ? reply.redirect(`${desk}/${id}`, 303) : reply
  })

  const showRefusal = disclosurePage(house, 'refusal', 'refuse it')
  app.get<ById>(`${desk}/:id/refusal`, dpo, (request, reply) => showRefusal(request, reply, request.params.id))
  app.post<ById>(`${desk}/:id/refusal`, dpo, async (request, reply) => {
    const { id } = request.params
    checkId(id)
    const fields = refusing.parse(request.body ?? {})
    const said = { ground: fields.ground, reasons: fields.reasons, switchedOff: switchedOffIn(fields) }
    const again = (refusal: object) => showRefusal(request, reply.code(422), id, { values: request.body, ...refusal })
    const done = await attempt(async () => {
      await atDesk(house, request, (tx, by) => refuseDisclosure(tx, house, by, id, said))
      return true
    }, again)
    return done ? reply.redirect(`${desk}/${id}`, 303) : reply
  })
}

function bodyOf(request: FastifyRequest): object {
  return z.looseObject({}).catch({}).parse(request.body)
}
