import { randomUUID } from 'node:crypto'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { notFound } from '#src/platform/web/errors.ts'
import { read } from '#src/platform/web/form.ts'
import { type House, within } from '#src/promises/house.ts'
import { raise } from '../membership/concerns/concerns.ts'
import { leadOf, type Officers } from '../membership/concerns/lead.ts'
import { worryForm } from '../membership/concerns/routes.ts'
import { fieldsOf, staffOf } from '../recruitment/rounds/desk.ts'
import { reviewer } from './desk.ts'

type ByReading = { Params: { reading: string } }

/** A reviewer is worried about whoever wrote an answer: the lead learns who it is, and the reviewer does not. */
export async function readerConcernRoutes(app: FastifyInstance, house: House, officers: Officers): Promise<void> {
  /** A reading of one's own: also one that is finished, handed on, or whose time is over. */
  const ownReading = (request: FastifyRequest<ByReading>) =>
    within(house, { by: staffOf(request), for: 'review applications' }, async tx => {
      const { reading } = request.params
      const row = z.uuid().safeParse(reading).success
        ? await tx
            .selectFrom('review_reading')
            .selectAll()
            .where('id', '=', reading)
            .where('reader', '=', staffOf(request).id)
            .executeTakeFirst()
        : undefined
      if (!row) throw notFound()
      return { row, lead: await leadOf(tx, house, officers) }
    })
  const show = async (request: FastifyRequest<ByReading>, reply: FastifyReply, more: object = {}) => {
    const { row, lead } = await ownReading(request)
    return reply.page('panel/membership/concerns/worry.njk', {
      title: 'I am worried about this person',
      back: `/staff/review/readings/${row.id}`,
      action: `/staff/review/readings/${row.id}/concern`,
      once: randomUUID(),
      lead: lead?.name,
      blind: true,
      values: {},
      ...more,
    })
  }
  app.get<ByReading>('/staff/review/readings/:reading/concern', reviewer, (request, reply) => show(request, reply))
  app.post<ByReading>('/staff/review/readings/:reading/concern', reviewer, async (request, reply) => {
    const sent = read(worryForm, request.body)
    if (!sent.ok) return show(request, reply.code(422), { values: fieldsOf(request.body), ...sent })
    const { row } = await ownReading(request)
    const { once, words } = sent.answer
    const raised = await raise(house, staffOf(request), row.dossier_id, { id: once, words }, officers)
    if (!raised) throw notFound()
    return reply.page('panel/membership/concerns/told.njk', {
      title: 'Thank you for telling us',
      back: `/staff/review/${row.round_id}/reading`,
      told: raised.told,
    })
  })
}
