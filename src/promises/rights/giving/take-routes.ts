import { Readable } from 'node:stream'
import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { refuse } from '#src/platform/web/form.ts'
import { type House, within } from '../../house.ts'
import { system } from '../../notice/actor.ts'
import { contact } from '../../notice/contact.ts'
import { take, waitsAt } from './given.ts'

type ByToken = { Params: { token: string } }
const view = 'promises/rights/giving/take.njk'

/** Whoever has the link and the code takes the copy, once; only the POST hands anything over: mail scanners open links. */
export async function takeCopyRoutes(app: FastifyInstance, house: House): Promise<void> {
  const rights = { by: system('rights'), for: 'exercise rights' } as const
  const few = { config: { may: 'anyone', rateLimit: { max: 20, timeWindow: '1 minute' } } }
  const page = { title: 'Take your copy', contact }
  const isOpen = (token: string) => within(house, rights, async tx => (await waitsAt(tx, house, token)) !== undefined)

  app.get<ByToken>('/copy/:token', few, async (request, reply) => {
    const open = await isOpen(request.params.token)
    return reply.code(open ? 200 : 410).page(view, { ...page, open })
  })
  app.post<ByToken>('/copy/:token', few, async (request, reply) => {
    const { token } = request.params
    const { code } = z.object({ code: z.string().catch('') }).parse(request.body ?? {})
    const again = (sentence: string) =>
      reply.code(422).page(view, { ...page, open: true, ...refuse({ code: sentence }) })
    if (!/\d/.test(code)) return again('Enter the six digits that you were told')
    const file = await within(house, rights, tx => take(tx, house, token, code))
    if (file)
      return reply
        .header('content-disposition', 'attachment; filename="copy.zip"')
        .type('application/zip')
        .send(Readable.from(file))
    if (await isOpen(token)) return again('The code is wrong: enter the six digits that you were told')
    return reply.code(410).page(view, { ...page, open: false })
  })
}
