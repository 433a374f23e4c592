import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { isDate } from '#src/platform/calendar/dates.ts'
import { londonDate, sayDate } from '#src/platform/calendar/london.ts'
import type { Tx } from '#src/platform/database/database.ts'
import { csv } from '#src/platform/web/csv.ts'
import { forbidden, notFound } from '#src/platform/web/errors.ts'
import { email, read, refuse } from '#src/platform/web/form.ts'
import { type House, within } from '../house.ts'
import type { Actor } from '../notice/actor.ts'
import { hold, liftHold, liftRestriction } from '../retention/brakes.ts'
import { may } from './permissions.ts'
import { registers } from './registers.ts'

const dpo = { config: { may: may.keepRegisters } }
const back = '/staff/protection'
const grounds = { 'legal matter': 'A legal matter', 'rights request': 'An open rights request' } as const
const placing = z.object({
  address: email,
  ground: z.enum(['legal matter', 'rights request'], 'Select the ground'),
  review: z.string().refine(isDate, 'Enter the date to look again, like 2027-02-12'),
})
const lifting = z.object({ dossier: z.uuid(), ground: z.enum(['legal matter', 'restriction', 'rights request']) })
type ByName = { Params: { name: string } }

/** The registers of the data protection desk, each as a page and as a file, and the page that places and lifts holds. */
export async function registerRoutes(app: FastifyInstance, house: House): Promise<void> {
  app.get('/staff/protection/registers', dpo, async (_request, reply) =>
    reply.page('promises/registers/list.njk', {
      title: 'Registers',
      back,
      registers: Object.entries(registers).map(([name, { says, about }]) => ({ name, says, about })),
    }),
  )
  app.get<ByName>('/staff/protection/registers/:name', dpo, async (request, reply) => {
    const [name = '', ending] = request.params.name.split('.')
    const register = Object.hasOwn(registers, name) ? registers[name] : undefined
    if (!register || (ending !== undefined && ending !== 'csv')) throw notFound()
    const rows = await atDesk(house, request, (tx, by) => register.rows(tx, house, by))
    if (ending)
      return reply
        .header('content-disposition', `attachment; filename="${name}.csv"`)
        .type('text/csv; charset=utf-8')
        .send(csv(register.head, rows))
    return reply.page('promises/registers/register.njk', {
      title: register.says,
      crumbs: [
        { text: 'Protection', href: back },
        { text: 'Registers', href: '/staff/protection/registers' },
      ],
      wide: true,
      name,
      about: register.about,
      head: register.head,
      rows,
    })
  })

  const showHolds = async (request: FastifyRequest, reply: FastifyReply, more: object = {}) => {
    const today = londonDate(house.clock.now())
    const rows = await atDesk(house, request, tx =>
      tx.selectFrom('hold').selectAll().where('lifted_at', 'is', null).orderBy('review_on').execute(),
    )
    return reply.page('promises/registers/holds.njk', {
      title: 'Holds',
      back,
      grounds: Object.entries(grounds).map(([value, text]) => ({ value, text })),
      rows: rows.map(row => ({
        ...row,
        placed: sayDate(londonDate(row.placed_at)),
        review: sayDate(row.review_on),
        late: row.review_on < today,
      })),
      values: {},
      ...more,
    })
  }
  app.get('/staff/protection/holds', dpo, (request, reply) => showHolds(request, reply))
  app.post('/staff/protection/holds', dpo, async (request, reply) => {
    const form = read(placing, request.body)
    if (!form.ok) return showHolds(request, reply.code(422), { values: request.body, ...form })
    const { address, ground, review } = form.answer
    if (review <= londonDate(house.clock.now()))
      return showHolds(request, reply.code(422), {
        values: request.body,
        ...refuse({ review: 'The date to look again must be in the future' }),
      })
    const ids: string[] = []
    for (const id of await house.vault.findByEmail(address))
      if ((await house.vault.record(id))?.kind === 'panel') ids.push(id)
    if (!ids.length)
      return showHolds(request, reply.code(422), {
        values: request.body,
        ...refuse({ address: 'No living record has this email address' }),
      })
    await atDesk(house, request, async (tx, by) => {
      for (const id of ids) await hold(tx, house, by, id, ground, review)
    })
    return reply.redirect('/staff/protection/holds', 303)
  })
  app.post('/staff/protection/holds/lifted', dpo, async (request, reply) => {
    const form = lifting.safeParse(request.body)
    if (!form.success) throw notFound()
    const { dossier, ground } = form.data
    await atDesk(house, request, (tx, by) =>
      ground === 'restriction' ? liftRestriction(tx, house, by, dossier) : liftHold(tx, house, by, dossier, ground),
    )
    return reply.redirect('/staff/protection/holds', 303)
  })
}

function atDesk<T>(house: House, request: FastifyRequest, work: (tx: Tx, by: Actor) => Promise<T>): Promise<T> {
  const by = request.actor
  if (!by) throw forbidden()
  return within(house, { by, for: 'exercise rights' }, tx => work(tx, by))
}
