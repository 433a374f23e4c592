import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { refuse } from '#src/platform/web/form.ts'
import { type House, within } from '../house.ts'
import { system } from '../notice/actor.ts'
import { contact } from '../notice/contact.ts'
import { view } from './desk.ts'
import { handOver, waitsAt } from './release.ts'

type ByToken = { Params: { token: string } }

/** Whoever asked opens the link and gives the code that came by another channel; only the POST hands anything over. */
export async function takeRoutes(app: FastifyInstance, house: House): Promise<void> {
  const by = system('disclosures')
  const few = { config: { may: 'anyone', rateLimit: { max: 20, timeWindow: '1 minute' } } }
  const waits = (token: string) => within(house, { by, for: 'exercise rights' }, tx => waitsAt(tx, house, token))
  const page = { title: 'Take what you asked for', contact }

  app.get<ByToken>('/extract/:token', few, async (request, reply) => {
    const open = await waits(request.params.token)
    return reply.code(open ? 200 : 410).page(view('take'), { ...page, open })
  })

  app.post<ByToken>('/extract/:token', few, async (request, reply) => {
    const { token } = request.params
    const { code } = z.object({ code: z.string().catch('') }).parse(request.body ?? {})
    const again = (sentence: string) =>
      reply.code(422).page(view('take'), { ...page, open: true, ...refuse({ code: sentence }) })
    if (!/\d/.test(code)) return again('Enter the six digits that you were told')
    const taken = await within(house, { by, for: 'exercise rights' }, tx => handOver(tx, house, by, token, code))
    if (!taken) {
      if (await waits(token)) return again('The code is wrong: enter the six digits that you were told')
      return reply.code(410).page(view('take'), page)
    }
    return reply
      .header('content-disposition', `attachment; filename="${taken.reference}.txt"`)
      .type('text/plain; charset=utf-8')
      .send(taken.extract)
  })
}
