import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { tell } from '#src/panel/correspondence/tell.ts'
import { sayDate } from '#src/platform/calendar/london.ts'
import { notFound } from '#src/platform/web/errors.ts'
import { prose, read } from '#src/platform/web/form.ts'
import { type House, within } from '#src/promises/house.ts'
import { system } from '#src/promises/notice/actor.ts'
import { contact } from '#src/promises/notice/contact.ts'
import { ruleOf } from '#src/promises/notice/datamap.ts'
import { openCase } from '#src/promises/rights/cases.ts'
import { ownRequests, provesItself, saysMore } from '#src/promises/rights/own.ts'
import { eightRights, type Matter } from '#src/promises/rights/rights.ts'
import { few, known, onMine, resident } from './mine.ts'
import { saidRequest } from './requests.ts'
import type { ShowData } from './routes.ts'

type ByField = { Params: { field: string } }
type ById = { Params: { id: string } }
const wanted = z.object({
  right: z.enum(eightRights, 'Select what you want'),
  words: prose('What you want to say', 5000),
})
const wrong = z.object({
  words: prose('What it should say', 4000).refine(
    text => text.length > 0,
    'Enter what is wrong, and what it should say',
  ),
})
const more = z.object({
  words: prose('What you want to say', 4000).refine(text => text.length > 0, 'Enter what you want to tell us'),
})

/** Rights asked for by someone who is signed in, what they say about one value, and their requests one by one. */
export async function askRoutes(app: FastifyInstance, house: House, show: ShowData): Promise<void> {
  const ask = async (request: FastifyRequest, reply: FastifyReply, matter: Matter, words: string) => {
    const { id: subject } = known(request)
    const by = system('web')
    const made = await within(house, { by, for: 'exercise rights' }, async tx => {
      const fields = { by, for: 'exercise rights', fields: ['name', 'email', 'phone'] } as const
      const [me] = await house.vault.open(tx, 'panel', fields, [subject])
      const requester = { name: me?.name ?? '', reach: me?.email ?? me?.phone ?? '' }
      const asked = { matter, channel: 'web', requester, words, subject } as const
      return openCase(tx, house, by, asked, (inner, id, letter, detail) =>
        tell(inner, house, system('rights'), id, letter, { ...detail, due: sayDate(detail.due ?? '') }),
      )
    })
    return reply.page('people/public/asked.njk', {
      title: 'We have it',
      reference: made.reference,
      due: sayDate(made.due),
      matter,
      own: true,
      contact,
    })
  }

  app.post('/me/data/request', few, async (request, reply) => {
    const form = read(wanted, request.body)
    if (!form.ok) return show(request, reply.code(422), { typed: request.body, ...form })
    return ask(request, reply, form.answer.right, form.answer.words)
  })

  const showWrong = (reply: FastifyReply, field: string, more: object = {}) => {
    const rule = ruleOf('panel', field)
    if (!rule?.purposes.includes('exercise rights')) throw notFound()
    return reply.page('people/me/data/correction.njk', {
      title: 'What should it say?',
      back: '/me/data',
      field,
      says: rule.says,
      byStaff: rule.provenance === 'staff',
      ...more,
    })
  }
  app.get<ByField>('/me/data/correction/:field', resident, async (request, reply) =>
    showWrong(reply, request.params.field),
  )
  app.post<ByField>('/me/data/correction/:field', few, async (request, reply) => {
    const { field } = request.params
    const form = read(wrong, request.body)
    if (!form.ok) return showWrong(reply.code(422), field, { values: request.body, ...form })
    const says = ruleOf('panel', field)?.says
    if (!says) throw notFound()
    return ask(request, reply, 'correction', `${says}: ${form.answer.words}`)
  })

  const showOne = async (request: FastifyRequest, reply: FastifyReply, id: string, also: object = {}) => {
    const all = await onMine(house, request, (tx, by) => ownRequests(tx, house, by.id))
    const one = all.find(each => each.id === id)
    if (!one) throw notFound()
    const shown = saidRequest(one, house.clock.now())
    return reply.page('people/me/data/request.njk', {
      title: `${shown.says} (${shown.reference})`,
      back: '/me/data',
      one: shown,
      contact,
      ...also,
    })
  }
  app.get<ById>('/me/data/requests/:id', resident, (request, reply) => showOne(request, reply, request.params.id))
  app.post<ById>('/me/data/requests/:id', few, async (request, reply) => {
    const { id } = request.params
    const form = read(more, request.body)
    if (!form.ok) return showOne(request, reply.code(422), id, { values: request.body, ...form })
    const taken = await onMine(house, request, (tx, by) => saysMore(tx, house, by.id, id, form.answer.words))
    if (!taken) throw notFound()
    return reply.redirect(`/me/data/requests/${id}`, 303)
  })

  app.post<ById>('/me/data/requests/:id/identity', few, async (request, reply) => {
    const { id } = request.params
    if (!(await onMine(house, request, (tx, by) => provesItself(tx, house, by.id, id)))) throw notFound()
    return reply.redirect(`/me/data/requests/${id}`, 303)
  })
}
