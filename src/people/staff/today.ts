import type { FastifyInstance } from 'fastify'
import { sayDate } from '#src/platform/calendar/london.ts'
import type { Tx } from '#src/platform/database/database.ts'
import { notFound } from '#src/platform/web/errors.ts'
import { type House, within } from '#src/promises/house.ts'
import type { Actor } from '#src/promises/notice/actor.ts'
import { may } from './permissions.ts'

/** Something to do today: a link to the very thing. */
export interface TodayItem {
  text: string
  href: string
  state: 'overdue' | 'due' | 'waiting'
}

/** What a room puts on the Today page of someone. */
export type TodayProvider = (tx: Tx, house: House, actor: Actor) => Promise<TodayItem[]>

/** The first page of every staff role: what is overdue, what is due, what waits for others. */
export async function todayRoutes(
  app: FastifyInstance,
  house: House,
  providers: readonly TodayProvider[],
): Promise<void> {
  app.get('/staff', { config: { may: may.work } }, async (request, reply) => {
    const by = request.actor
    if (!by) throw notFound()
    const items = await within(house, { by, for: 'administer the panel' }, async tx => {
      const all: TodayItem[] = []
      for (const provide of providers) all.push(...(await provide(tx, house, by)))
      return all
    })
    const group = (state: TodayItem['state']) => items.filter(item => item.state === state)
    return reply.page('people/staff/today.njk', {
      title: 'Today',
      date: sayDate(house.clock.now()),
      groups: [
        { heading: 'Overdue', items: group('overdue') },
        { heading: 'To do', items: group('due') },
        { heading: 'Waiting for others', items: group('waiting') },
      ].filter(one => one.items.length),
    })
  })
}
