import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { readContact } from '#src/panel/recruitment/apply/contact.ts'
import { nameForm } from '#src/panel/recruitment/apply/name.ts'
import { channels, itemsOf, wordsOf } from '#src/panel/recruitment/options.ts'
import { addressValue } from '#src/panel/recruitment/values.ts'
import type { Tx } from '#src/platform/database/database.ts'
import { notFound } from '#src/platform/web/errors.ts'
import { email, read, refuse } from '#src/platform/web/form.ts'
import { type House, within } from '#src/promises/house.ts'
import { type Actor, system } from '#src/promises/notice/actor.ts'
import { isMark } from '../../doors/codes.ts'
import { may } from '../permissions.ts'
import { askChange, confirmByCode, confirmChange, undoChange, undoHours, waitingAddress } from './change.ts'

const resident = { config: { may: may.own } }
const few = { config: { may: may.own, rateLimit: { max: 30, timeWindow: '1 minute' } } }
const anyone = { config: { may: 'anyone' } }
const fewAnyone = { config: { may: 'anyone', rateLimit: { max: 60, timeWindow: '1 minute' } } }
const doors = { by: system('doors'), for: 'exercise rights' } as const
const view = (name: string) => `people/me/details/${name}.njk`
const wrongCode = 'The code is wrong or has run out. Check it, or ask for a new one'
type ByMark = { Params: { mark: string } }

