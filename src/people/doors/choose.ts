import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { type Application, applicationOf } from '#src/panel/recruitment/application.ts'
import { sayDate } from '#src/platform/calendar/london.ts'
import { forbidden, notFound } from '#src/platform/web/errors.ts'
import { read } from '#src/platform/web/form.ts'
import { type House, within } from '#src/promises/house.ts'
import { system } from '#src/promises/notice/actor.ts'
import { nextOf } from './access.ts'
import { takeInHand } from './sessions.ts'

const resident = { config: { may: 'resident' } }
const choice = z.object({ dossier: z.uuid('Select whose application you want to see') })
const states = { draft: 'not sent yet', sent: 'sent', withdrawn: 'withdrawn' } as const

/** Whose application: the people who share an address, or one person who began twice. */
export async function chooseRoutes(app: FastifyInstance, house: House): Promise<void> {
  const show = async (request: FastifyRequest, reply: FastifyReply, refusal: object = {}) => {
    const { actor } = request
    if (!actor) throw notFound()
    const items = await within(house, { by: actor, for: 'administer the panel' }, async tx => {
      const ask = { by: actor, for: 'administer the panel', fields: ['name'] } as const
      const people = await house.vault.open(tx, 'panel', ask, actor.own)
      const items: { value: string; text: string; hint: { text: string } | undefined }[] = []
      for (const { id, name = 'Name not given' } of people)
        items.push({ value: id, text: name, hint: hintOf(await applicationOf(tx, id)) })
      return items
    })
    if (items.length < 2) return reply.redirect(nextOf(request) ?? '/me', 303)
    return reply.page('people/doors/choose.njk', {
      title: 'Whose application?',
      items,
      next: nextOf(request),
      ...refusal,
    })
  }

  app.get('/choose', resident, (request, reply) => show(request, reply))
  app.post('/choose', resident, async (request, reply) => {
    const { session } = request
    if (!session) throw notFound()
    const form = read(choice, request.body)
    if (!form.ok) return show(request, reply.code(422), form)
    const taken = await within(house, { by: system('doors'), for: 'exercise rights' }, tx =>
      takeInHand(tx, session, form.answer.dossier),
    )
    if (!taken) throw forbidden()
    return reply.redirect(nextOf(request) ?? '/me', 303)
  })
}

/** Where to choose, on the way to another page. */
export function toChoose(next: string | undefined): string {
  return next ? `/choose?next=${encodeURIComponent(next)}` : '/choose'
}

/** Tells two applications in one name apart. */
function hintOf(application: Application | undefined): { text: string } | undefined {
  if (!application) return undefined
  const { state, changedAt, reference } = application
  return { text: `${reference}, ${states[state]}, last changed on ${sayDate(changedAt)}` }
}
