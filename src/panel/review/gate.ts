import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { notFound } from '#src/platform/web/errors.ts'
import { type House, within } from '#src/promises/house.ts'
import { applicationOf } from '../recruitment/application.ts'
import { may } from './permissions.ts'
import { note } from './plan.ts'

const asked = z.object({ id: z.uuid().optional().catch(undefined) }).catch({})
const query = z.object({ round: z.uuid().optional().catch(undefined) }).catch({})

/**
 * Whoever has still answers to read in a round does not see whose they are: the pages with identities stay closed to
 * them, until they have read, or say that they give their anonymous reading up.
 */
export function closeIdentities(app: FastifyInstance, house: House): void {
  app.addHook('preHandler', async (request, reply) => {
    const by = request.actor
    if (!by?.roles.includes('reviewer') || !request.routeOptions.url?.startsWith('/staff/applications')) return
    const round = await within(house, { by, for: 'administer the panel' }, async tx => {
      const { id } = asked.parse(request.params ?? {})
      const wanted = id ? (await applicationOf(tx, id))?.roundId : query.parse(request.query ?? {}).round
      const rows = await tx
        .selectFrom('review_reading')
        .select('round_id')
        .distinct()
        .where('staff_id', '=', by.id)
        .where('state', '=', 'open')
        .where('anonymous', '=', true)
        .execute()
      return rows.find(row => !wanted || row.round_id === wanted)?.round_id
    })
    if (!round) return
    await reply.code(403).page('panel/review/closed.njk', { title: 'You are still reading without names', round })
  })

  app.post('/staff/review/:round/identities', { config: { may: may.read } }, async (request, reply) => {
    const by = request.actor
    const params = z.object({ round: z.uuid() }).safeParse(request.params)
    if (!by || !params.success) throw notFound()
    await within(house, { by, for: 'review applications' }, async tx => {
      const changed = await tx
        .updateTable('review_reading')
        .set({ anonymous: false })
        .where('round_id', '=', params.data.round)
        .where('staff_id', '=', by.id)
        .where('state', '=', 'open')
        .executeTakeFirst()
      await note(tx, house, by, 'anonymous reading given up', {
        round: params.data.round,
        readings: Number(changed.numUpdatedRows),
      })
    })
    return reply.redirect(`/staff/applications?round=${params.data.round}`, 303)
  })
}
