import { randomUUID } from 'node:crypto'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { isDate } from '#src/platform/calendar/dates.ts'
import { readDay } from '#src/platform/calendar/day.ts'
import { londonDate, sayDate } from '#src/platform/calendar/london.ts'
import { notFound } from '#src/platform/web/errors.ts'
import { choice, line, read, refuse } from '#src/platform/web/form.ts'
import { type House, within } from '#src/promises/house.ts'
import { applicationOf } from '../../recruitment/application.ts'
import { atDesk, fieldsOf, staffOf, textOf } from '../../recruitment/rounds/desk.ts'
import { memberOf } from '../members.ts'
import { may } from '../permissions.ts'
import { actionDone, contactsOf, noteContact } from './contacts.ts'
import { readLog, type Way, ways } from './words.ts'

const officer = { config: { may: may.lookAfterMembers } }
type ById = { Params: { id: string } }
const codes = Object.keys(ways) as [Way, ...Way[]] // the checked edge: the keys of the list
const day = z
  .string()
  .default('')
  .transform(text => readDay(text) ?? text.trim())
const form = z.object({
  once: z.uuid().catch(() => randomUUID()),
  on: day,
  way: choice(codes, 'Select how you were in touch'),
  topic: line('Enter what it was about', 'What it was about'),
  next: z
    .string()
    .default('')
    .transform(text => text.trim())
    .pipe(z.union([z.literal(''), line('', 'What happens next')])),
  due: day,
  whose: z.enum(['me', 'team']).catch('me'),
})

/** The contact log of a person: what was talked about and what happens next; the person reads it, too. */
export async function contactRoutes(app: FastifyInstance, house: House): Promise<void> {
  const show = async (request: FastifyRequest<ById>, reply: FastifyReply, more: object = {}) => {
    const { id } = request.params
    const shown = await atDesk(house, request, async (tx, by) => {
      const application = z.uuid().safeParse(id).success ? await applicationOf(tx, id) : undefined
      if (!application || application.state === 'draft') throw notFound()
      const ask = { by, for: 'administer the panel', fields: ['name', 'contactLog'] } as const
      const [person] = await house.vault.open(tx, 'panel', ask, [id])
      if (!person) throw notFound()
      return { person, entries: await contactsOf(tx, id), member: await memberOf(tx, id) }
    })
    const { person, entries, member } = shown
    const log = readLog(person.contactLog)
    const today = londonDate(house.clock.now())
    return reply.page('panel/membership/contacts/contacts.njk', {
      title: `Contacts with ${person.name ?? 'this person'}`,
      crumbs: member
        ? [
            { text: 'Members', href: '/staff/members' },
            { text: person.name ?? 'The member', href: `/staff/members/${id}` },
          ]
        : [
            { text: 'Applications', href: '/staff/applications' },
            { text: 'The application', href: `/staff/applications/${id}` },
          ],
      id,
      once: randomUUID(),
      entries: entries.flatMap(one => {
        const said = log[one.id]
        if (!said) return []
        return [
          {
            id: one.id,
            on: sayDate(said.on),
            way: ways[said.way],
            topic: said.topic,
            next: said.next,
            due: one.due_on && sayDate(one.due_on),
            late: one.due_on !== null && !one.done_at && one.due_on < today,
            done: one.done_at && sayDate(one.done_at),
            open: one.due_on !== null && !one.done_at,
          },
        ]
      }),
      ways: [{ value: '', text: '' }, ...codes.map(value => ({ value, text: ways[value] }))],
      values: { on: today },
      ...more,
    })
  }
  app.get<ById>('/staff/members/contacts/:id', officer, (request, reply) => show(request, reply))
  app.post<ById>('/staff/members/contacts/:id', officer, async (request, reply) => {
    const { id } = request.params
    const by = staffOf(request)
    const sent = read(form, request.body)
    const faults = sent.ok ? faultsIn(sent.answer, londonDate(house.clock.now())) : {}
    if (!sent.ok || Object.keys(faults).length)
      return show(request, reply.code(422), {
        values: fieldsOf(request.body),
        ...(sent.ok ? refuse(faults) : sent),
      })
    const { once, on, way, topic, next, due, whose } = sent.answer
    await atDesk(house, request, async tx => {
      const application = z.uuid().safeParse(id).success ? await applicationOf(tx, id) : undefined
      if (!application || application.state === 'draft') throw notFound()
    })
    const owner = whose === 'me' ? by.id : undefined
    const noted = await noteContact(house, by, id, { id: once, on, way, topic, next, due: due || undefined, owner })
    if (!noted) throw notFound()
    return reply.redirect(`/staff/members/contacts/${id}`, 303)
  })
  app.post<ById>('/staff/members/contacts/:id/done', officer, async (request, reply) => {
    const { id } = request.params
    const by = staffOf(request)
    const entry = z.uuid().safeParse(textOf(fieldsOf(request.body), 'entry'))
    const done =
      entry.success &&
      z.uuid().safeParse(id).success &&
      (await within(house, { by, for: 'administer the panel' }, tx => actionDone(tx, house, by, id, entry.data)))
    if (!done) throw notFound()
    return reply.redirect(`/staff/members/contacts/${id}`, 303)
  })
}

function faultsIn({ on, next, due }: { on: string; next: string; due: string }, today: string): Record<string, string> {
  const faults: Record<string, string> = {}
  if (!isDate(on)) faults.on = 'Enter the day on which you were in touch'
  else if (on > today) faults.on = 'The day must be today or earlier'
  if (next && !isDate(due)) faults.due = 'Enter by when it happens'
  else if (due && !next) faults.next = 'Enter what happens next'
  else if (due && due < today) faults.due = 'The day by which it happens must be today or later'
  return faults
}
