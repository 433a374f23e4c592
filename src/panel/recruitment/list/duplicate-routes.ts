import type { FastifyInstance } from 'fastify'
import { notFound } from '#src/platform/web/errors.ts'
import { refuse } from '#src/platform/web/form.ts'
import { pageOf, pagination } from '#src/platform/web/paging.ts'
import type { House } from '#src/promises/house.ts'
import { erase } from '#src/promises/retention/erase.ts'
import { may } from '../permissions.ts'
import { rounds } from '../round.ts'
import { atDesk, fieldsOf, staffOf, textOf } from '../rounds/desk.ts'
import { likelyDuplicates, merge } from './duplicates.ts'
import { roundInHand, rowsOf } from './routes.ts'

const officer = { config: { may: may.readApplications } }
const page = { title: 'Likely duplicates', crumbs: [{ text: 'Applications', href: '/staff/applications' }], wide: true }

/** Applications that may be one person's, ten groups a page; an officer keeps one, and the others are erased. */
export async function duplicateRoutes(app: FastifyInstance, house: House): Promise<void> {
  const view = 'panel/recruitment/list/duplicates.njk'

  app.get('/staff/applications/duplicates', officer, async (request, reply) => {
    const fields = fieldsOf(request.query)
    const at = pageOf(request.query, 10)
    const found = await atDesk(house, request, async (tx, by) => {
      const published = (await rounds(tx)).filter(round => round.publishedAt)
      const round = await roundInHand(tx, house, textOf(fields, 'round'), published)
      if (!round) throw notFound()
      const likely = await likelyDuplicates(tx, house, by, round.id)
      const here = likely.slice(at.from, at.from + at.size)
      const rows = await rowsOf(
        tx,
        house,
        by,
        here.flatMap(group => group.ids),
      )
      const groups = here.map(({ ids, because }) => ({ because, rows: rows.filter(row => ids.includes(row.id)) }))
      return { round, groups, total: likely.length }
    })
    const href = (number: number) => `/staff/applications/duplicates?round=${found.round.id}&page=${number}`
    const merged = 'merged' in fields ? { notice: 'One application is kept. The others are erased.' } : {}
    const wrong = 'choose' in fields ? refuse({ keep0: 'Select the application to keep' }) : {}
    return reply.page(view, { ...page, ...found, ...merged, ...wrong, pages: pagination(at, found.total, href) })
  })

  app.post('/staff/applications/duplicates', officer, async (request, reply) => {
    const fields = fieldsOf(request.body)
    const [round, keep] = [textOf(fields, 'round'), textOf(fields, 'keep')]
    const back = `/staff/applications/duplicates?round=${encodeURIComponent(round)}`
    if (!keep) return reply.redirect(`${back}&choose`, 303)
    const others = await atDesk(house, request, async (tx, by) => {
      const published = (await rounds(tx)).filter(one => one.publishedAt && one.id === round)
      return published.length ? merge(tx, house, by, { round, keep }) : undefined
    })
    if (!others) throw notFound()
    await erase(house.reach, staffOf(request), others, 'merged')
    return reply.redirect(`${back}&merged`, 303)
  })
}