/** A person's own details: name, how they are reached, and the e-mail address, which is confirmed from the new one. */
export async function detailsRoutes(app: FastifyInstance, house: House): Promise<void> {
  app.get('/me/details', resident, async (request, reply) => {
    const shown = await mine(house, request, async (tx, me) => ({
      held: await ownContact(tx, house, me),
      waits: (await waitingAddress(tx, house, me.id)) !== undefined,
    }))
    const address = addressValue.read(shown.held.address)
    return reply.page(view('details'), {
      title: 'Your details',
      back: '/me',
      waits: shown.waits,
      name: shown.held.name,
      email: shown.held.email,
      phone: shown.held.phone,
      address: address && [...address.lines, address.postcode].join(', '),
      channel: wordsOf(channels, shown.held.channel),
    })
  })

  const showName = (reply: FastifyReply, values: unknown, more: object = {}) =>
    reply.page(view('name'), { title: 'What is your name?', back: '/me/details', values, ...more })
  app.get('/me/details/name', resident, async (request, reply) =>
    showName(reply, await mine(house, request, (tx, me) => ownContact(tx, house, me))),
  )
  app.post('/me/details/name', few, async (request, reply) => {
    const form = read(nameForm, request.body)
    if (!form.ok) return showName(reply.code(422), request.body, form)
    await mine(house, request, (tx, me) => house.vault.put(tx, me, 'panel', me.id, { name: form.answer.name }))
    return reply.redirect('/me/details', 303)
  })

  const showReach = (reply: FastifyReply, values: { [field: string]: unknown }, more: object = {}) =>
    reply.page(view('reach'), {
      title: 'How can we reach you?',
      back: '/me/details',
      values,
      channels: itemsOf(channels, String(values.channel ?? '')),
      ...more,
    })
  app.get('/me/details/reach', resident, async (request, reply) => {
    const held = await mine(house, request, (tx, me) => ownContact(tx, house, me))
    const address = addressValue.read(held.address)
    const values = { ...held, address: address?.lines.join('\n'), postcode: address?.postcode }
    return showReach(reply, values)
  })
  app.post('/me/details/reach', few, async (request, reply) => {
    const sent = fieldsIn(request.body)
    const refused = await mine(house, request, async (tx, me) => {
      const held = await ownContact(tx, house, me)
      const form = readContact({ ...sent, email: held.email ?? '' })
      if (!form.ok) return 'email' in form.error ? refuse({ channel: 'Add an email address first' }) : form
      const { channel, phone, address } = form.values
      await house.vault.put(tx, me, 'panel', me.id, { channel, phone, address })
      return undefined
    })
    if (refused) return showReach(reply.code(422), sent, refused)
    return reply.redirect('/me/details', 303)
  })

  const showEmail = (reply: FastifyReply, values: unknown, more: object = {}) =>
    reply.page(view('email'), {
      title: 'Your new email address',
      back: '/me/details',
      hours: undoHours,
      values,
      ...more,
    })
  app.get('/me/details/email', resident, async (_request, reply) => showEmail(reply, {}))
  app.post('/me/details/email', few, async (request, reply) => {
    const form = read(z.object({ email }), request.body)
    if (!form.ok) return showEmail(reply.code(422), request.body, form)
    const asked = await mine(house, request, (tx, me) => askChange(tx, house, me, me.id, form.answer.email))
    if (asked === 'asked') return reply.redirect('/me/details/email/code', 303)
    const sentence =
      asked === 'the same'
        ? 'This is the address that we use already'
        : 'You have asked for several addresses. Wait an hour, or call us'
    return showEmail(reply.code(422), request.body, refuse({ email: sentence }))
  })

  const showCode = async (request: FastifyRequest, reply: FastifyReply, more: object = {}) => {
    const address = await mine(house, request, (tx, me) => waitingAddress(tx, house, me.id))
    return reply.page(view('code'), { title: 'Check your new email', back: '/me/details', address, ...more })
  }
  app.get('/me/details/email/code', resident, (request, reply) => showCode(request, reply))
  app.post('/me/details/email/code', few, async (request, reply) => {
    const code = String(fieldsIn(request.body).code ?? '')
    const done = await mine(house, request, (tx, me) => confirmByCode(tx, house, me.id, code, request.session?.id))
    if (!done) return showCode(request, reply.code(422), refuse({ code: code.trim() ? wrongCode : 'Enter the code' }))
    return reply.redirect('/me/details', 303)
  })

  // Mail scanners open links: opening one shows a button, and only pressing it does anything.
  app.get<ByMark>('/new-address/:mark', anyone, async (_request, reply) =>
    reply.page(view('confirm'), { title: 'Confirm your new email address' }),
  )
  app.post<ByMark>('/new-address/:mark', fewAnyone, async (request, reply) => {
    const id = await idIn(house, 'new-address', request.params.mark)
    const done = id && (await within(house, doors, tx => confirmChange(tx, house, id, request.session?.id)))
    if (!done) return reply.code(422).page(view('over'), { title: 'This link has run out' })
    return reply.page(view('confirmed'), { title: 'We use your new email address' })
  })
  app.get<ByMark>('/not-me/:mark', anyone, async (_request, reply) =>
    reply.page(view('not-me'), { title: 'Was it not you?' }),
  )
  app.post<ByMark>('/not-me/:mark', fewAnyone, async (request, reply) => {
    const id = await idIn(house, 'not-me', request.params.mark)
    const done = id && (await within(house, doors, tx => undoChange(tx, house, id)))
    if (!done) return reply.code(422).page(view('over'), { title: 'This link has run out' })
    return reply.page(view('kept'), { title: 'We use this email address' })
  })
}

/** The id of a change in a link of ours; undefined in any other. */
async function idIn(house: House, what: string, mark: string): Promise<string | undefined> {
  const [id = '', proof = ''] = mark.split('.')
  const secret = await house.vault.secret('sign-in')
  return z.uuid().safeParse(id).success && isMark(secret, `${what}/${id}`, proof) ? id : undefined
}

async function ownContact(tx: Tx, house: House, me: Actor) {
  const fields = ['name', 'email', 'phone', 'address', 'channel'] as const
  const [held] = await house.vault.open(tx, 'panel', { by: me, for: 'administer the panel', fields }, [me.id])
  if (!held) throw notFound()
  return held
}

function fieldsIn(body: unknown): { [field: string]: unknown } {
  return body && typeof body === 'object' ? Object.fromEntries(Object.entries(body)) : {}
}

function mine<T>(house: House, request: FastifyRequest, work: (tx: Tx, me: Actor) => Promise<T>): Promise<T> {
  const me = request.actor
  if (!me) throw notFound()
  return within(house, { by: me, for: 'administer the panel' }, tx => work(tx, me))
}
