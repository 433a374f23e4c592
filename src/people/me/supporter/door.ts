import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { queueLetters } from '#src/panel/correspondence/queue.ts'
import { agreeToSupport, type Supporter, supporterById, whoActs } from '#src/panel/correspondence/supporter.ts'
import type { Tx } from '#src/platform/database/database.ts'
import { read, refuse } from '#src/platform/web/form.ts'
import { type House, within } from '#src/promises/house.ts'
import { record } from '#src/promises/ledger/ledger.ts'
import { system } from '#src/promises/notice/actor.ts'
import { setCookie } from '../../doors/access.ts'
import { askForCode, isMark, useCode } from '../../doors/codes.ts'
import { endSession, startSession } from '../../doors/sessions.ts'

const anyone = { config: { may: 'anyone' } }
const few = { config: { may: 'anyone', rateLimit: { max: 60, timeWindow: '1 minute' } } }
const by = system('doors')
const view = (name: string) => `people/me/supporter/${name}.njk`
const over = { title: 'This link has run out' }
const codeForm = z.object({ code: z.string().trim().min(1, 'Enter the code from the email') })
const wrongCode = 'The code is wrong or has run out. Check it, or ask for a new one'
type ByMark = { Params: { mark: string } }

/**
 * The supporter's own door, by the link of the letters to them: they agree there, and who may act for the person gets a
 * code at their own address. The link alone signs nobody in.
 */
export async function supporterDoor(app: FastifyInstance, house: House): Promise<void> {
  // Mail scanners open links: only pressing the button agrees.
  app.get<ByMark>('/supporter/:mark', anyone, async (request, reply) => {
    const row = await supporterIn(house, request.params.mark)
    if (!row) return reply.code(422).page('people/me/details/over.njk', over)
    if (!row.agreed_at) return reply.page(view('agree'), { title: 'Do you agree to support them?' })
    return reply.page(view('agreed'), { title: 'You support someone', ...doorOf(request, row) })
  })
  app.post<ByMark>('/supporter/:mark', few, async (request, reply) => {
    const row = await supporterIn(house, request.params.mark)
    const agreed = row && (await within(house, panel, tx => agreeToSupport(tx, house, row.id)))
    if (!agreed) return reply.code(422).page('people/me/details/over.njk', over)
    return reply.page(view('agreed'), { title: 'Thank you', ...doorOf(request, row) })
  })

  const showCode = (request: FastifyRequest<ByMark>, reply: FastifyReply, more: object = {}) =>
    reply.page(view('code'), { title: 'Check your email', mark: request.params.mark, ...more })
  app.post<ByMark>('/supporter/:mark/code', few, async (request, reply) => {
    const row = await supporterIn(house, request.params.mark)
    const sent = row && (await within(house, panel, tx => sendCode(tx, house, row)))
    if (!sent) return reply.code(422).page('people/me/details/over.njk', over)
    return showCode(request, reply)
  })
  app.post<ByMark>('/supporter/:mark/sign-in', few, async (request, reply) => {
    const row = await supporterIn(house, request.params.mark)
    if (!row) return reply.code(422).page('people/me/details/over.njk', over)
    const form = read(codeForm, request.body)
    if (!form.ok) return showCode(request, reply.code(422), form)
    const secret = await house.vault.secret('sign-in')
    const used = await within(house, panel, tx =>
      useCode(tx, house.clock.now(), secret, [row.dossier_id], form.answer.code, row.id),
    )
    if (!used) return showCode(request, reply.code(422), refuse({ code: wrongCode }))
    return letSupporterIn(house, request, reply, row.id)
  })
}

const panel = { by, for: 'administer the panel' } as const

/** Starts a supporter's session for the person who named them, as long as they may act. */
export async function letSupporterIn(
  house: House,
  request: FastifyRequest,
  reply: FastifyReply,
  supporter: string,
): Promise<unknown> {
  const before = request.session
  const token = await within(house, panel, async tx => {
    const now = house.clock.now()
    const row = await whoActs(tx, now, supporter)
    if (!row) return undefined
    if (before) await endSession(tx, before.id)
    const acting = { actor: row.dossier_id, role: 'supporter', purpose: 'administer the panel' } as const
    await record(tx, { ...acting, act: 'signed in', subject: row.dossier_id, at: now })
    return startSession(tx, now, 'resident', [row.dossier_id], false, row.id)
  })
  if (!token) return reply.code(422).page('people/me/details/over.njk', over)
  setCookie(house, reply, token)
  return reply.redirect('/me', 303)
}

/** The supporter whom a link was made for, until their last day. */
async function supporterIn(house: House, mark: string): Promise<Supporter | undefined> {
  const [id = '', proof = ''] = mark.split('.')
  const secret = await house.vault.secret('sign-in')
  if (!z.uuid().safeParse(id).success || !isMark(secret, `supporter/${id}`, proof)) return undefined
  return within(house, panel, tx => supporterById(tx, house, id))
}

function doorOf(request: FastifyRequest<ByMark>, row: Supporter) {
  return { acts: row.scope === 'acts', mark: request.params.mark }
}

/** Sends a code to the supporter's own address; false when they may not act. Too many in an hour are not sent. */
async function sendCode(tx: Tx, house: House, { id, dossier_id }: Supporter) {
  if (!(await whoActs(tx, house.clock.now(), id))) return false
  const signIn = await askForCode(tx, house.clock.now(), dossier_id, id)
  if (signIn)
    await queueLetters(tx, house, 'sign-in code', [{ dossier: dossier_id, detail: { signIn }, forSupporter: true }])
  return true
}
