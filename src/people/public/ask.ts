import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { tell } from '#src/panel/correspondence/tell.ts'
import { sayDate } from '#src/platform/calendar/london.ts'
import { line, phone, prose, read } from '#src/platform/web/form.ts'
import { type House, within } from '#src/promises/house.ts'
import { system } from '#src/promises/notice/actor.ts'
import { contact } from '#src/promises/notice/contact.ts'
import { openCase } from '#src/promises/rights/cases.ts'
import { eightRights, type Matter, matters } from '#src/promises/rights/rights.ts'

const by = system('web')
const who = {
  name: prose('Your name', 200),
  reach: line('Enter an email address, a phone number or a postal address', 'How we can reach you', 300),
}
const rightsForm = z.object({
  right: z.enum(eightRights, 'Select what you want'),
  ...who,
  words: prose('What you want to say', 5000),
})
const complaintForm = z.object({
  words: prose('Your complaint', 5000).refine(text => text.length > 0, 'Tell us what went wrong'),
  ...who,
})
const ringForm = z.object({ phone, name: prose('Your name', 200), when: prose('A good time', 200) })

/** Asking for a right, complaining, and asking to be rung: forms that work signed out, and no reason is needed. */
export async function askRoutes(app: FastifyInstance, house: House): Promise<void> {
  const anyone = { config: { may: 'anyone' } }
  const few = { config: { may: 'anyone', rateLimit: { max: 20, timeWindow: '1 minute' } } }

  const pages = {
    '/your-rights': {
      view: 'people/public/rights.njk',
      title: 'Your rights',
      more: { rights: eightRights.map(value => ({ value, text: matters[value].says })) },
      take: (body: unknown) => {
        const form = read(rightsForm, body)
        if (!form.ok) return form
        const { right, name, reach, words } = form.answer
        return { ok: true as const, matter: right as Matter, requester: { name, reach }, words }
      },
    },
    '/complaints': {
      view: 'people/public/complaints.njk',
      title: 'Complain about how we use your information',
      more: {},
      take: (body: unknown) => {
        const form = read(complaintForm, body)
        if (!form.ok) return form
        const { name, reach, words } = form.answer
        return { ok: true as const, matter: 'complaint' as Matter, requester: { name, reach }, words }
      },
    },
    '/ring-me': {
      view: 'people/public/ring-me.njk',
      title: 'Ask us to ring you',
      more: {},
      take: (body: unknown) => {
        const form = read(ringForm, body)
        if (!form.ok) return form
        const { phone: number, name, when } = form.answer
        return { ok: true as const, matter: 'ring back' as Matter, requester: { name, reach: number }, words: when }
      },
    },
  }
  for (const [path, page] of Object.entries(pages)) {
    const show = (reply: FastifyReply, more: object = {}) =>
      reply.page(page.view, { title: page.title, contact, ...page.more, ...more })
    app.get(path, anyone, async (_request, reply) => show(reply))
    app.post(path, few, async (request: FastifyRequest, reply: FastifyReply) => {
      const taken = page.take(request.body)
      if (!taken.ok) return show(reply.code(422), { values: request.body, ...taken })
      const me = request.actor
      const own = me?.roles.includes('resident') ? { subject: me.id } : {}
      const { matter, requester, words } = taken
      const made = await within(house, { by, for: 'exercise rights' }, tx =>
        openCase(tx, house, by, { matter, channel: 'web', requester, words, ...own }, (inner, id, letter, detail) =>
          tell(inner, house, system('rights'), id, letter, { ...detail, due: sayDate(detail.due ?? '') }),
        ),
      )
      return reply.page('people/public/asked.njk', {
        title: matter === 'ring back' ? 'We will ring you' : 'We have it',
        reference: made.reference,
        due: sayDate(made.due),
        matter,
        contact,
      })
    })
  }
}
