import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { notFound } from '#src/platform/web/errors.ts'
import { type Refusal, refuse } from '#src/platform/web/form.ts'
import { pageOf, pagination } from '#src/platform/web/paging.ts'
import type { House } from '#src/promises/house.ts'
import { erase } from '#src/promises/retention/erase.ts'
import { may } from '../permissions.ts'
import { rounds } from '../round.ts'
import { atDesk, fieldsOf, staffOf, textOf } from '../rounds/desk.ts'
import { likelyDuplicates, MOST_APART, merge, tellApart } from './duplicates.ts'
import { roundInHand, rowsOf } from './routes.ts'

const officer = { config: { may: may.readApplications } }
const page = { title: 'Likely duplicates', crumbs: [{ text: 'Applications', href: '/staff/applications' }], wide: true }
const path = '/staff/applications/duplicates'

/** What an officer said of one group, or what is wrong with it. */
interface Said {
  group: string
  keep: string
  same: string[]
  refusal: Refusal
}

/**
 * Applications that may be one person's, ten groups a page: an officer keeps one and says which of the others are the
 * same person's, which are erased; or says that they are different people.
 */
export async function duplicateRoutes(app: FastifyInstance, house: House): Promise<void> {
  const show = async (request: FastifyRequest, reply: FastifyReply, query: unknown, said?: Said) => {
    const fields = fieldsOf(query)
    const at = pageOf(query, 10)
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
      const groups = here.map(({ ids, because }) => ({
        because,
        id: ids[0],
        rows: rows.filter(row => ids.includes(row.id)),
        apart: ids.length <= MOST_APART,
        ...(said && ids.includes(said.group) ? { keep: said.keep, same: said.same, error: said.refusal.error } : {}),
      }))
      return { round, groups, total: likely.length }
    })
    const href = (number: number) => `${path}?round=${found.round.id}&page=${number}`
    const notice =
      'merged' in fields
        ? 'One application is kept, and its person is told. What was the same person’s is erased.'
        : 'apart' in fields
          ? 'They are noted as different people, and are not shown together again.'
          : undefined
    return reply.page('panel/recruitment/list/duplicates.njk', {
      ...page,
      ...found,
      notice,
      errors: said?.refusal.errors,
      number: at.number,
      pages: pagination(at, found.total, href),
    })
  }

  app.get(path, officer, (request, reply) => show(request, reply, request.query))

  app.post(path, officer, async (request, reply) => {
    const fields = fieldsOf(request.body)
    const [round, keep, group] = [textOf(fields, 'round'), textOf(fields, 'keep'), textOf(fields, 'group')]
    const back = `${path}?${new URLSearchParams({ round, page: String(pageOf(fields, 10).number) })}`
    if (textOf(fields, 'verdict') === 'different') {
      if (!(await atDesk(house, request, (tx, by) => tellApart(tx, house, by, { round, group })))) throw notFound()
      return reply.redirect(`${back}&apart`, 303)
    }
    const same = [fields.same ?? []].flat().map(String)
    const again = (refusal: Refusal) => show(request, reply.code(422), fields, { group, keep, same, refusal })
    if (!keep) return again(refuse({ [`keep-${group}`]: 'Select the application to keep' }))
    if (!same.some(id => id !== keep))
      return again(refuse({ [`same-${group}`]: 'Select which of the others are the same person’s' }))
    const others = await atDesk(house, request, (tx, by) => merge(tx, house, by, { round, keep, same }))
    if (!others) throw notFound()
    await erase(house.reach, staffOf(request), others, 'merged')
    return reply.redirect(`${back}&merged`, 303)
  })
}
