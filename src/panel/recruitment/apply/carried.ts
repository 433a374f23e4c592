import type { FastifyReply, FastifyRequest } from 'fastify'
import type { House } from '#src/promises/house.ts'

const COOKIE = 'terms'
const path = '/apply'

/**
 * Carries the terms that someone has served to the page that begins the application, on their own device: until then
 * nothing is kept here, and no answer stands in an address.
 */
export function carryTerms(house: House, reply: FastifyReply, terms: string): void {
  const secure = house.config.baseUrl.startsWith('https://')
  reply.setCookie(COOKIE, terms, { path, httpOnly: true, sameSite: 'lax', secure, maxAge: 60 * 60 })
}

/** The terms that were carried here, if any; they are carried no further. */
export function takeTerms(request: FastifyRequest, reply: FastifyReply): string | undefined {
  const terms = request.cookies[COOKIE]
  reply.clearCookie(COOKIE, { path })
  return terms && /^[0-2]$/.test(terms) ? terms : undefined
}
