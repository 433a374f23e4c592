import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { londonDate, sayInstant } from '#src/platform/calendar/london.ts'
import type { Tx } from '#src/platform/database/database.ts'
import { csv } from '#src/platform/web/csv.ts'
import { forbidden } from '#src/platform/web/errors.ts'
import { read } from '#src/platform/web/form.ts'
import { type House, within } from '../house.ts'
import type { Actor } from '../notice/actor.ts'
import { whatEnds } from './command.ts'
import { noteReceipt, openHandles, unanswered } from './elsewhere.ts'
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

  const show = async (request: FastifyRequest, reply: FastifyReply, more: object = {}) => {
    const pause = await protecting(house, request, tx => pauseOf(tx))
    const waiting = await protecting(house, request, tx => unanswered(tx))
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
      elsewhere: waiting.map(one => ({ ...one, since: sayInstant(one.since) })),
      ...more,
    })
  }
  app.get('/staff/protection/deletion', dpo, (request, reply) => show(request, reply))

  app.post('/staff/protection/deletion', dpo, async (request, reply) => {
    await protecting(house, request, (tx, by) => resumeSweep(tx, house, by))
    return reply.redirect('/staff/protection/deletion', 303)
  })

  /** What a processor that cannot be asked by machine is sent by hand: its own ids of what it is to delete. */
  app.get('/staff/protection/deletion/list.csv', dpo, async (request, reply) => {
    const { processor } = z.object({ processor: z.string().catch('') }).parse(request.query ?? {})
    const open = await protecting(house, request, tx => openHandles(tx, processor))
    const rows = open.flatMap(one => one.handles.map(handle => [handle, one.queued_at.toISOString()]))
    return reply
      .header('content-disposition', 'attachment; filename="to-delete.csv"')
      .type('text/csv; charset=utf-8')
      .send(csv(['Id', 'Deleted here'], rows))
  })

  app.post('/staff/protection/deletion/receipt', dpo, async (request, reply) => {
    const form = read(receipt, request.body)
    if (!form.ok) return show(request, reply.code(422), { values: request.body, ...form })
    await protecting(house, request, (tx, by) => noteReceipt(tx, house, by, form.answer.processor, form.answer.receipt))
    return reply.redirect('/staff/protection/deletion', 303)
  })
}

const receipt = z.object({
  processor: z.string(),
  receipt: z
    .string()
    .trim()
    .regex(
      /^[A-Za-z0-9._:/-]{1,100}$/,
      'Enter their reference: letters, figures and dashes, and nobody’s name or address',
    ),
})

function protecting<T>(house: House, request: FastifyRequest, work: (tx: Tx, by: Actor) => Promise<T>): Promise<T> {
  const by = request.actor
  if (!by) throw forbidden()
  return within(house, { by, for: 'exercise rights' }, tx => work(tx, by))
}
