import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { addMonths } from '#src/platform/calendar/dates.ts'
import { londonDate, sayDate } from '#src/platform/calendar/london.ts'
import type { Tx } from '#src/platform/database/database.ts'
import { forbidden, notFound } from '#src/platform/web/errors.ts'
import { read, refuse } from '#src/platform/web/form.ts'
import { type House, within } from '../house.ts'
import type { Actor } from '../notice/actor.ts'
import { processors } from '../notice/processors.ts'
import { processorForm } from './form.ts'
import { hostsOf } from './hosts.ts'
import { may } from './permissions.ts'
import { endProcessor, keepProcessor, type ProcessorEntry, processorEntries, processorToday } from './processors.ts'

const dpo = { config: { may: may.keepProcessors } }
const home = '/staff/protection/processors'
const crumbs = [
  { text: 'Protection', href: '/staff/protection' },
  { text: 'Processors', href: home },
]
type ById = { Params: { id: string } }

/** The part of the processor register that a person judges: contract, evidence, transfer, and when someone looks again. */
export async function processorRoutes(app: FastifyInstance, house: House): Promise<void> {
  app.get(home, dpo, async (request, reply) => {
    const today = londonDate(house.clock.now())
    const all = await atDesk(house, request, tx => processorEntries(tx))
    const known = new Set(all.filter(one => !one.ended_on).flatMap(one => one.hosts))
    return reply.page('promises/processors/list.njk', {
      title: 'Processors',
      crumbs: crumbs.slice(0, 1),
      rows: all.map(one => ({ ...one, again: processorToday(one, today) })),
      missing: processors.filter(one => !all.some(entry => entry.recipient === one.name && !entry.ended_on)),
      unnamed: hostsOf(house.config).filter(({ host }) => !known.has(host)),
    })
  })

  const show = (reply: FastifyReply, more: object) =>
    reply.page('promises/processors/entry.njk', {
      title: 'Enter a processor',
      crumbs,
      recipients: [
        ...processors.map(one => ({ value: one.name, text: `It is the ${one.name} of the privacy notice` })),
        { value: '', text: 'It only carries or keeps what is sealed' },
      ],
      ...more,
    })
  app.get(`${home}/new`, dpo, (_request, reply) => {
    const today = londonDate(house.clock.now())
    return show(reply, {
      values: {
        recipient: '',
        place: 'United Kingdom',
        mechanism: 'none is needed',
        evidence: sayDate(today),
        review: sayDate(addMonths(today, 12)),
      },
    })
  })
  app.post(`${home}/new`, dpo, async (request, reply) => {
    const form = read(processorForm, request.body)
    if (!form.ok) return show(reply.code(422), { values: request.body, ...form })
    const taken = await atDesk(house, request, async (tx, by) => {
      if ((await processorEntries(tx)).some(one => one.name === form.answer.name)) return true
      await keepProcessor(tx, house, by, form.answer)
      return false
    })
    if (taken)
      return show(reply.code(422), {
        values: request.body,
        ...refuse({ name: 'An entry has this name: change it instead' }),
      })
    return reply.redirect(home, 303)
  })

  app.get<ById>(`${home}/:id`, dpo, async (request, reply) => {
    const one = await entryOf(house, request)
    return show(reply, { title: one.name, one, values: valuesOf(one) })
  })
  app.post<ById>(`${home}/:id`, dpo, async (request, reply) => {
    const one = await entryOf(house, request)
    const { end } = z.object({ end: z.string().optional() }).parse(request.body ?? {})
    if (end) {
      await atDesk(house, request, (tx, by) => endProcessor(tx, house, by, one.name))
      return reply.redirect(home, 303)
    }
    const form = read(processorForm, { ...(request.body as object), name: one.name })
    if (!form.ok) return show(reply.code(422), { title: one.name, one, values: request.body, ...form })
    await atDesk(house, request, (tx, by) => keepProcessor(tx, house, by, form.answer))
    return reply.redirect(home, 303)
  })
}

function valuesOf(one: ProcessorEntry) {
  return {
    ...one,
    recipient: one.recipient ?? '',
    hosts: one.hosts.join('\n'),
    contract: one.contract_on,
    evidence: one.evidence_on,
    review: one.review_on,
  }
}

async function entryOf(house: House, request: FastifyRequest<ById>): Promise<ProcessorEntry> {
  const all = await atDesk(house, request, tx => processorEntries(tx))
  const one = all.find(entry => entry.id === request.params.id)
  if (!one) throw notFound()
  return one
}

function atDesk<T>(house: House, request: FastifyRequest, work: (tx: Tx, by: Actor) => Promise<T>): Promise<T> {
  const by = request.actor
  if (!by) throw forbidden()
  return within(house, { by, for: 'exercise rights' }, tx => work(tx, by))
}
