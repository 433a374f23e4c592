import { randomUUID } from 'node:crypto'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { sayInstant } from '#src/platform/calendar/london.ts'
import { forbidden, notFound } from '#src/platform/web/errors.ts'
import { choice, line, prose, read, refuse } from '#src/platform/web/form.ts'
import type { House } from '#src/promises/house.ts'
import { applicationOf } from '../../recruitment/application.ts'
import { atDesk, fieldsOf, staffOf, textOf } from '../../recruitment/rounds/desk.ts'
import { memberOf } from '../members.ts'
import { close, concernById, concernsOf, raise } from './concerns.ts'
import { leadOf, nameLead, type Officers } from './lead.ts'
import { may } from './permissions.ts'
import type { Outcome } from './tables.ts'
import { outcomes, readWords } from './words.ts'

const officer = { config: { may: may.answerConcerns } }
const settings = { config: { may: may.nameLead } }
const view = (name: string) => `panel/membership/concerns/${name}.njk`
type ById = { Params: { id: string } }
const codes = Object.keys(outcomes) as [Outcome, ...Outcome[]] // the checked edge: the keys of the list
/** What someone who is worried fills in. */
export const worryForm = z.object({
  once: z.uuid().catch(() => randomUUID()),
  words: line('Enter what you saw or heard', 'What you saw or heard', 500),
})
const answerForm = z.object({
  outcome: choice(codes, 'Select what was done'),
  words: prose('What was done', 500),
})

/** Worries about people: officers raise them, the lead answers them, and an administrator names the lead. */
export async function concernRoutes(app: FastifyInstance, house: House, officers: Officers): Promise<void> {
  const showForm = async (request: FastifyRequest<ById>, reply: FastifyReply, more: object = {}) => {
    const { id } = request.params
    const { isMember, lead } = await atDesk(house, request, async tx => {
      const application = z.uuid().safeParse(id).success ? await applicationOf(tx, id) : undefined
      if (!application || application.state === 'draft') throw notFound()
      return { isMember: await memberOf(tx, id), lead: await leadOf(tx, house, officers) }
    })
    return reply.page(view('worry'), {
      title: 'I am worried about this person',
      back: isMember ? `/staff/members/${id}` : `/staff/applications/${id}`,
      action: `/staff/concerns/about/${id}`,
      once: randomUUID(),
      lead: lead?.name,
      values: {},
      ...more,
    })
  }
  app.get<ById>('/staff/concerns/about/:id', officer, (request, reply) => showForm(request, reply))
  app.post<ById>('/staff/concerns/about/:id', officer, async (request, reply) => {
    const sent = read(worryForm, request.body)
    if (!sent.ok) return showForm(request, reply.code(422), { values: fieldsOf(request.body), ...sent })
    const { id } = request.params
    await atDesk(house, request, async tx => {
      if (!z.uuid().safeParse(id).success || !(await applicationOf(tx, id))) throw notFound()
    })
    const { once, words } = sent.answer
    const raised = await raise(house, staffOf(request), id, { id: once, words }, officers)
    if (!raised) throw notFound()
    return reply.page(view('told'), { title: 'Thank you for telling us', back: '/staff', told: raised.told })
  })

  app.get('/staff/concerns', officer, async (request, reply) => {
    const now = house.clock.now()
    const { rows, lead } = await atDesk(house, request, async tx => ({
      rows: await concernsOf(tx),
      lead: await leadOf(tx, house, officers),
    }))
    return reply.page(view('concerns'), {
      title: 'Worries about people',
      lead: lead?.name,
      rows: rows.map(one => ({
        id: one.id,
        reference: one.reference ?? 'A person',
        at: sayInstant(one.raised_at),
        due: sayInstant(one.due_at),
        late: !one.closed_at && one.due_at < now,
        outcome: one.outcome && outcomes[one.outcome],
      })),
    })
  })

  /** The lead's own, or anybody's once its time is over. */
  const inHand = (request: FastifyRequest<ById>) =>
    atDesk(house, request, async (tx, by) => {
      const { id } = request.params
      const found = z.uuid().safeParse(id).success ? await concernById(tx, id) : undefined
      if (!found) throw notFound()
      const lead = await leadOf(tx, house, officers)
      if (lead?.id !== by.id && !found.closed_at && found.due_at > house.clock.now())
        throw forbidden(`${lead?.name ?? 'The lead'} answers this one. It comes to you if they have not by its time.`)
      const ask = { by, for: 'administer the panel', fields: ['name', 'phone', 'email', 'concern'] } as const
      const [person] = await house.vault.open(tx, 'panel', ask, [found.dossier_id])
      if (!person) throw notFound()
      return { found, person, isMember: await memberOf(tx, found.dossier_id) }
    })
  const show = async (request: FastifyRequest<ById>, reply: FastifyReply, more: object = {}) => {
    const { found, person, isMember } = await inHand(request)
    const words = readWords(person.concern)[found.id]
    return reply.page(view('concern'), {
      title: 'Someone is worried about a person',
      crumbs: [{ text: 'Worries about people', href: '/staff/concerns' }],
      id: found.id,
      name: person.name,
      phone: person.phone,
      email: person.email,
      href: isMember ? `/staff/members/${found.dossier_id}` : `/staff/applications/${found.dossier_id}`,
      at: sayInstant(found.raised_at),
      due: sayInstant(found.due_at),
      words: words?.words,
      done: words?.done,
      outcome: found.outcome && outcomes[found.outcome],
      closed: found.closed_at && sayInstant(found.closed_at),
      items: codes.map(value => ({ value, text: outcomes[value] })),
      values: {},
      ...more,
    })
  }
  app.get<ById>('/staff/concerns/:id', officer, (request, reply) => show(request, reply))
  app.post<ById>('/staff/concerns/:id', officer, async (request, reply) => {
    const sent = read(answerForm, request.body)
    if (!sent.ok) return show(request, reply.code(422), { values: fieldsOf(request.body), ...sent })
    const { found, person } = await inHand(request)
    if (!person.name) throw forbidden('You still read answers of this round: another officer answers this one.')
    if (!(await close(house, staffOf(request), found.id, sent.answer)))
      return show(request, reply.code(422), refuse({ outcome: 'This was answered already' }))
    return reply.redirect('/staff/concerns', 303)
  })

  const showLead = async (request: FastifyRequest, reply: FastifyReply, more: object = {}) => {
    const { list, lead, named } = await atDesk(house, request, async tx => ({
      list: await officers(tx, house),
      lead: await leadOf(tx, house, officers),
      named: await tx.selectFrom('concern_lead').select('lead').executeTakeFirst(),
    }))
    return reply.page(view('lead'), {
      title: 'Who is told when someone is worried about a person',
      back: '/staff/settings',
      lead: lead?.name,
      named: named?.lead ?? '',
      items: [
        { value: '', text: 'The officer who has been here longest' },
        ...list.map(one => ({ value: one.id, text: one.name })),
      ],
      ...more,
    })
  }
  app.get('/staff/settings/lead', settings, (request, reply) => showLead(request, reply))
  app.post('/staff/settings/lead', settings, async (request, reply) => {
    const lead = textOf(fieldsOf(request.body), 'lead')
    const done = await atDesk(house, request, async (tx, by) => {
      const known = (await officers(tx, house)).some(one => one.id === lead)
      if (lead && !known) return false
      await nameLead(tx, house, by, lead || undefined)
      return true
    })
    if (!done) return showLead(request, reply.code(422), refuse({ lead: 'Select an officer whose account is open' }))
    return reply.redirect('/staff/settings/lead', 303)
  })
}
