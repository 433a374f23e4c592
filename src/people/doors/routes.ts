import { setTimeout } from 'node:timers/promises'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { tell } from '#src/panel/correspondence/tell.ts'
import { addressConfirmed } from '#src/panel/recruitment/application.ts'
import { othersAt } from '#src/panel/recruitment/same-address.ts'
import type { Tx } from '#src/platform/database/database.ts'
import { notFound } from '#src/platform/web/errors.ts'
import { email, read, refuse } from '#src/platform/web/form.ts'
import { type House, within } from '#src/promises/house.ts'
import { record } from '#src/promises/ledger/ledger.ts'
import { system } from '#src/promises/notice/actor.ts'
import { letSupporterIn } from '../me/supporter/door.ts'
import { openAccounts } from '../staff/accounts.ts'
import { clearCookie, nextOf, setCookie } from './access.ts'
import { chooseRoutes, toChoose } from './choose.ts'
import { askForCode, isMark, useCode, useLink } from './codes.ts'
import { hasKeptForm, keptFormRoutes } from './kept-form.ts'
import { endSession, startSession } from './sessions.ts'
import { workSignInRoutes } from './work-sign-in.ts'

const doors = system('doors')
/** To sign in is the first step of every right: it works for a record that is set aside, too. */
const safe = { by: doors, for: 'exercise rights' } as const
const askForm = z.object({ email })
const codeForm = z.object({ email: z.string(), code: z.string().trim().min(1, 'Enter the code from the email') })
/** Milliseconds that an answer about an address takes at least. */
const SAME_TIME = 250
const wrongCode = 'The code is wrong or has run out. Check it, or ask for a new one'

/** Signing in by a code or a link in an email: no password, and no hint whether an address is known. */
export async function doorRoutes(app: FastifyInstance, house: House): Promise<void> {
  const anyone = { config: { may: 'anyone' } }
  const work = house.config.oidc !== undefined
  const few = { config: { may: 'anyone', rateLimit: { max: 60, timeWindow: '1 minute' } } }

  app.get('/sign-in', anyone, async (request, reply) =>
    reply.page('people/doors/sign-in.njk', {
      title: 'Sign in',
      values: {},
      next: nextOf(request),
      keeps: hasKeptForm(request),
      work,
    }),
  )
  app.post('/sign-in', few, async (request, reply) => {
    const form = read(askForm, request.body)
    const next = nextOf(request)
    if (!form.ok)
      return reply
        .code(422)
        .page('people/doors/sign-in.njk', { title: 'Sign in', values: request.body, next, work, ...form })
    await evenly(sendCode(house, form.answer.email, next?.startsWith('/staff') === true))
    return reply.page('people/doors/code.njk', {
      title: 'Check your email',
      values: { email: form.answer.email },
      next,
    })
  })
  app.post('/sign-in/code', few, async (request, reply) => {
    const next = nextOf(request)
    const again = (refusal: object) =>
      reply
        .code(422)
        .page('people/doors/code.njk', { title: 'Check your email', values: request.body, next, ...refusal })
    const form = read(codeForm, request.body)
    if (!form.ok) return again(form)
    const secret = await house.vault.secret('sign-in')
    const known = await house.vault.findByEmail(form.answer.email)
    const { code } = form.answer
    const dossier = await evenly(within(house, safe, tx => useCode(tx, house.clock.now(), secret, known, code)))
    if (!dossier) return again(refuse({ code: wrongCode }))
    return letIn(house, request, reply, dossier, known, next)
  })

  // Mail scanners open links, so opening one shows a button; only pressing it signs in.
  app.get('/sign-in/link/:mark', anyone, async (request, reply) => {
    const { mark } = z.object({ mark: z.string() }).parse(request.params)
    return reply.page('people/doors/link.njk', { title: 'Sign in', mark })
  })
  app.post('/sign-in/link/:mark', few, async (request, reply) => {
    const { mark } = z.object({ mark: z.string() }).parse(request.params)
    const [id = '', proof = ''] = mark.split('.')
    const secret = await house.vault.secret('sign-in')
    const isOurs = z.uuid().safeParse(id).success && isMark(secret, `sign-in/${id}`, proof)
    const found = isOurs ? await within(house, safe, tx => useLink(tx, house.clock.now(), id)) : undefined
    if (!found)
      return reply.code(422).page('people/doors/sign-in.njk', {
        title: 'This link has run out',
        values: {},
        work,
        ...refuse({ email: 'A link works once, for an hour. Enter your email address to get a new one' }),
      })
    const { dossier, supporter } = found
    if (supporter) return letSupporterIn(house, request, reply, supporter)
    const others = await sameAddress(house, dossier)
    return letIn(house, request, reply, dossier, others)
  })

  app.get('/sign-out', anyone, async (_request, reply) =>
    reply.page('people/doors/sign-out.njk', { title: 'Sign out' }),
  )
  app.post('/sign-out', anyone, async (request, reply) => {
    const { session } = request
    if (session) await within(house, safe, tx => endSession(tx, session.id))
    clearCookie(house, reply)
    return reply.redirect(nextOf(request) ?? '/', 303)
  })

  app.get('/confirm/:mark', anyone, async (request, reply) => {
    const { mark } = z.object({ mark: z.string() }).parse(request.params)
    return reply.page('people/doors/confirm.njk', { title: 'Confirm your email address', mark })
  })
  app.post('/confirm/:mark', few, async (request, reply) => {
    const { mark } = z.object({ mark: z.string() }).parse(request.params)
    const [id = '', proof = ''] = mark.split('.')
    const secret = await house.vault.secret('sign-in')
    if (!z.uuid().safeParse(id).success || !isMark(secret, `confirm/${id}`, proof)) throw notFound()
    const another = await within(house, { by: doors, for: 'administer the panel' }, async tx => {
      const letter = await tx.selectFrom('message').select('dossier_id').where('id', '=', id).executeTakeFirst()
      if (!letter) throw notFound()
      await addressConfirmed(tx, house, letter.dossier_id)
      await record(tx, {
        actor: doors.id,
        role: 'system',
        purpose: 'administer the panel',
        act: 'address confirmed',
        subject: letter.dossier_id,
        at: house.clock.now(),
      })
      const address = await addressOf(tx, house, letter.dossier_id)
      return address !== undefined && (await othersAt(tx, house, letter.dossier_id, address)).length > 0
    })
    return reply.page('people/doors/confirmed.njk', { title: 'Your email address is confirmed', another })
  })
  await chooseRoutes(app, house)
  await keptFormRoutes(app, house)
  await workSignInRoutes(app, house)
}

