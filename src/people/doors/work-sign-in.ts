import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import {
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  type Configuration,
  calculatePKCECodeChallenge,
  discovery,
  randomNonce,
  randomPKCECodeVerifier,
  randomState,
} from 'openid-client'
import { z } from 'zod'
import { forbidden, notFound, PageError, unprocessable } from '#src/platform/web/errors.ts'
import { type House, within } from '#src/promises/house.ts'
import { record } from '#src/promises/ledger/ledger.ts'
import { system } from '#src/promises/notice/actor.ts'
import { openAccounts } from '../staff/accounts.ts'
import { enter, factorsOf, sealFactors } from '../staff/factors.ts'
import { nextOf, setCookie } from './access.ts'
import { hasKeptForm } from './kept-form.ts'

const doors = system('doors')
const safe = { by: doors, for: 'keep the service safe' } as const
const COOKIE = 'work'
const BACK = '/sign-in/work/back'
const journey = z.object({ state: z.string(), nonce: z.string(), verifier: z.string(), next: z.string().optional() })
const claimsOf = z.object({
  iss: z.string(),
  sub: z.string().min(1),
  email: z.email(),
  email_verified: z.boolean().default(true),
})

/** Staff sign in with their work account (OpenID Connect: code flow with PKCE, state and nonce) where one is set up. */
export async function workSignInRoutes(app: FastifyInstance, house: House): Promise<void> {
  const few = { config: { may: 'anyone', rateLimit: { max: 60, timeWindow: '1 minute' } } }
  const provider = once(() => discover(house))

  app.get('/sign-in/work', few, async (request, reply) => {
    const config = await provider()
    const [state, nonce, verifier] = [randomState(), randomNonce(), randomPKCECodeVerifier()]
    keepJourney(house, reply, { state, nonce, verifier, next: nextOf(request) })
    const to = buildAuthorizationUrl(config, {
      redirect_uri: `${house.config.baseUrl}${BACK}`,
      scope: 'openid email',
      state,
      nonce,
      code_challenge: await calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
    })
    return reply.redirect(to.href, 303)
  })

  app.get(BACK, few, async (request, reply) => {
    const config = await provider()
    const begun = journeyOf(request)
    reply.clearCookie(COOKIE, { path: '/sign-in/work' })
    if (!begun) throw unprocessable('Your sign-in took too long, or began in another browser. Sign in again.')
    const claims = await askProvider(config, new URL(`${house.config.baseUrl}${request.url}`), begun)
    const token = await within(house, safe, tx => letWorkAccountIn(tx, house, claims))
    if (!token) throw forbidden('Your work account has no staff account here. Ask an administrator to invite you.')
    setCookie(house, reply, token)
    return reply.redirect(hasKeptForm(request) ? '/kept' : (begun.next ?? '/staff'), 303)
  })
}

type Claims = z.output<typeof claimsOf>
type Journey = z.output<typeof journey>

/** The open account of this address. Its first sign-in binds it to the provider's own id of the person. */
async function letWorkAccountIn(
  tx: Parameters<typeof factorsOf>[0],
  house: House,
  claims: Claims,
): Promise<string | undefined> {
  if (!claims.email_verified) return undefined
  const [account] = await openAccounts(tx, await house.vault.findByEmail(claims.email))
  if (!account) return undefined
  const factors = await factorsOf(tx, house, account.id)
  const subject = `${claims.iss} ${claims.sub}`
  if (factors.subject && factors.subject !== subject) {
    await record(tx, {
      actor: doors.id,
      role: 'system',
      purpose: 'keep the service safe',
      act: 'refused',
      subject: account.id,
      detail: { why: 'another work account with this address' },
      at: house.clock.now(),
    })
    return undefined
  }
  if (!factors.subject) await sealFactors(tx, house, account.id, { ...factors, subject })
  return enter(tx, house, account.id, 'work account')
}

async function askProvider(config: Configuration, back: URL, begun: Journey): Promise<Claims> {
  const tokens = await authorizationCodeGrant(config, back, {
    expectedState: begun.state,
    expectedNonce: begun.nonce,
    pkceCodeVerifier: begun.verifier,
  }).catch(() => {
    throw unprocessable('Your work account did not let you in. Sign in again.') // its words may quote the address
  })
  const claims = claimsOf.safeParse(tokens.claims())
  if (!claims.success) throw unprocessable('Your work account does not tell us your email address.')
  return claims.data
}

async function discover(house: House): Promise<Configuration> {
  const { oidc } = house.config
  if (!oidc) throw notFound()
  const issuer = new URL(oidc.issuer)
  const execute = issuer.protocol === 'http:' && house.config.mode === 'demo' ? [allowInsecureRequests] : []
  return discovery(issuer, oidc.clientId, oidc.clientSecret, undefined, { execute, timeout: 10 }).catch(() => {
    throw new PageError(503, 'Work accounts cannot be checked at the moment. Try again in a few minutes.')
  })
}

/** Runs it until it succeeds, and then gives the same answer. */
function once<T>(work: () => Promise<T>): () => Promise<T> {
  let done: Promise<T> | undefined
  return () => {
    done ??= work().catch(error => {
      done = undefined
      throw error
    })
    return done
  }
}

function keepJourney(house: House, reply: FastifyReply, begun: { [name in keyof Journey]?: string | undefined }): void {
  reply.setCookie(COOKIE, Buffer.from(JSON.stringify(begun)).toString('base64url'), {
    path: '/sign-in/work',
    httpOnly: true,
    sameSite: 'lax',
    signed: true,
    secure: house.config.baseUrl.startsWith('https://'),
    maxAge: 10 * 60,
  })
}

function journeyOf(request: FastifyRequest): Journey | undefined {
  const cookie = request.unsignCookie(request.cookies[COOKIE] ?? '')
  if (!cookie.valid || !cookie.value) return undefined
  return journey.safeParse(JSON.parse(Buffer.from(cookie.value, 'base64url').toString())).data
}
