import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { londonDate, sayDate } from '#src/platform/calendar/london.ts'
import type { Tx } from '#src/platform/database/database.ts'
import { notFound } from '#src/platform/web/errors.ts'
import { clean, refuse } from '#src/platform/web/form.ts'
import type { Actor } from '../notice/actor.ts'
import { contact } from '../notice/contact.ts'
import { fingerprint, mostLetter, paragraphs } from '../rights/answer.ts'
import { atDesk, view as rightsView } from '../rights/desk.ts'
import { type ById, crumbs, type Desk, desk, dpo } from './desk.ts'
import { disclosureById, step } from './disclosure.ts'

/** The letter of a refusal: drafted, checked as it will be read, sent; with it the request closes. */
export async function letterRoutes(app: FastifyInstance, { house, write, show }: Desk): Promise<void> {
  const heldAt = async (tx: Tx, by: Actor, id: string) => {
    const held = await disclosureById(tx, house, by, id)
    if (held?.one.decision !== 'refuse') throw notFound()
    return held
  }

  app.post<ById>(`${desk}/:id/letter`, dpo, async (request, reply) => {
    const { id } = request.params
    const fields = z.object({ letter: z.string().catch(''), later: z.string().optional() }).parse(request.body ?? {})
    const letter = clean(fields.letter)
    const wrong = !letter
      ? 'Enter the letter'
      : letter.length > mostLetter && 'The letter must be 20,000 characters or fewer'
    if (wrong) return show(request, reply.code(422), id, { letter, ...refuse({ letter: wrong }) })
    await atDesk(house, request, async (tx, by) => {
      if ((await heldAt(tx, by, id)).one.closed_at) throw notFound()
      await step(tx, house, by, id, 'letter drafted', {}, { change: { letter } })
    })
    return reply.redirect(fields.later ? `${desk}/${id}` : `${desk}/${id}/letter`, 303)
  })

  app.get<ById>(`${desk}/:id/letter`, dpo, async (request, reply) => {
    const { id } = request.params
    const { one, requester, account } = await atDesk(house, request, (tx, by) => heldAt(tx, by, id))
    if (!account.letter || one.closed_at) throw notFound()
    return reply.page(rightsView('letter'), {
      title: `${one.reference}: check the answer`,
      crumbs: [...crumbs, { text: one.reference, href: `${desk}/${id}` }],
      path: `${desk}/${id}`,
      requester,
      paragraphs: paragraphs(account.letter),
      fingerprint: fingerprint(account.letter),
      byEmail: requester.reach.includes('@'),
      faults: faultsIn(account.letter, account.reasons),
    })
  })

  app.post<ById>(`${desk}/:id/letter/sending`, dpo, async (request, reply) => {
    const { id } = request.params
    const { checked } = z.object({ checked: z.string().catch('') }).parse(request.body ?? {})
    const why = await atDesk(house, request, async (tx, by) => {
      const { one, requester, account } = await heldAt(tx, by, id)
      if (one.closed_at || !account.letter) return 'There is no letter to send'
      if (checked !== fingerprint(account.letter)) return 'Someone changed the letter meanwhile: check it again'
      await step(tx, house, by, id, 'refusal sent', { closed_at: house.clock.now(), outcome: 'refused' })
      if (requester.reach.includes('@')) await write(tx, id, 'rights update', { reference: one.reference })
      return undefined
    })
    if (why) return show(request, reply.code(422), id, refuse({ letter: why }))
    return reply.redirect(`${desk}/${id}`, 303)
  })

  app.get<ById>(`${desk}/:id/print`, dpo, async (request, reply) => {
    const { id } = request.params
    const { one, requester, account } = await atDesk(house, request, (tx, by) => heldAt(tx, by, id))
    if (!account.letter) throw notFound()
    return reply.page(rightsView('print'), {
      title: one.reference,
      back: `${desk}/${id}`,
      requester: {
        name: [requester.name, requester.body].filter(Boolean).join(', '),
        lines: requester.reach.split(/,\s*/),
      },
      reference: one.reference,
      paragraphs: paragraphs(account.letter),
      contact,
      on: sayDate(londonDate(one.closed_at ?? house.clock.now())),
    })
  })
}

/** What a refusal should say and does not: shown to who checks it, who may know better. */
function faultsIn(letter: string, reasons: string): string[] {
  return [
    ...(letter.includes(contact.dpo.email) || letter.includes(contact.phone)
      ? []
      : ['It does not say how to come back to us.']),
    ...(reasons && !/why|because|reason/i.test(letter) ? ['It refuses and does not say why.'] : []),
  ]
}
