import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { Secret, TOTP } from 'otpauth'
import QRCode from 'qrcode'
import { z } from 'zod'
import { notFound } from '#src/platform/web/errors.ts'
import { read, refuse } from '#src/platform/web/form.ts'
import { type House, within } from '#src/promises/house.ts'
import { system } from '#src/promises/notice/actor.ts'
import { contact } from '#src/promises/notice/contact.ts'
import { clearCookie, nextOf, setCookie } from '../doors/access.ts'
import { hasKeptForm } from '../doors/kept-form.ts'
import type { Session } from '../doors/sessions.ts'
import { countWrong, enter, type Factors, factorsOf, isSetUp, sealFactors, secretToSetUp } from './factors.ts'
import { passkeyOptions, takePasskey } from './passkeys.ts'

const safe = { by: system('doors'), for: 'keep the service safe' } as const
const codeForm = z.object({
  code: z
    .string('Enter the six numbers that your app shows')
    .transform(text => text.replace(/\D/g, ''))
    .refine(text => text.length === 6, 'Enter the six numbers that your app shows'),
})
const passkeyForm = z.object({ answer: z.string().max(20_000).default('') })
const wrongCode = { code: 'The code is wrong or was used before: wait for the next one' }
const wrongPasskey = { passkey: 'That passkey did not work. Try again, or ask an administrator to reset it' }

/** The second factor of staff, set up at the first sign-in: a one-time password (RFC 6238) or a passkey (WebAuthn). */
export async function secondFactorRoutes(app: FastifyInstance, house: House): Promise<void> {
  const half = { config: { may: 'half signed in', rateLimit: { max: 60, timeWindow: '1 minute' } } }

  app.get('/sign-in/second', half, async (request, reply) => show(house, staffSession(request), reply))
  app.post('/sign-in/second', half, async (request, reply) => {
    const session = staffSession(request)
    const sent = read(codeForm, request.body)
    if (!sent.ok) return show(house, session, reply, sent)
    const { code } = sent.answer
    return settle(house, request, reply, wrongCode, 'one-time password', async factors =>
      takeCode(house, factors, code),
    )
  })
  app.post('/sign-in/passkey', half, async (request, reply) => {
    const { answer } = passkeyForm.parse(request.body ?? {})
    const session = staffSession(request)
    return settle(house, request, reply, wrongPasskey, 'passkey', factors =>
      takePasskey(house, session, factors, answer),
    )
  })
}

/** Checks and uses a factor in one transaction, so that none is used twice, and lets the person in or asks again. */
async function settle(
  house: House,
  request: FastifyRequest,
  reply: FastifyReply,
  wrong: { [field: string]: string },
  by: string,
  take: (factors: Factors) => Promise<Factors | undefined>,
): Promise<unknown> {
  const session = staffSession(request)
  const { id } = session.actor
  const { token, isOver } = await within(house, safe, async tx => {
    const next = await take(await factorsOf(tx, house, id))
    if (!next) return { token: undefined, isOver: await countWrong(tx, session) }
    await sealFactors(tx, house, id, next)
    return { token: await enter(tx, house, id, by, session), isOver: false }
  })
  if (token) {
    setCookie(house, reply, token)
    return reply.redirect(hasKeptForm(request) ? '/kept' : (nextOf(request) ?? '/staff'), 303)
  }
  if (!isOver) return show(house, session, reply, refuse(wrong))
  clearCookie(house, reply)
  return reply.redirect('/sign-in', 303)
}

function takeCode(house: House, factors: Factors, code: string): Factors | undefined {
  if (!factors.totp) return undefined
  const now = house.clock.now().getTime()
  const delta = totpOf(factors.totp).validate({ token: code, window: 1, timestamp: now })
  if (delta === null) return undefined
  const step = Math.floor(now / 30_000) + delta
  return step > factors.used ? { ...factors, used: step } : undefined
}

async function show(house: House, session: Session, reply: FastifyReply, refusal?: object): Promise<unknown> {
  const { factors, totp } = await within(house, safe, async tx => {
    const factors = await factorsOf(tx, house, session.actor.id)
    if (isSetUp(factors)) return { factors, totp: undefined }
    return { factors, totp: await secretToSetUp(tx, house, session.actor.id, factors) }
  })
  if (refusal) reply.code(422)
  const passkey = JSON.stringify(await passkeyOptions(house, session, factors))
  const common = { passkey, ...refusal }
  if (totp === undefined)
    return reply.page('people/staff/second.njk', {
      title: 'Your second step',
      hasApp: factors.used > 0,
      hasPasskey: factors.passkeys.length > 0,
      ...common,
    })
  return reply.page('people/staff/set-up.njk', {
    title: 'Set up your second step',
    picture: await QRCode.toDataURL(totpOf(totp).toString(), { margin: 1, scale: 5 }),
    key: totp.match(/.{1,4}/g)?.join(' ') ?? '',
    ...common,
  })
}

function totpOf(secret: string): TOTP {
  return new TOTP({ issuer: contact.panel, label: 'staff', secret: Secret.fromBase32(secret) })
}

function staffSession(request: FastifyRequest): Session {
  if (request.session?.kind !== 'staff' || request.session.complete) throw notFound()
  return request.session
}
