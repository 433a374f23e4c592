import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { sayDate } from '#src/platform/calendar/london.ts'
import { inWorld } from '#src/platform/database/world.ts'
import { forbidden } from '#src/platform/web/errors.ts'
import type { May } from '#src/platform/web/server.ts'
import { type House, within } from '#src/promises/house.ts'
import { record } from '#src/promises/ledger/ledger.ts'
import { type Actor, system } from '#src/promises/notice/actor.ts'
import { staffRoles } from '#src/promises/notice/purposes.ts'
import { type Practising, practising } from '../practice/practising.ts'
import { keepForm } from './kept-form.ts'
import { readSession, type Session, startSession } from './sessions.ts'

declare module 'fastify' {
  interface FastifyRequest {
    session: Session | undefined
    /** Whose session this browser had, when it has run out. */
    lapsed: string | undefined
    /** Whose practice this is part of, and as whom they act in it; undefined in real work. */
    practice: Practising | undefined
  }
  interface FastifyContextConfig {
    /** Always of the real panel, also for someone who practises. */
    world?: 'real'
  }
}

const doors = system('doors')
/** To sign in is the first step of every right: it works for a record that is set aside, too. */
const safe = { by: doors, for: 'exercise rights' } as const

export function cookieName(house: House): string {
  return house.config.baseUrl.startsWith('https://') ? '__Host-session' : 'session'
}

/** Finds out who asks, and lets them in or not. Deny by default: a route that names nobody is for nobody. */
export function authorizeFor(house: House) {
  return async (request: FastifyRequest, reply: FastifyReply, may: May): Promise<unknown> => {
    const token = request.cookies[cookieName(house)]
    const found = token ? await within(house, safe, tx => readSession(tx, house.clock.now(), token)) : undefined
    request.session = found && 'session' in found ? found.session : undefined
    request.lapsed = found && 'lapsed' in found ? found.lapsed : undefined
    request.practice = request.session && (await practising(house, request.session, request))
    request.actor = request.practice?.actor ?? (request.session?.complete ? request.session.actor : undefined)
    if (request.session && request.actor)
      reply.pageData = pageDataOf(request.session, request.actor, house.clock.now(), request.url)
    if (request.practice) reply.pageData = { ...reply.pageData, practice: request.practice.says }
    if (may === 'anyone') return
    if (may === 'half signed in' && request.session?.kind === 'staff') return
    if (!request.actor) return toSignIn(house, request, reply)
    if (allows(request.actor, may)) return
    throw forbidden()
  }
}

/** Puts the doors on the server: `reply.actFor`, and a ledger entry, before they hear it, for everyone turned away. */
export function hangDoors(app: FastifyInstance, house: House): void {
  app.decorateRequest('actor', undefined)
  app.decorateRequest('session', undefined)
  app.decorateRequest('lapsed', undefined)
  app.decorateRequest('practice', undefined)
  app.decorateReply('actFor', async function actFor(this: FastifyReply, dossiers: readonly string[]) {
    const token = await within(house, safe, tx => startSession(tx, house.clock.now(), 'resident', dossiers))
    setCookie(house, this, token)
  })
  app.addHook('preHandler', (request, _reply, done) =>
    request.practice ? inWorld(request.practice.world, done) : done(),
  )
  app.addHook('onSend', async (request, reply) => {
    const route = request.routeOptions.url
    const isForged = reply.statusCode === 404 && route?.includes(':')
    if (!request.actor || !(reply.statusCode === 403 || isForged)) return
    const by = request.actor
    await within(house, safe, tx =>
      record(tx, {
        actor: by.id,
        role: by.roles[0] ?? 'resident',
        purpose: 'keep the service safe',
        act: 'refused',
        ...subjectOf(request),
        detail: { route: route ?? '', status: reply.statusCode },
        at: house.clock.now(),
      }),
    )
  })
}