/**
 * Sends a code to one living dossier of an address: the staff account for someone on the way to staff pages, else the
 * resident. An unknown address gets nothing, and the page says the same.
 */
async function sendCode(house: House, address: string, toStaffPages: boolean): Promise<void> {
  const { staff, residents } = await signable(house, await house.vault.findByEmail(address))
  const dossier = (toStaffPages ? staff : residents).at(-1) ?? residents.at(-1) ?? staff.at(-1)
  if (!dossier) return
  await within(house, safe, async tx => {
    const id = await askForCode(tx, house.clock.now(), dossier)
    if (id) await tell(tx, house, doors, dossier, 'sign-in code', { signIn: id })
  })
}

/** Who of these may sign in by a code: residents, and staff with an open account where no work sign-in is set up. */
async function signable(house: House, ids: readonly string[]): Promise<{ staff: string[]; residents: string[] }> {
  const residents: string[] = []
  for (const id of ids) if ((await house.vault.record(id))?.kind === 'panel') residents.push(id)
  if (house.config.oidc || !ids.length) return { staff: [], residents }
  const open = await within(house, safe, tx => openAccounts(tx, ids))
  return { staff: open.map(one => one.id), residents }
}

/** Takes as long for an address that nobody knows as for a known one. */
async function evenly<T>(work: Promise<T>): Promise<T> {
  const [done] = await Promise.all([work, setTimeout(SAME_TIME)])
  return done
}

async function sameAddress(house: House, dossier: string): Promise<string[]> {
  const found = await house.vault.record(dossier)
  if (found?.kind !== 'panel') return [dossier]
  const address = await within(house, safe, tx => addressOf(tx, house, dossier))
  return address ? house.vault.findByEmail(address) : [dossier]
}

async function addressOf(tx: Tx, house: House, dossier: string): Promise<string | undefined> {
  const ask = { by: doors, for: 'exercise rights', fields: ['email'] } as const
  const [opened] = await house.vault.open(tx, 'panel', ask, [dossier])
  return opened?.email
}

/** Starts the session of the person whom the code was for: staff go on to the second factor. */
async function letIn(
  house: House,
  request: FastifyRequest,
  reply: FastifyReply,
  dossier: string,
  known: readonly string[],
  next?: string,
): Promise<unknown> {
  const [account] = await within(house, safe, tx => openAccounts(tx, [dossier]))
  const isStaff = account !== undefined
  const own = [dossier]
  if (!isStaff)
    for (const id of known) if (id !== dossier && (await house.vault.record(id))?.kind === 'panel') own.push(id)
  const before = request.session
  const token = await within(house, safe, async tx => {
    if (before) await endSession(tx, before.id)
    if (!isStaff) await addressConfirmed(tx, house, dossier) // the code was read there
    await record(tx, {
      actor: dossier,
      role: account?.roles[0] ?? 'resident',
      purpose: 'keep the service safe',
      act: 'signed in',
      subject: dossier,
      at: house.clock.now(),
    })
    return startSession(tx, house.clock.now(), isStaff ? 'staff' : 'resident', own)
  })
  setCookie(house, reply, token)
  if (isStaff) return reply.redirect(next ? `/sign-in/second?next=${encodeURIComponent(next)}` : '/sign-in/second', 303)
  if (hasKeptForm(request)) return reply.redirect('/kept', 303)
  return reply.redirect(own.length > 1 ? toChoose(next) : (next ?? '/me'), 303)
}
