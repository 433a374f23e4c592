import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { londonDate, sayDate } from '#src/platform/calendar/london.ts'
import type { House } from '../house.ts'
import type { WriteToRequester } from '../rights/cases.ts'
import { atDesk } from '../rights/desk.ts'
import { crumbs, desk, dpo, view } from './desk.ts'
import { entryRoutes } from './entry-routes.ts'
import { disclosureTypes } from './kinds.ts'
import { letterRoutes } from './letter-routes.ts'
import { isLate, sayNext } from './next.ts'
import { closedDisclosures, openDisclosures } from './open.ts'
import { disclosurePage } from './page.ts'
import { stepRoutes } from './step-routes.ts'
import { takeRoutes } from './take-routes.ts'
import { weighRoutes } from './weigh-routes.ts'

const pageSize = 100

/** The desk for requests of others: weighed, decided, looked at by a second person, given once; refusing is a full answer. */
export async function disclosureRoutes(app: FastifyInstance, house: House, write: WriteToRequester): Promise<void> {
  app.get(desk, dpo, async (request, reply) => {
    const { closed } = z
      .object({ closed: z.coerce.number().int().min(1).optional().catch(undefined) })
      .parse(request.query)
    const rows = await atDesk(house, request, tx =>
      closed === undefined
        ? openDisclosures(tx)
        : closedDisclosures(tx, { from: (closed - 1) * pageSize, most: pageSize + 1 }),
    )
    const now = house.clock.now()
    return reply.page(view('list'), {
      title: closed === undefined ? 'Requests of others' : 'Closed requests of others',
      crumbs: closed === undefined ? crumbs.slice(0, 1) : crumbs,
      wide: true,
      closed,
      more: closed !== undefined && rows.length > pageSize,
      rows: rows.slice(0, closed === undefined ? rows.length : pageSize).map(one => ({
        id: one.dossier_id,
        reference: one.reference,
        says: disclosureTypes[one.type].says,
        emergency: one.is_emergency,
        asked: sayDate(londonDate(one.asked_at)),
        day: sayDate(one.closed_at ? londonDate(one.closed_at) : one.answer_by),
        late: isLate(one, now),
        next: sayNext(one, now),
      })),
    })
  })
  const show = disclosurePage(house)
  const shared = { house, write, show }
  await entryRoutes(app, shared)
  await stepRoutes(app, shared)
  await weighRoutes(app, shared)
  await letterRoutes(app, shared)
  await takeRoutes(app, house)
}
