import type { FastifyInstance, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { sayInstant } from '#src/platform/calendar/london.ts'
import type { Tx } from '#src/platform/database/database.ts'
import { notFound } from '#src/platform/web/errors.ts'
import { type House, within } from '#src/promises/house.ts'
import type { Actor } from '#src/promises/notice/actor.ts'
import { markDelivered, postedLately, putBack, tryAgain } from './delivered.ts'
import { countOutside, waitingOutside } from './outside.ts'
import { may } from './permissions.ts'

/** How many are shown at once, and how many are printed in one batch. */
const SHOWN = 25
const BATCH = 100

const officer = { config: { may: may.postAndRing } }
const idParam = z.object({ id: z.uuid().catch('') })
const batch = z.object({ letter: z.union([z.array(z.uuid()), z.uuid().transform(one => [one])]).catch([]) })
const returned = z.object({ at: z.coerce.date() })
const notices = z.object({ posted: z.coerce.number().int().optional().catch(undefined) })

/** Letters and calls: what a person delivers, in batches that are printed and marked as posted in one press. */
export async function outsideRoutes(app: FastifyInstance, house: House): Promise<void> {
  const atDesk = <T>(request: FastifyRequest, work: (tx: Tx, by: Actor) => Promise<T>) => {
    const by = request.actor
    if (!by) throw notFound()
    return within(house, { by, for: 'administer the panel' }, tx => work(tx, by))
  }

  app.get('/staff/letters', officer, async (request, reply) => {
    const shown = await atDesk(request, async (tx, by) => ({
      counts: await countOutside(tx),
      post: await waitingOutside(tx, house, by, 'post', SHOWN),
      calls: await waitingOutside(tx, house, by, 'call', SHOWN),
      stuck: await waitingOutside(tx, house, by, 'stuck', SHOWN),
      lately: (await postedLately(tx, house)).map(one => ({
        count: one.count,
        at: one.at.toISOString(),
        when: sayInstant(one.at),
      })),
    }))
    const { posted } = notices.parse(request.query)
    return reply.page('panel/correspondence/batch.njk', {
      title: 'Letters and calls',
      ...shown,
      batch: Math.min(BATCH, shown.counts.post),
      notice:
        posted === undefined ? undefined : `${posted} ${posted === 1 ? 'letter is' : 'letters are'} marked as posted.`,
    })
  })

  app.get('/staff/letters/print', officer, async (request, reply) => {
    const letters = await atDesk(request, (tx, by) => waitingOutside(tx, house, by, 'post', BATCH))
    return reply.page('panel/correspondence/print.njk', { title: 'Letters to post', letters, back: '/staff/letters' })
  })

  app.post('/staff/letters/postings', officer, async (request, reply) => {
    const { letter } = batch.parse(request.body)
    const count = await atDesk(request, (tx, by) => markDelivered(tx, house, by, letter))
    return reply.redirect(`/staff/letters?posted=${count}`, 303)
  })

  app.post('/staff/letters/returns', officer, async (request, reply) => {
    const form = returned.safeParse(request.body)
    if (form.success) await atDesk(request, (tx, by) => putBack(tx, house, by, form.data.at))
    return reply.redirect('/staff/letters', 303)
  })

  app.post('/staff/letters/:id/done', officer, async (request, reply) => {
    const { id } = idParam.parse(request.params)
    const done = await atDesk(request, (tx, by) => markDelivered(tx, house, by, id ? [id] : []))
    if (!done) throw notFound()
    return reply.redirect('/staff/letters', 303)
  })

  app.post('/staff/letters/:id/another-try', officer, async (request, reply) => {
    const { id } = idParam.parse(request.params)
    if (!id || !(await atDesk(request, (tx, by) => tryAgain(tx, house, by, id)))) throw notFound()
    return reply.redirect('/staff/letters', 303)
  })
}
