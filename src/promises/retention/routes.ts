import type { FastifyInstance, FastifyRequest } from 'fastify'
import { londonDate, sayInstant } from '#src/platform/calendar/london.ts'
import type { Tx } from '#src/platform/database/database.ts'
import { forbidden } from '#src/platform/web/errors.ts'
import { type House, within } from '../house.ts'
import type { Actor } from '../notice/actor.ts'
import { whatEnds } from './command.ts'
import { may } from './permissions.ts'
import { pauseOf, resumeSweep } from './sweep.ts'

const kindWords: Record<string, string> = {
  panel: 'Residents’ records that end tonight',
  case: 'Cases that end tonight',
  staff: 'Staff accounts that end tonight',
  recording: 'Recordings that end tonight',
  inbox: 'Received items that end tonight',
}

/** What the nightly deletion does next, and the button that lets it go on after a restore. */
export async function retentionRoutes(app: FastifyInstance, house: House): Promise<void> {
  const dpo = { config: { may: may.seeDeletion } }

  app.get('/staff/protection/deletion', dpo, async (request, reply) => {
    const pause = await protecting(house, request, tx => pauseOf(tx))
    const counts = await whatEnds(house, londonDate(house.clock.now()))
    return reply.page('promises/retention/deletion.njk', {
      title: 'Deletion',
      back: '/staff/protection',
      waits: pause && sayInstant(pause.since),
      because: pause?.reason,
      rows: [
        ...Object.entries(kindWords).map(([kind, says]) => ({ says, count: counts.ends[kind] ?? 0 })),
        { says: 'Past their date, but held', count: counts.held },
        { says: 'Records that stay', count: counts.stays },
      ],
    })
  })

  app.post('/staff/protection/deletion', dpo, async (request, reply) => {
    await protecting(house, request, (tx, by) => resumeSweep(tx, house, by))
    return reply.redirect('/staff/protection/deletion', 303)
  })
}

function protecting<T>(house: House, request: FastifyRequest, work: (tx: Tx, by: Actor) => Promise<T>): Promise<T> {
  const by = request.actor
  if (!by) throw forbidden()
  return within(house, { by, for: 'exercise rights' }, tx => work(tx, by))
}
