import { randomUUID } from 'node:crypto'
import { Readable } from 'node:stream'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { sayInstant } from '#src/platform/calendar/london.ts'
import { notFound } from '#src/platform/web/errors.ts'
import { line, prose, read, refuse } from '#src/platform/web/form.ts'
import type { House } from '../../house.ts'
import { sayField } from '../case-page.ts'
import { type Account, step, type WriteToRequester } from '../cases.ts'
import { atDesk, type ById, casesPath, crumbs, dpo, type Rooms } from '../desk.ts'
import { givenOf, openForTaking, RecordEnded, readCopy, removeCopy, sealCopy } from './given.ts'
import { looksLikeOthers, standIn } from './left-out.ts'
import { pack } from './pack.ts'
import { readMe } from './read-me.ts'
import { copyInHand, lacksForReady, tellReady } from './ready.ts'
import { searchEverywhere } from './search.ts'
import { transferOutcomes } from './transfer.ts'

const view = (name: string) => `promises/rights/giving/${name}.njk`
const leaving = z.object({
  field: z.string().min(1, 'Select where it stands'),
  words: prose('The words', 2000),
  why: line('Enter why, without saying what it is: it goes into the answer', 'Why', 300),
})
const receiver = z.object({
  to: line('Enter the name of the body', 'The name', 200),
  reach: line('Enter how to reach them', 'How to reach them', 300),
})
const outcome = z.object({
  outcome: z.enum(['taken', 'not taken', 'refused'], 'Select how it went'),
  words: prose('What else there is to say', 1000),
})

