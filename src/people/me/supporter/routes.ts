import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { authorities, endSupporter, nameSupporter, scopes, supporterOf } from '#src/panel/correspondence/supporter.ts'
import { codesOf, itemsOf } from '#src/panel/recruitment/options.ts'
import { dateFields, readDate } from '#src/panel/recruitment/rounds/when.ts'
import { addMonths } from '#src/platform/calendar/dates.ts'
import { londonDate, sayDate } from '#src/platform/calendar/london.ts'
import type { Tx } from '#src/platform/database/database.ts'
import { notFound } from '#src/platform/web/errors.ts'
import { email, line, phone, read, refuse } from '#src/platform/web/form.ts'
import { type House, within } from '#src/promises/house.ts'
import type { Actor } from '#src/promises/notice/actor.ts'
import { may } from '../permissions.ts'

const resident = { config: { may: may.own } }
const few = { config: { may: may.own, rateLimit: { max: 20, timeWindow: '1 minute' } } }
const view = (name: string) => `people/me/supporter/${name}.njk`
type Fields = { [field: string]: unknown }

const supporterForm = z.object({
  name: line('Enter their full name', 'Full name'),
  email,
  phone: z.union([z.literal('').transform(() => undefined), phone]).optional(),
  scope: z.enum(codesOf(scopes), 'Select what they may do'),
  authority: z.enum(codesOf(authorities), 'Select why they may do it'),
})

/** Someone whom a person names to support them, with what they may do and until when; ended at once, at any time. */
export async function supporterRoutes(app: FastifyInstance, house: House): Promise<void> {
  const today = () => londonDate(house.clock.now())

  const show = async (request: FastifyRequest, reply: FastifyReply, values: Fields | undefined, more: object = {}) => {
    const shown = await mine(house, request, async (tx, me) => {
      const fields = ['supporterName', 'supporterEmail', 'supporterPhone'] as const
      const [held] = await house.vault.open(tx, 'panel', { by: me, for: 'administer the panel', fields }, [me.id])
      if (!held) throw notFound()
      return { held, row: await supporterOf(tx, house, me.id) }
    })
    const typed = values ?? { scope: 'told', authority: 'say-so', ...dateFields('endsOn', addMonths(today(), 12)) }
    return reply.page(view('supporter'), {
      title: 'Someone who supports you',
      back: '/me',
      supporter: shown.row && {
        ...shown.held,
        scope: scopes[shown.row.scope],
        authority: authorities[shown.row.authority],
        until: sayDate(shown.row.ends_on),
        agreed: shown.row.agreed_at !== null,
      },
      values: typed,
      scopes: itemsOf(scopes, String(typed.scope ?? '')),
      authorities: itemsOf(authorities, String(typed.authority ?? '')),
      ...more,
    })
  }
  app.get('/me/supporter', resident, (request, reply) => show(request, reply, undefined))

  app.post('/me/supporter', few, async (request, reply) => {
    const sent: Fields =
      request.body && typeof request.body === 'object' ? Object.fromEntries(Object.entries(request.body)) : {}
    const form = read(supporterForm, sent)
    const ends = readDate(sent, 'endsOn', 'Last day')
    const faults: { [field: string]: string } = form.ok
      ? {}
      : Object.fromEntries(Object.entries(form.error).map(([field, { text }]) => [field, text]))
    if (!ends.ok) faults.endsOn = ends.sentence
    else if (ends.value < today()) faults.endsOn = 'Last day must be today or later'
    else if (ends.value > addMonths(today(), 42)) faults.endsOn = 'Last day must be within three and a half years'
    const named = form.ok && ends.ok ? { ...form.answer, endsOn: ends.value } : undefined
    if (Object.keys(faults).length || !named) return show(request, reply.code(422), sent, refuse(faults))
    const isOwn = await mine(house, request, async (tx, me) => {
      const ask = { by: me, for: 'administer the panel', fields: ['email'] } as const
      const [held] = await house.vault.open(tx, 'panel', ask, [me.id])
      if (!held) throw notFound()
      if (held.email?.toLowerCase() === named.email.toLowerCase()) return true
      await nameSupporter(tx, house, me, me.id, named)
      return false
    })
    if (isOwn) return show(request, reply.code(422), sent, refuse({ email: 'Enter their email address, not your own' }))
    return reply.redirect('/me/supporter', 303)
  })

  app.post('/me/supporter/end', few, async (request, reply) => {
    await mine(house, request, (tx, me) => endSupporter(tx, house, me, me.id))
    return reply.redirect('/me/supporter', 303)
  })
}

function mine<T>(house: House, request: FastifyRequest, work: (tx: Tx, me: Actor) => Promise<T>): Promise<T> {
  const me = request.actor
  if (!me) throw notFound()
  return within(house, { by: me, for: 'administer the panel' }, tx => work(tx, me))
}
