import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { londonInstant, londonTime, sayDate, sayInstant } from '#src/platform/calendar/london.ts'
import type { Tx } from '#src/platform/database/database.ts'
import { forbidden, notFound } from '#src/platform/web/errors.ts'
import { day, prose, read, refuse, ticks } from '#src/platform/web/form.ts'
import { type House, within } from '../house.ts'
import type { Actor } from '../notice/actor.ts'
import {
  breachById,
  breaches,
  breachToday,
  categories,
  changeBreach,
  closeBreach,
  decidePeople,
  decideReport,
  enterBreach,
  reportDue,
} from './breaches.ts'
import { may } from './permissions.ts'

const dpo = { config: { may: may.keepBreaches } }
const home = '/staff/protection/breaches'
const crumbs = [
  { text: 'Protection', href: '/staff/protection' },
  { text: 'Breaches', href: home },
]
const view = (name: string) => `promises/breaches/${name}.njk`
type ById = { Params: { id: string } }
const codes = Object.keys(categories) as [keyof typeof categories, ...(keyof typeof categories)[]]
const clockTime = /^([01]?\d|2[0-3])[:.]([0-5]\d)$/

const words = {
  people: z.string().default('').pipe(counted('Enter about how many people, like 0 or 25')),
  records: z.string().default('').pipe(counted('Enter about how many records, like 0 or 25')),
  happened: prose('What happened', 10_000).refine(text => text.length > 0, 'Enter what happened'),
  effects: prose('What may come of it', 10_000).refine(text => text.length > 0, 'Enter what may come of it for people'),
  measures: prose('What was done', 10_000),
}
const when = {
  on: day('Enter the date, like 25 November 2026'),
  time: z
    .string('Enter the time, like 14:30')
    .refine(text => clockTime.test(text.trim()), 'Enter the time, like 14:30'),
}
const entry = z.object({
  ...when,
  categories: ticks(codes).refine(all => all.length > 0, 'Select what data it was about'),
  ...words,
})
const forms = {
  change: z.object(words),
  report: z.object({
    reported: z.enum(['yes', 'no'], 'Select whether the regulator is told'),
    reportReason: prose('The reason', 5000),
  }),
  people: z.object({
    told: z.enum(['yes', 'no'], 'Select whether the people concerned are told'),
    peopleReason: prose('The reason', 5000),
  }),
  close: z.object({}),
}

/** The register of breaches: what happened, the 72 hours, and the two decisions (UK GDPR Arts 33 and 34). */
export async function breachRoutes(app: FastifyInstance, house: House): Promise<void> {
  app.get(home, dpo, async (request, reply) => {
    const now = house.clock.now()
    const rows = (await atDesk(house, request, tx => breaches(tx))).map(one => {
      const next = breachToday(one, now)
      return {
        id: one.dossier_id,
        reference: one.reference,
        known: sayInstant(one.known_at),
        due: sayInstant(reportDue(one)),
        isAlarm: next?.isAlarm,
        next: next?.says ?? 'closed',
      }
    })
    return reply.page(view('list'), { title: 'Breaches', crumbs: crumbs.slice(0, 1), rows })
  })

  const items = Object.entries(categories).map(([value, text]) => ({ value, text }))
  const showEntry = (reply: FastifyReply, more: object) =>
    reply.page(view('entry'), { title: 'Enter a breach', crumbs, categories: items, ...more })
  app.get(`${home}/new`, dpo, (_request, reply) => {
    const now = house.clock.now()
    return showEntry(reply, { values: { on: sayDate(now), time: londonTime(now) } })
  })
  app.post(`${home}/new`, dpo, async (request, reply) => {
    const form = read(entry, request.body)
    if (!form.ok) return showEntry(reply.code(422), { values: request.body, ...form })
    const { on, time, people, records, happened, effects, measures } = form.answer
    const knownAt = londonInstant(on, time.trim().replace('.', ':').padStart(5, '0'))
    const why = !knownAt
      ? 'The clocks go forward at that time: enter another'
      : knownAt > house.clock.now()
        ? 'The time must not be in the future'
        : undefined
    if (!knownAt || why) return showEntry(reply.code(422), { values: request.body, ...refuse({ time: why ?? '' }) })
    const found = {
      knownAt,
      categories: form.answer.categories,
      people,
      records,
      words: { happened, effects, measures },
    }
    const id = await atDesk(house, request, (tx, by) => enterBreach(tx, house, by, found))
    return reply.redirect(`${home}/${id}`, 303)
  })

  const show = async (request: FastifyRequest, reply: FastifyReply, id: string, more: object = {}) => {
    const found = await atDesk(house, request, (tx, by) => breachById(tx, house, by, id))
    if (!found) throw notFound()
    const { one, words: held } = found
    return reply.page(view('breach'), {
      title: `Breach ${one.reference}`,
      crumbs,
      id,
      one,
      known: sayInstant(one.known_at),
      due: sayInstant(reportDue(one)),
      reportedAt: one.reported_at && sayInstant(one.reported_at),
      isLate: one.reported_at ? one.reported_at > reportDue(one) : house.clock.now() > reportDue(one),
      next: breachToday(one, house.clock.now())?.says ?? 'closed',
      about: one.categories.map(code => categories[code as keyof typeof categories] ?? code).join(', '),
      words: held,
      values: {
        people: one.people,
        records: one.records,
        ...held,
        reported: one.reported === null ? '' : one.reported ? 'yes' : 'no',
        told: one.people_told === null ? '' : one.people_told ? 'yes' : 'no',
      },
      ...more,
    })
  }
  app.get<ById>(`${home}/:id`, dpo, (request, reply) => show(request, reply, request.params.id))
  app.post<ById>(`${home}/:id`, dpo, async (request, reply) => {
    const { id } = request.params
    const { act } = z
      .object({ act: z.enum(['change', 'report', 'people', 'close']).catch('close') })
      .parse(request.body ?? {})
    const form = read(forms[act], request.body)
    if (!form.ok) return show(request, reply.code(422), id, { values: request.body, ...form })
    const why = await atDesk(house, request, async (tx, by) => {
      if (!(await breachById(tx, house, by, id))) throw notFound()
      if (act === 'report') {
        const { reported, reportReason } = forms.report.parse(request.body)
        return decideReport(tx, house, by, id, { reported: reported === 'yes', reason: reportReason })
      }
      if (act === 'people') {
        const { told, peopleReason } = forms.people.parse(request.body)
        return decidePeople(tx, house, by, id, { told: told === 'yes', reason: peopleReason })
      }
      if (act === 'change') {
        const { people, records, ...held } = forms.change.parse(request.body)
        return changeBreach(tx, house, by, id, { people, records }, held)
      }
      return closeBreach(tx, house, by, id)
    })
    const field = { report: 'reportReason', people: 'peopleReason', change: 'happened', close: 'close' }[act]
    if (why) return show(request, reply.code(422), id, { values: request.body, ...refuse({ [field]: why }) })
    return reply.redirect(`${home}/${id}`, 303)
  })
}

function counted(sentence: string) {
  return z
    .string()
    .refine(text => /^\d{1,9}$/.test(text.trim().replaceAll(',', '')), sentence)
    .transform(text => Number(text.trim().replaceAll(',', '')))
}

function atDesk<T>(house: House, request: FastifyRequest, work: (tx: Tx, by: Actor) => Promise<T>): Promise<T> {
  const by = request.actor
  if (!by) throw forbidden()
  return within(house, { by, for: 'exercise rights' }, tx => work(tx, by))
}
