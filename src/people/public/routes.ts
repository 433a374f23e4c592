import type { FastifyInstance } from 'fastify'
import { endOf, openRound, rounds } from '#src/panel/recruitment/round.ts'
import { sayInstant } from '#src/platform/calendar/london.ts'
import { type House, within } from '#src/promises/house.ts'
import { system } from '#src/promises/notice/actor.ts'
import { askRoutes } from './ask.ts'

const web = { by: system('web'), for: 'administer the panel' } as const

/** The pages that everyone may read. */
export async function publicRoutes(app: FastifyInstance, house: House): Promise<void> {
  const anyone = { config: { may: 'anyone' } }

  app.get('/', anyone, async (_request, reply) => {
    const now = house.clock.now()
    const { open, next } = await within(house, web, async tx => ({
      open: await openRound(tx, now),
      next: (await rounds(tx)).find(round => round.publishedAt && round.opensAt > now),
    }))
    return reply.page('people/public/home.njk', {
      title: 'Have a say in how complaints about social housing are handled',
      closes: open && sayInstant(endOf(open)),
      opens: next && sayInstant(next.opensAt),
    })
  })
  app.get('/accessibility', anyone, async (_request, reply) =>
    reply.page('people/public/accessibility.njk', { title: 'Accessibility' }),
  )
  app.get('/cookies', anyone, async (_request, reply) => reply.page('people/public/cookies.njk', { title: 'Cookies' }))
  await askRoutes(app, house)
}