/** Whom the address named, where it is an id and nothing that a person typed. */
function subjectOf(request: FastifyRequest): { subject?: string } {
  const params: unknown = request.params
  const named = params && typeof params === 'object' ? Object.values(params) : []
  const subject = named.find(one => typeof one === 'string' && isId(one))
  return typeof subject === 'string' ? { subject } : {}
}

function isId(text: string): boolean {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text)
}

export function setCookie(house: House, reply: FastifyReply, token: string): void {
  reply.setCookie(cookieName(house), token, {
    path: '/',
    httpOnly: true,
    sameSite: 'lax',
    secure: house.config.baseUrl.startsWith('https://'),
  })
}

export function clearCookie(house: House, reply: FastifyReply): void {
  reply.clearCookie(cookieName(house), { path: '/', secure: house.config.baseUrl.startsWith('https://') })
}

function allows(actor: Actor, may: May): boolean {
  const wanted = typeof may === 'string' ? [may] : may
  return wanted.some(one =>
    one === 'staff' ? staffRoles.some(role => actor.roles.includes(role)) : actor.roles.some(role => role === one),
  )
}

/** Where to sign in; what was typed is kept, and given back afterwards. */
async function toSignIn(house: House, request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
  const whose = request.session?.actor.id ?? request.lapsed
  if (request.method === 'POST' && whose) await keepForm(house, request, reply, whose)
  const next = request.method === 'GET' ? request.url : ''
  const half = request.session && !request.session.complete
  const to = half ? '/sign-in/second' : '/sign-in'
  return reply.redirect(next && safePath(next) ? `${to}?next=${encodeURIComponent(next)}` : to, 303)
}

/** A path of this site, and nothing that a browser takes for another. */
export function safePath(path: unknown): string | undefined {
  return typeof path === 'string' && /^\/(?![/\\])[\w\-./?=&%~+]*$/.test(path) ? path : undefined
}

/** Where someone was going, from the address or the form: a path of this site, or nothing. */
export function nextOf(request: FastifyRequest): string | undefined {
  const from = (where: unknown) =>
    typeof where === 'object' && where !== null && 'next' in where ? safePath(where.next) : undefined
  return from(request.query) ?? from(request.body)
}

const places = [
  { text: 'Today', href: '/staff', roles: [] },
  { text: 'Rounds', href: '/staff/rounds', roles: ['officer'] },
  { text: 'Applications', href: '/staff/applications', roles: ['officer'] },
  { text: 'Review', href: '/staff/review', roles: ['officer', 'reviewer'] },
  { text: 'Selection', href: '/staff/selection', roles: ['officer'] },
  { text: 'Members', href: '/staff/members', roles: ['officer'] },
  { text: 'Representation', href: '/staff/representation', roles: ['officer', 'analyst'] },
  { text: 'Protection', href: '/staff/protection', roles: ['dpo'] },
  { text: 'Settings', href: '/staff/settings', roles: ['administrator', 'officer', 'dpo'] },
] as const

function pageDataOf(session: Session, actor: Actor, now: Date, url: string): object {
  const open: readonly Place[] =
    session.kind === 'resident'
      ? [{ text: session.actsUntil ? 'Their part in the panel' : 'Your applications', href: '/me' }]
      : places.filter(place => !place.roles.length || place.roles.some(role => actor.roles.includes(role)))
  const path = url.split('?')[0] ?? url
  const here = open.filter(place => path === place.href || path.startsWith(`${place.href}/`)).at(-1)
  const navigation = [
    ...open.map(place => ({
      text: place.text,
      href: place.href,
      current: place.href === path,
      active: place === here,
    })),
    { text: 'Sign out', href: '/sign-out' },
  ]
  if (session.kind === 'resident') return { navigation, actsUntil: session.actsUntil && sayDate(session.actsUntil) }
  return { navigation, sessionEndsInSeconds: Math.floor((session.endsAt.getTime() - now.getTime()) / 1000) }
}

interface Place {
  text: string
  href: string
}
