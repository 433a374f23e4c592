import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { readDay } from '#src/platform/calendar/day.ts'
import { londonDate, londonTime, sayDate } from '#src/platform/calendar/london.ts'
import { line, prose, read, refuse } from '#src/platform/web/form.ts'
import { openCase } from '../rights/cases.ts'
import { atDesk, casesPath } from '../rights/desk.ts'
import { isOld, readWhen } from '../rights/when.ts'
import { attempt, crumbs, type Desk, desk, dpo, items, ticked, view } from './desk.ts'
import { sayOfPerson } from './extract.ts'
import { disclosureTypes, fieldsFor } from './kinds.ts'
import { openDisclosure } from './open.ts'
import { whoseRecord } from './whose.ts'

const types = ['law enforcement', 'legal', 'safeguarding', 'other', 'own'] as const
const channels = { email: 'By email', phone: 'By phone', post: 'By post' } as const
const asking = z.object({
  type: z.enum(types, 'Select who asks'),
  name: line('Enter the name of who asks', 'The name', 200),
  body: prose('The body', 200),
  reach: line('Enter how to reach them', 'How to reach them', 300),
  channel: z.enum(['email', 'phone', 'post'], 'Select how it came'),
  received: z.string().default(''),
  why: prose('Why it is entered late', 1000),
  address: prose('What you look for', 254),
  record: z.string().optional(),
  unknown: z.string().optional(),
  fields: ticked,
  words: prose('What they ask, and why', 5000).refine(text => text.length > 0, 'Enter what they ask, and why'),
  answerBy: z.string().default(''),
  emergency: z.string().optional(),
})
type Asking = z.output<typeof asking>

/** Entering a request: of a body it is opened here; of the person, or of who acts for them, it becomes a case of theirs. */
export async function entryRoutes(app: FastifyInstance, { house, write }: Desk): Promise<void> {
  const showEntry = (reply: FastifyReply, more: object) =>
    reply.page(view('entry'), {
      title: 'Enter a request of others',
      crumbs,
      types: types.map(value => typeItem(value)),
      channels: items(channels),
      fields: fieldsFor('legal').map(value => ({ value, text: sayOfPerson(value) })),
      ...more,
    })
  app.get(`${desk}/new`, dpo, (_request, reply) => {
    const now = house.clock.now()
    return showEntry(reply, { values: { received: `${sayDate(now)} ${londonTime(now)}`, channel: 'email' } })
  })

  app.post(`${desk}/new`, dpo, async (request, reply) => {
    const again = (refusal: object) => showEntry(reply.code(422), { values: request.body, ...refusal })
    const form = read(asking, request.body)
    if (!form.ok) return again(form)
    const { answer } = form
    const now = house.clock.now()
    const receivedAt = readWhen(answer.received, now)
    const answerBy = answer.answerBy.trim() ? readDay(answer.answerBy) : undefined
    const wrong = faultsIn(answer, receivedAt, answerBy, now)
    if (!receivedAt || Object.keys(wrong).length) return again({ ...refuse(wrong), asksWhy: 'why' in wrong })
    if (answer.type === 'own') return reply.redirect(`${casesPath}/${await openOwn(request, answer, receivedAt)}`, 303)
    const { type, name, body, reach, channel, fields, words, why } = answer
    const found = await subjectOf(request, answer)
    if ('refusal' in found) return again(found.refusal)
    const id = await attempt(
      () =>
        atDesk(house, request, (tx, by) =>
          openDisclosure(tx, house, by, {
            type,
            subject: found.subject,
            fields,
            requester: { name, body, reach },
            words,
            isEmergency: answer.emergency === 'yes',
            channel,
            receivedAt,
            ...(answerBy ? { answerBy } : {}),
            ...(why ? { note: `entered only now: ${why}` } : {}),
          }),
        ),
      again,
    )
    return id ? reply.redirect(`${desk}/${id}`, 303) : reply
  })

  const openOwn = (request: FastifyRequest, answer: Asking, receivedAt: Date): Promise<string> =>
    atDesk(house, request, async (tx, by) => {
      const { name, body, reach, words, channel, why } = answer
      const requester = { name: [name, body].filter(Boolean).join(', '), reach }
      const note = `It came among the requests of others${why ? `, and is entered only now: ${why}` : ''}`
      const asked = { matter: 'access', channel, requester, words, receivedAt, enteredBy: by.id, note } as const
      return (await openCase(tx, house, by, asked, write)).id
    })

  /** The record that is meant; that there is none is said on purpose. */
  const subjectOf = (request: FastifyRequest, { address, record, unknown }: Asking) =>
    atDesk(house, request, async (tx, by) => {
      if (!address) return { subject: undefined }
      const found = await whoseRecord(tx, house, by, address, record)
      return 'refusal' in found && !found.found && unknown === 'yes' ? { subject: undefined } : found
    })
}

/** What is missing or wrong beyond each field by itself: all at once, a sentence each. */
function faultsIn(answer: Asking, receivedAt: Date | undefined, answerBy: string | undefined, now: Date) {
  const isOwn = answer.type === 'own'
  const wrong: { [field: string]: string } = {}
  if (!receivedAt) wrong.received = 'Enter the date it came, like 25 November 2026, or 25 November 2026 14:30'
  else if (receivedAt > now) wrong.received = 'The date it came must not be in the future'
  else if (isOld(receivedAt, now) && !answer.why)
    wrong.why = 'Enter why it is entered only now: it came more than a week ago'
  if (isOwn) return wrong
  if (!answer.body) wrong.body = 'Enter the body they ask for, such as a police force or a firm'
  if (!answer.address && answer.unknown !== 'yes')
    wrong.address = 'Enter an email address, a phone number or a name, or say that we hold no record'
  if (!answer.fields.length) wrong.fields = 'Select what they ask for'
  if (answer.answerBy.trim() && !answerBy) wrong.answerBy = 'Enter the day they named, like 4 December 2026'
  else if (receivedAt && answerBy && answerBy < londonDate(receivedAt))
    wrong.answerBy = 'The day they named must not be before the request came'
  return wrong
}

function typeItem(value: (typeof types)[number]) {
  if (value !== 'own') return { value, text: disclosureTypes[value].says }
  return {
    value,
    text: 'The person themselves, or someone who acts for them',
    hint: {
      text: 'Also their own solicitor or a relative. It becomes an access request at once, with the day it came',
    },
  }
}
