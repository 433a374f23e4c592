import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { londonDate, sayDate } from '#src/platform/calendar/london.ts'
import { notFound } from '#src/platform/web/errors.ts'
import { clean, refuse } from '#src/platform/web/form.ts'
import type { House } from '../house.ts'
import { contact } from '../notice/contact.ts'
import { fingerprint, mostLetter, paragraphs } from './answer.ts'
import type { ShowCase } from './case-page.ts'
import { type Account, step, type WriteToRequester } from './cases.ts'
import { atDesk, type ById, caseAt, casesPath, crumbs, dpo, view } from './desk.ts'

/** The answer: drafted, checked as it will be read, sent; and every letter of a case as it is printed. */
export async function answerRoutes(
  app: FastifyInstance,
  house: House,
  write: WriteToRequester,
  show: ShowCase,
): Promise<void> {
  app.post<ById>(`${casesPath}/:id/letter`, dpo, async (request, reply) => {
    const { id } = request.params
    const fields = z.object({ letter: z.string().catch(''), later: z.string().optional() }).parse(request.body ?? {})
    const letter = clean(fields.letter)
    const wrong = !letter
      ? 'Enter the letter'
      : letter.length > mostLetter && 'The letter must be 20,000 characters or fewer'
    if (wrong) return show(request, reply.code(422), id, { letter, ...refuse({ letter: wrong }) })
    await atDesk(house, request, async (tx, by) => {
      const { one } = await caseAt(tx, house, by, id)
      if (!one.decision || one.answered_at) throw notFound()
      await step(tx, house, by, id, 'letter drafted', {}, held => ({ ...held, letter }))
    })
    return reply.redirect(fields.later ? `${casesPath}/${id}` : `${casesPath}/${id}/letter`, 303)
  })

  app.get<ById>(`${casesPath}/:id/letter`, dpo, async (request, reply) => {
    const { id } = request.params
    const { one, requester, account } = await atDesk(house, request, (tx, by) => caseAt(tx, house, by, id))
    if (!account.letter || one.answered_at) throw notFound()
    return reply.page(view('letter'), {
      title: `${one.reference}: check the answer`,
      crumbs: [...crumbs, { text: one.reference, href: `${casesPath}/${id}` }],
      path: `${casesPath}/${id}`,
      requester,
      paragraphs: paragraphs(account.letter),
      fingerprint: fingerprint(account.letter),
      byEmail: requester.reach.includes('@'),
      faults: faultsIn(account, one.decision === 'refused'),
    })
  })

  app.post<ById>(`${casesPath}/:id/letter/sending`, dpo, async (request, reply) => {
    const { id } = request.params
    const { checked } = z.object({ checked: z.string().catch('') }).parse(request.body ?? {})
    const why = await atDesk(house, request, async (tx, by) => {
      const { one, requester, account } = await caseAt(tx, house, by, id)
      if (one.answered_at || !account.letter) return 'There is no letter to send'
      if (checked !== fingerprint(account.letter)) return 'Someone changed the letter meanwhile: check it again'
      await step(tx, house, by, id, 'answer sent', { answered_at: house.clock.now() })
      if (requester.reach.includes('@')) await write(tx, id, 'rights answer', { reference: one.reference })
      return undefined
    })
    if (why) return show(request, reply.code(422), id, refuse({ letter: why }))
    return reply.redirect(`${casesPath}/${id}`, 303)
  })

  app.get<ById>(`${casesPath}/:id/print`, dpo, async (request, reply) => {
    const { id } = request.params
    const { one, requester, account } = await atDesk(house, request, (tx, by) => caseAt(tx, house, by, id))
    const { letter } = z.object({ letter: z.coerce.number().optional().catch(undefined) }).parse(request.query)
    const earlier = letter === undefined ? undefined : account.letters[letter]
    const text = letter === undefined ? account.letter : earlier?.text
    if (!text) throw notFound()
    const on = earlier ? new Date(earlier.at) : (one.answered_at ?? house.clock.now())
    return reply.page(view('print'), {
      title: one.reference,
      back: `${casesPath}/${id}`,
      requester: { name: requester.name, lines: requester.reach.split(/,\s*/) },
      reference: one.reference,
      paragraphs: paragraphs(text),
      contact,
      on: sayDate(londonDate(on)),
    })
  })
}

/** What a letter should say and does not: shown to who checks it, who may know better. */
function faultsIn({ letter, reasons }: Account, isRefused: boolean): string[] {
  return [
    ...(letter.includes(contact.regulator.name) ? [] : [`It does not name the ${contact.regulator.name}.`]),
    ...(letter.includes(contact.dpo.email) || letter.includes(contact.phone)
      ? []
      : ['It does not say how to complain to us.']),
    ...(isRefused && reasons && !/why|because|reason/i.test(letter) ? ['It refuses and does not say why.'] : []),
    ...(letter.includes('…') ? ['Something is left open: “…”.'] : []),
  ]
}
