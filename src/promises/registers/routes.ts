import type { FastifyInstance, FastifyRequest } from 'fastify'
import { londonDate, sayInstant } from '#src/platform/calendar/london.ts'
import type { Tx } from '#src/platform/database/database.ts'
import { csv } from '#src/platform/web/csv.ts'
import { forbidden, notFound } from '#src/platform/web/errors.ts'
import { type House, within } from '../house.ts'
import type { Actor } from '../notice/actor.ts'
import { contact } from '../notice/contact.ts'
import { holdRoutes } from './hold-routes.ts'
import { may } from './permissions.ts'
import { anchor } from './register.ts'
import { registers } from './registers.ts'

const dpo = { config: { may: may.keepRegisters } }
const back = '/staff/protection'
/** Rows that a page shows; the files hold all. */
const most = 500
/** Registers of more columns are read row by row. */
const widest = 5
type ByName = { Params: { name: string } }

/** The registers of the data protection desk, each as a page, as a file to read and as one for a spreadsheet; and holds. */
export async function registerRoutes(app: FastifyInstance, house: House): Promise<void> {
  await holdRoutes(app, house)
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
    if (!register || (ending !== undefined && ending !== 'csv' && ending !== 'html')) throw notFound()
    const file = (type: string) =>
      reply
        .header('content-disposition', `attachment; filename="${name}-${londonDate(house.clock.now())}.${ending}"`)
        .type(type)
    const rows = await atDesk(house, request, (tx, by) => register.rows(tx, house, by, ending ? undefined : most + 1))
    if (ending === 'csv') return file('text/csv; charset=utf-8').send(csv(register.head, rows))
    const shown = {
      title: register.says,
      about: register.about,
      head: register.head,
      rows: withAnchors(rows, register.named ?? 0),
      made: sayInstant(house.clock.now()),
      body: contact.body,
    }
    if (ending === 'html') return file('text/html; charset=utf-8').page('promises/registers/file.njk', shown)
    return reply.page('promises/registers/register.njk', {
      ...shown,
      crumbs: [
        { text: 'Protection', href: back },
        { text: 'Registers', href: '/staff/protection/registers' },
      ],
      wide: true,
      name,
      named: register.named ?? 0,
      byRow: register.head.length > widest,
      rows: shown.rows.slice(0, most),
      more: rows.length > most ? most : undefined,
    })
  })
}

/** Rows with their names in addresses; of several of one name the first has it. */
function withAnchors(rows: readonly string[][], named: number): { cells: string[]; id: string | undefined }[] {
  const seen = new Set<string>()
  return rows.map(cells => {
    const id = anchor(cells[named] ?? '')
    const isFirst = !seen.has(id)
    seen.add(id)
    return { cells, id: isFirst ? id : undefined }
  })
}

function atDesk<T>(house: House, request: FastifyRequest, work: (tx: Tx, by: Actor) => Promise<T>): Promise<T> {
  const by = request.actor
  if (!by) throw forbidden()
  return within(house, { by, for: 'exercise rights' }, tx => work(tx, by))
}
