import { Readable } from 'node:stream'
import type { FastifyInstance } from 'fastify'
import { notFound } from '#src/platform/web/errors.ts'
import type { House } from '../house.ts'
import { accessCopy, copyJson } from './copy.ts'
import { atDesk, type ById, caseAt, casesPath, dpo } from './desk.ts'
import { whyWait } from './stands.ts'

/** The copy that a granted request is answered with. */
export async function copyRoutes(app: FastifyInstance, house: House): Promise<void> {
  app.get<ById>(`${casesPath}/:id/copy.json`, dpo, async (request, reply) => {
    const copy = await atDesk(house, request, async (tx, by) => {
      const { one } = await caseAt(tx, house, by, request.params.id)
      if (!one.subject || !one.decision || one.decision === 'refused' || (await whyWait(tx, one))) return undefined
      return accessCopy(tx, house, by, one.subject)
    })
    if (!copy) throw notFound()
    return reply
      .header('content-disposition', 'attachment; filename="copy.json"')
      .type('application/json')
      .send(Readable.from(copyJson(house, copy)))
  })
}
