import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { Tx } from '#src/platform/database/database.ts'
import { notFound } from '#src/platform/web/errors.ts'
import { read, refuse, ticks } from '#src/platform/web/form.ts'
import type { House } from '#src/promises/house.ts'
import { type Actor, isSupporter } from '#src/promises/notice/actor.ts'
import { channels, codesOf, itemsOf } from '../../recruitment/options.ts'
import { codesValue } from '../../recruitment/values.ts'
import { mine } from '../me-routes.ts'
import { may } from '../permissions.ts'
import { nextAsk } from './asks.ts'
import { checksOf, noteCheck } from './checks.ts'
import { interests, times } from './options.ts'

const own = { config: { may: may.takePart } }
/** How someone is reached is theirs alone to say: a supporter is not asked. */
const preferencesForm = z.object({
  channel: z.enum(codesOf(channels), 'Select how you want to hear from us'),
  times: ticks(codesOf(times)),
  interests: ticks(codesOf(interests)),
})
const supporterForm = preferencesForm.extend({ channel: z.unknown().transform(() => undefined) })
/** What each channel needs to be there already. */
const needs = {
  email: 'Add an email address to your details first',
  phone: 'Add a phone number to your details first',
  post: 'Add a postal address to your details first',
} as const
const reachedAt = { email: 'email', phone: 'phone', post: 'address' } as const

/** How someone hears from us, when meetings suit them, and what interests them. */
export async function myPreferenceRoutes(app: FastifyInstance, house: House): Promise<void> {
  const show = (
    reply: FastifyReply,
    values: { channel?: string | undefined; times: string[]; interests: string[] },
    more: object = {},
  ) =>
    reply.page('panel/membership/own/preferences.njk', {
      title: 'How you take part',
      back: '/me',
      channels: itemsOf(channels, values.channel),
      times: itemsOf(times, values.times),
      interests: itemsOf(interests, values.interests),
      ...more,
    })

  app.get('/me/preferences', own, async (request, reply) => {
    const held = await mine(house, request, (tx, me) => ownPreferences(tx, house, me))
    return show(reply, {
      channel: held.channel,
      times: codesValue.read(held.times) ?? [],
      interests: codesValue.read(held.interests) ?? [],
    })
  })

  app.post('/me/preferences', own, async (request, reply) => {
    const acts = request.actor !== undefined && isSupporter(request.actor)
    const form = acts ? read(supporterForm, request.body) : read(preferencesForm, request.body)
    if (!form.ok) return show(reply.code(422), typed(request), form)
    const { channel, times, interests } = form.answer
    const done = await mine(house, request, async (tx, me) => {
      const held = await ownPreferences(tx, house, me)
      if (channel && !held[reachedAt[channel]]) return refuse({ channel: needs[channel] })
      const isFirst = !(await checksOf(tx, me.id)).has('preferences')
      await house.vault.put(tx, me, 'panel', me.id, {
        ...(channel ? { channel } : {}),
        times: times.length ? codesValue.write([...times]) : undefined,
        interests: interests.length ? codesValue.write([...interests]) : undefined,
      })
      await noteCheck(tx, house, me.id, 'preferences')
      return isFirst ? nextAsk(tx, house, me) : '/me'
    })
    if (typeof done !== 'string') return show(reply.code(422), typed(request), done)
    return reply.redirect(done, 303)
  })
}

type Held = Partial<Record<'channel' | 'email' | 'phone' | 'address' | 'times' | 'interests', string>>

async function ownPreferences(tx: Tx, house: House, me: Actor): Promise<Held> {
  const few = ['times', 'interests'] as const
  const fields = ['channel', 'email', 'phone', 'address', 'times', 'interests'] as const
  const [held] = isSupporter(me)
    ? await house.vault.open(tx, 'panel', { by: me, for: 'administer the panel', fields: few }, [me.id])
    : await house.vault.open(tx, 'panel', { by: me, for: 'administer the panel', fields }, [me.id])
  if (!held) throw notFound()
  return held
}

function typed({ body }: FastifyRequest): { channel: string; times: string[]; interests: string[] } {
  const fields = body && typeof body === 'object' ? Object.fromEntries(Object.entries(body)) : {}
  const list = (value: unknown) => [value ?? []].flat().map(String)
  return { channel: String(fields.channel ?? ''), times: list(fields.times), interests: list(fields.interests) }
}
