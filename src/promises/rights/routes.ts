import type { FastifyInstance, FastifyReply } from 'fastify'
import { z } from 'zod'
import { londonDate, londonTime, sayDate } from '#src/platform/calendar/london.ts'
import { line, prose, read, refuse } from '#src/platform/web/form.ts'
import type { House } from '../house.ts'
import { afterRoutes } from './after-routes.ts'
import { answerRoutes } from './answer-routes.ts'
import { casePage } from './case-page.ts'
import { closedCases, openCase, openCases, type WriteToRequester } from './cases.ts'
import { complaintRoutes } from './complaint-routes.ts'
import { decisionRoutes } from './decision-routes.ts'
import { atDesk, type ById, casesPath, crumbs, dpo, type Rooms, view } from './desk.ts'
import { findRoutes } from './find-routes.ts'
import { givingRoutes } from './giving/routes.ts'
import { takeCopyRoutes } from './giving/take-routes.ts'
import { intakeRoutes } from './intake/routes.ts'
import { isLate, nextStep } from './next.ts'
import { eightRights, matters } from './rights.ts'
import { schemaRoutes } from './schema-routes.ts'
import { stepRoutes } from './step-routes.ts'
import { isOld, readWhen } from './when.ts'

const channels = {
  phone: { says: 'By phone', title: 'Note a call', when: 'When they rang' },
  post: { says: 'By post', title: 'Enter a letter', when: 'Day the letter came' },
  email: { says: 'By email', title: 'Enter an email', when: 'Day the email came' },
} as const
const entry = z.object({
  matter: z.enum([...eightRights, 'complaint'], 'Select what they ask for'),
  channel: z.enum(['email', 'phone', 'post'], 'Select how it came'),
  received: z.string().default(''),
  name: line('Enter their name', 'The name', 200),
  reach: line('Enter how to reach them', 'How to reach them', 300),
  words: prose('What they ask', 5000),
  why: prose('Why it is entered late', 1000),
})
const pageSize = 100

/** The desk for requests and complaints: from receipt to the closing letter, each step by a person. */
export async function caseRoutes(
  app: FastifyInstance,
  house: House,
  write: WriteToRequester,
  rooms: Rooms = {},
): Promise<void> {
  app.get(casesPath, dpo, async (request, reply) => {
    const { closed } = z
      .object({ closed: z.coerce.number().int().min(1).optional().catch(undefined) })
      .parse(request.query)
    const today = londonDate(house.clock.now())
    const rows = await atDesk(house, request, async tx => {
      if (closed === undefined)
        return (await openCases(tx)).map(one => ({
          one,
          due: sayDate(one.due),
          late: isLate(one, today),
          next: nextStep(one),
        }))
      const page = await closedCases(tx, { from: (closed - 1) * pageSize, most: pageSize + 1 })
      return page.map(one => ({ one, due: one.closed_at && sayDate(one.closed_at), late: false, next: undefined }))
    })
    return reply.page(view('list'), {
      title: closed === undefined ? 'Requests and complaints' : 'Closed requests and complaints',
      crumbs: closed === undefined ? crumbs.slice(0, 1) : crumbs,
      wide: true,
      closed,
      more: closed !== undefined && rows.length > pageSize,
      rows: rows.slice(0, closed === undefined ? rows.length : pageSize).map(({ one, due, late, next }) => ({
        id: one.dossier_id,
        reference: one.reference,
        says: matters[one.matter].says,
        received: sayDate(londonDate(one.received_at)),
        due,
        late,
        next,
      })),
    })
  })

  const showEntry = (reply: FastifyReply, channel: keyof typeof channels, more: object) =>
    reply.page(view('entry'), {
      ...channels[channel],
      crumbs,
      channel,
      matters: [...eightRights, 'complaint' as const].map(value => ({ value, text: matters[value].says })),
      ...more,
    })
  app.get(`${casesPath}/new`, dpo, (request, reply) => {
    const { channel } = z.object({ channel: z.enum(['email', 'phone', 'post']).catch('phone') }).parse(request.query)
    const now = house.clock.now()
    const received = channel === 'phone' ? `${sayDate(now)} ${londonTime(now)}` : sayDate(now)
    return showEntry(reply, channel, { values: { received } })
  })
  app.post(`${casesPath}/new`, dpo, async (request, reply) => {
    const form = read(entry, request.body)
    const { channel: typed } = z
      .object({ channel: z.enum(['email', 'phone', 'post']).catch('phone') })
      .parse(request.body ?? {})
    if (!form.ok) return showEntry(reply.code(422), typed, { values: request.body, ...form })
    const { matter, channel, received, name, reach, words, why } = form.answer
    const now = house.clock.now()
    const again = (sentences: { [field: string]: string }) =>
      showEntry(reply.code(422), channel, { values: request.body, ...refuse(sentences), asksWhy: 'why' in sentences })
    const receivedAt = readWhen(received, now)
    if (!receivedAt)
      return again({ received: 'Enter the date it came, like 25 November 2026, or 25 November 2026 14:30' })
    if (receivedAt > now) return again({ received: 'The date it came must not be in the future' })
    if (isOld(receivedAt, now) && !why)
      return again({ why: 'Enter why it is entered only now: it came more than a week ago' })
    const made = await atDesk(house, request, (tx, by) =>
      openCase(
        tx,
        house,
        by,
        {
          matter,
          channel,
          requester: { name, reach },
          words,
          receivedAt,
          enteredBy: by.id,
          ...(why ? { note: `Entered only now: ${why}` } : {}),
        },
        write,
      ),
    )
    return reply.redirect(`${casesPath}/${made.id}`, 303)
  })

  const show = casePage(house, rooms)
  app.get<ById>(`${casesPath}/:id`, dpo, (request, reply) => show(request, reply, request.params.id))
  await stepRoutes(app, house, write, show)
  await findRoutes(app, house, show)
  await decisionRoutes(app, house, show)
  await givingRoutes(app, house, write, rooms)
  await takeCopyRoutes(app, house)
  await schemaRoutes(app, house)
  await answerRoutes(app, house, write, show)
  await complaintRoutes(app, house, write)
  await intakeRoutes(app, house, write)
  await afterRoutes(app, house, rooms.choices ?? {})
}