/** The copy at the desk: everything is searched, looked through, relieved of what is about others, and made ready to be taken. */
export async function givingRoutes(
  app: FastifyInstance,
  house: House,
  write: WriteToRequester,
  { said = (_field, value) => value }: Rooms,
): Promise<void> {
  const inHand = (request: FastifyRequest, id: string) =>
    atDesk(house, request, async (tx, by) => {
      const held = await copyInHand(tx, house, by, id)
      if (!held) throw notFound()
      return { ...held, given: await givenOf(tx, id) }
    })

  const show = async (request: FastifyRequest, reply: FastifyReply, id: string, more: object = {}) => {
    const { one, account, byEmail, copy, going, given } = await inHand(request, id)
    const now = house.clock.now()
    return reply.page(view('look'), {
      title: `${one.reference}: the copy`,
      crumbs: [...crumbs, { text: one.reference, href: `${casesPath}/${id}` }],
      path: `${casesPath}/${id}/copy`,
      one,
      byEmail,
      searched: account.searched && { ...account.searched, at: sayInstant(new Date(account.searched.at)) },
      values: going.values.map(each => ({
        ...each,
        shown: said(each.field, each.value),
        others: looksLikeOthers(going, each.field),
      })),
      fields: copy.values.map(each => ({ value: each.field, text: each.says })),
      files: going.files,
      leftOut: account.leftOut.map(each => ({ ...each, says: sayField(each.field) })),
      transfer: account.transfer,
      outcomes: Object.entries(transferOutcomes).map(([value, text]) => ({ value, text })),
      given: given && {
        made: sayInstant(given.made_at),
        taken: given.handed_at && sayInstant(given.handed_at),
        until: given.open_until && sayInstant(given.open_until),
        waits: given.token_hash !== null && given.open_until !== null && given.open_until >= now,
      },
      typed: {},
      ...more,
    })
  }
  app.get<ById>(`${casesPath}/:id/copy`, dpo, (request, reply) => show(request, reply, request.params.id))

  app.post<ById>(`${casesPath}/:id/copy/search`, dpo, async (request, reply) => {
    const { id } = request.params
    await atDesk(house, request, async (tx, by) => {
      const held = await copyInHand(tx, house, by, id)
      if (!held) throw notFound()
      const places = await searchEverywhere(tx, house, by, held.one.subject)
      const searched = { at: house.clock.now().toISOString(), places }
      await step(tx, house, by, id, 'searched everywhere', {}, all => ({ ...all, searched }))
    })
    return reply.redirect(`${casesPath}/${id}/copy`, 303)
  })

  app.post<ById>(`${casesPath}/:id/copy/left-out`, dpo, async (request, reply) => {
    const { id } = request.params
    const form = read(leaving, { field: '', ...(request.body as object) })
    if (!form.ok) return show(request, reply.code(422), id, { typed: request.body, ...form })
    const { field, words, why } = form.answer
    const wrong = await atDesk(house, request, async (tx, by) => {
      const held = await copyInHand(tx, house, by, id)
      if (!held) throw notFound()
      const value = held.copy.values.find(each => each.field === field)?.value
      if (value === undefined) return refuse({ field: 'Select where it stands' })
      if (words && !standIn(value, words))
        return refuse({
          words: 'These words do not stand there: copy them as they stand, or leave this empty for all of it',
        })
      const out = { id: randomUUID(), field, words, why }
      const told = `${sayField(field)}: ${why}`
      const add = (all: Account) => ({ ...all, leftOut: [...all.leftOut, out] })
      await step(tx, house, by, id, 'left out of the copy', {}, add, told)
      return undefined
    })
    if (wrong) return show(request, reply.code(422), id, { typed: request.body, ...wrong })
    return reply.redirect(`${casesPath}/${id}/copy#left-out`, 303)
  })

  app.post<ById>(`${casesPath}/:id/copy/put-back`, dpo, async (request, reply) => {
    const { id } = request.params
    const { out } = z.object({ out: z.string().catch('') }).parse(request.body ?? {})
    await atDesk(house, request, async (tx, by) => {
      const held = await copyInHand(tx, house, by, id)
      const back = held?.account.leftOut.find(each => each.id === out)
      if (!back) throw notFound()
      const without = (all: Account) => ({ ...all, leftOut: all.leftOut.filter(each => each.id !== out) })
      await step(tx, house, by, id, 'put back into the copy', {}, without, sayField(back.field))
    })
    return reply.redirect(`${casesPath}/${id}/copy#left-out`, 303)
  })

  app.post<ById>(`${casesPath}/:id/copy/receiver`, dpo, async (request, reply) => {
    const { id } = request.params
    const form = read(receiver, request.body)
    if (!form.ok) return show(request, reply.code(422), id, { typed: request.body, ...form })
    const { to } = form.answer
    await atDesk(house, request, async (tx, by) => {
      const held = await copyInHand(tx, house, by, id)
      if (held?.one.matter !== 'transfer') throw notFound()
      const transfer = { ...form.answer, words: '' }
      await step(tx, house, by, id, 'is to be sent on', {}, all => ({ ...all, transfer }), to)
    })
    return reply.redirect(`${casesPath}/${id}/copy`, 303)
  })

  app.post<ById>(`${casesPath}/:id/copy/outcome`, dpo, async (request, reply) => {
    const { id } = request.params
    const form = read(outcome, request.body)
    if (!form.ok) return show(request, reply.code(422), id, { typed: request.body, ...form })
    const went = form.answer
    await atDesk(house, request, async (tx, by) => {
      const held = await copyInHand(tx, house, by, id)
      if (!held?.account.transfer) throw notFound()
      const transfer = { ...held.account.transfer, ...went }
      const words = [transferOutcomes[went.outcome], went.words].filter(Boolean).join('. ')
      await step(tx, house, by, id, 'how sending on went', {}, all => ({ ...all, transfer }), words)
    })
    return reply.redirect(`${casesPath}/${id}`, 303)
  })

  app.post<ById>(`${casesPath}/:id/copy/ready`, dpo, async (request, reply) => {
    const { id } = request.params
    const { looked } = z.object({ looked: z.string().optional() }).parse(request.body ?? {})
    const held = await inHand(request, id)
    const lacks = lacksForReady(held, looked === 'yes')
    if (lacks) return show(request, reply.code(422), id, refuse(lacks))
    const page = await reply.viewAsync(view('read-me'), readMe(held.one.reference, held.going, house.clock.now(), said))
    // Written before the transaction: it may be large, and is nobody's until a link leads to it.
    const sha256 = await sealCopy(house, held.one.subject, id, pack(house, held.going, page)).catch(ifEnded)
    if (!sha256) return reply.redirect(`${casesPath}/${id}`, 303)
    const made = await atDesk(house, request, async (tx, by) => {
      const again = await copyInHand(tx, house, by, id)
      if (!again) return undefined
      if (JSON.stringify(again.account.leftOut) !== JSON.stringify(held.account.leftOut)) return 'changed'
      const open = await openForTaking(tx, house, by, id, sha256)
      const link = `${house.config.baseUrl}/copy/${open.token}`
      await tellReady(tx, house, by, id, link, write)
      return { link, code: open.code }
    })
    if (made === 'changed')
      return show(request, reply.code(422), id, refuse({ looked: 'Someone changed it meanwhile: look again' }))
    if (!made) {
      await removeCopy(house, held.one.subject, id)
      return reply.redirect(`${casesPath}/${id}`, 303)
    }
    return show(request, reply, id, made)
  })

  app.get<ById>(`${casesPath}/:id/copy/file.zip`, dpo, async (request, reply) => {
    const { id } = request.params
    const { one } = await inHand(request, id)
    const file = await readCopy(house, one.subject, id)
    if (!file) throw notFound()
    return sendZip(reply, file)
  })
}

/** A record that ends while its copy is written leaves nothing to give: the case says so. */
function ifEnded(error: unknown): undefined {
  if (!(error instanceof RecordEnded)) throw error
}

function sendZip(reply: FastifyReply, file: AsyncIterable<Buffer>) {
  return reply
    .header('content-disposition', 'attachment; filename="copy.zip"')
    .type('application/zip')
    .send(Readable.from(file))
}
