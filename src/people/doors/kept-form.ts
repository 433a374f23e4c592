import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { addDays } from '#src/platform/calendar/dates.ts'
import { londonDate } from '#src/platform/calendar/london.ts'
import { type House, within } from '#src/promises/house.ts'
import { system } from '#src/promises/notice/actor.ts'
import { erase } from '#src/promises/retention/erase.ts'
import { takeInHand } from './sessions.ts'

const doors = system('doors')
const COOKIE = 'kept'
const kept = z.object({ path: z.string(), owner: z.string(), fields: z.array(z.tuple([z.string(), z.string()])) })

/**
 * Keeps a form that was sent after its session had ended: sealed in an inbox dossier of its own for two days, and
 * given back once the same person (`owner`) has signed in again in the same browser. Libraries share browsers.
 */
export async function keepForm(
  house: House,
  request: FastifyRequest,
  reply: FastifyReply,
  owner: string,
): Promise<void> {
  const body = request.body
  if (!body || typeof body !== 'object') return
  const fields = Object.entries(body)
    .filter(([name]) => name !== '_csrf')
    .flatMap(([name, value]) =>
      (Array.isArray(value) ? value : [value]).filter(one => typeof one === 'string').map(one => [name, one]),
    )
  if (!fields.length) return
  const path = request.url
  const id = await within(house, { by: doors, for: 'keep the service safe' }, async tx => {
    const made = await house.vault.begin(tx, doors, 'inbox', addDays(londonDate(house.clock.now()), 2))
    await house.vault.put(tx, doors, 'inbox', made, { content: JSON.stringify({ path, owner, fields }) })
    return made
  })
  reply.setCookie(COOKIE, id, {
    path: '/',
    httpOnly: true,
    sameSite: 'lax',
    signed: true,
    secure: house.config.baseUrl.startsWith('https://'),
    maxAge: 24 * 60 * 60,
  })
}

/** Whether this browser has a form waiting. */
export function hasKeptForm(request: FastifyRequest): boolean {
  return request.cookies[COOKIE] !== undefined
}

/** The page that gives a kept form back, with everything that was typed. */
export async function keptFormRoutes(app: FastifyInstance, house: House): Promise<void> {
  app.get('/kept', { config: { may: ['resident', 'staff'] } }, async (request, reply) => {
    const cookie = request.unsignCookie(request.cookies[COOKIE] ?? '')
    const id = cookie.valid ? (cookie.value ?? '') : ''
    const text = await within(house, { by: doors, for: 'keep the service safe' }, async tx => {
      const ask = { by: doors, for: 'keep the service safe', fields: ['content'] } as const
      const [opened] = id ? await house.vault.open(tx, 'inbox', ask, [id]) : []
      return opened?.content
    })
    const parsed = kept.safeParse(text ? JSON.parse(text) : undefined)
    const isTheirs = parsed.success && request.actor?.own.includes(parsed.data.owner)
    if (!parsed.success) reply.clearCookie(COOKIE, { path: '/' })
    const session = request.session
    if (!isTheirs || !session) return reply.redirect(request.session?.kind === 'staff' ? '/staff' : '/me', 303)
    reply.clearCookie(COOKIE, { path: '/' })
    await within(house, { by: doors, for: 'exercise rights' }, tx => takeInHand(tx, session, parsed.data.owner))
    await erase(house.reach, doors, [id], 'date reached')
    return reply.page('people/doors/kept.njk', {
      title: 'We kept what you typed',
      path: parsed.data.path,
      fields: parsed.data.fields,
    })
  })
}
