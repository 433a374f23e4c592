import type { FastifyInstance } from 'fastify'
import { Secret, TOTP } from 'otpauth'
import QRCode from 'qrcode'
import { z } from 'zod'
import { notFound } from '#src/platform/web/errors.ts'
import { read, refuse } from '#src/platform/web/form.ts'
import { type House, within } from '#src/promises/house.ts'
import { record } from '#src/promises/ledger/ledger.ts'
import { system } from '#src/promises/notice/actor.ts'
import { contact } from '#src/promises/notice/contact.ts'
import { hasKeptForm } from '../doors/kept-form.ts'
import { completeSession } from '../doors/sessions.ts'

const doors = system('doors')
const safe = { by: doors, for: 'keep the service safe' } as const
const factor = z.object({ totp: z.string(), used: z.number().default(0) })
const form = z.object({
  code: z
    .string()
    .transform(text => text.replace(/\D/g, ''))
    .refine(text => text.length === 6, 'Enter the six numbers that your app shows'),
})

/** The second factor of staff: a one-time password from an app (RFC 6238), set up at the first sign-in. */
export async function secondFactorRoutes(app: FastifyInstance, house: House): Promise<void> {
  const half = { config: { may: 'half signed in', rateLimit: { max: 30, timeWindow: '1 minute' } } }

  app.get('/sign-in/second', half, async (request, reply) => {
    const id = staffId(request.session)
    const held = await secretOf(house, id)
    if (held.ready) return reply.page('people/staff/second.njk', { title: 'Enter the code from your app' })
    return reply.page('people/staff/set-up.njk', { title: 'Set up your second step', ...(await picture(held.totp)) })
  })
  app.post('/sign-in/second', half, async (request, reply) => {
    const id = staffId(request.session)
    const sent = read(form, request.body)
    const held = await secretOf(house, id)
    const again = async (refusal: object) =>
      held.ready
        ? reply.code(422).page('people/staff/second.njk', { title: 'Enter the code from your app', ...refusal })
        : reply.code(422).page('people/staff/set-up.njk', {
            title: 'Set up your second step',
            ...(await picture(held.totp)),
            ...refusal,
          })
    if (!sent.ok) return again(sent)
    const now = house.clock.now()
    const delta = totpOf(held.totp).validate({ token: sent.answer.code, window: 1, timestamp: now.getTime() })
    const step = delta === null ? 0 : Math.floor(now.getTime() / 30_000) + delta
    if (delta === null || step <= held.used)
      return again(refuse({ code: 'The code is wrong or was used before: wait for the next one' }))
    const session = request.session
    if (!session) throw notFound()
    await within(house, safe, async tx => {
      await house.vault.put(tx, doors, 'staff', id, { secondFactor: JSON.stringify({ totp: held.totp, used: step }) })
      await tx.updateTable('staff').set({ second_factor: true }).where('dossier_id', '=', id).execute()
      await completeSession(tx, now, session.id)
      await record(tx, {
        actor: id,
        role: 'administrator',
        purpose: 'keep the service safe',
        act: 'second factor given',
        subject: id,
        at: now,
      })
    })
    return reply.redirect(hasKeptForm(request) ? '/kept' : '/staff', 303)
  })
}

async function secretOf(house: House, id: string): Promise<{ totp: string; used: number; ready: boolean }> {
  return within(house, safe, async tx => {
    const row = await tx.selectFrom('staff').select('second_factor').where('dossier_id', '=', id).executeTakeFirst()
    const ask = { by: doors, for: 'keep the service safe', fields: ['secondFactor'] } as const
    const [opened] = await house.vault.open(tx, 'staff', ask, [id])
    const held = factor.safeParse(opened?.secondFactor ? JSON.parse(opened.secondFactor) : undefined)
    if (held.success) return { ...held.data, ready: row?.second_factor === true }
    const totp = new Secret({ size: 20 }).base32
    await house.vault.put(tx, doors, 'staff', id, { secondFactor: JSON.stringify({ totp, used: 0 }) })
    return { totp, used: 0, ready: false }
  })
}

function totpOf(secret: string): TOTP {
  return new TOTP({ issuer: contact.panel, label: 'staff', secret: Secret.fromBase32(secret) })
}

async function picture(secret: string): Promise<{ picture: string; key: string }> {
  return {
    picture: await QRCode.toDataURL(totpOf(secret).toString(), { margin: 1, scale: 5 }),
    key: secret.match(/.{1,4}/g)?.join(' ') ?? '',
  }
}

function staffId(session: { kind: string; actor: { id: string } } | undefined): string {
  if (session?.kind !== 'staff') throw notFound()
  return session.actor.id
}
