import { Readable } from 'node:stream'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { isDate } from '#src/platform/calendar/dates.ts'
import { londonDate, sayDate, sayInstant, startOfDay } from '#src/platform/calendar/london.ts'
import type { Tx } from '#src/platform/database/database.ts'
import { forbidden, notFound } from '#src/platform/web/errors.ts'
import { clean, email, line, prose, read, refuse } from '#src/platform/web/form.ts'
import { keptFrom } from '../disclosures/visible.ts'
import { type House, within } from '../house.ts'
import type { Actor } from '../notice/actor.ts'
import { contact } from '../notice/contact.ts'
import { byItself, carryOut, carryOutAfter } from './act.ts'
import { afterRoutes, type Choices } from './after-routes.ts'
import {
  type Case,
  caseById,
  cases,
  dueOf,
  isLate,
  nextStep,
  openCase,
  type Step,
  step,
  type WriteToRequester,
} from './cases.ts'
import { complaintRoutes } from './complaint-routes.ts'
import { outcomes } from './complaints.ts'
import { accessCopy, copyJson } from './copy.ts'
import { intakeRoutes } from './intake/routes.ts'
import { mentionsOf } from './mentions.ts'
import { may } from './permissions.ts'
import { toldOn } from './recipients.ts'
import { type Decision, decisions, eightRights, type Matter, matters, propose } from './rights.ts'
import { aloneFrom, whyNotErase } from './second.ts'
import { asksAs, isTheirOwn, whyWait } from './stands.ts'

const dpo = { config: { may: may.handleCases } }
const crumbs = [
  { text: 'Protection', href: '/staff/protection' },
  { text: 'Requests and complaints', href: '/staff/protection/cases' },
]
const view = (name: string) => `promises/rights/${name}.njk`
const channels = { email: 'By email', phone: 'By phone', post: 'By post' } as const
const stillNamed = 'Their name stands in the words of other people’s records; look there'
type ById = { Params: { id: string } }

const entry = z.object({
  matter: z.enum([...eightRights, 'complaint'], 'Select what they ask for'),
  channel: z.enum(['email', 'phone', 'post'], 'Select how it came'),
  received: z.string().refine(isDate, 'Enter the date it came, like 2026-11-25'),
  name: line('Enter their name', 'The name', 200),
  reach: line('Enter how to reach them', 'How to reach them', 300),
  words: prose('What they ask', 5000),
})
const decided = z.object({
  decision: z.enum(['granted', 'part', 'refused'], 'Select what you decide'),
  reasons: prose('The reasons', 5000).refine(text => text.length > 0, 'Enter the reasons: they go into the answer'),
})

/** The desk for requests and complaints: from receipt to the closing letter, each step by a person. */
export async function caseRoutes(
  app: FastifyInstance,
  house: House,
  write: WriteToRequester,
  choices: Choices = {},
): Promise<void> {
  app.get('/staff/protection/cases', dpo, async (request, reply) => {
    const all = await atDesk(house, request, tx => cases(tx))
    const today = londonDate(house.clock.now())
    const rows = all.map(one => ({
      id: one.dossier_id,
      reference: one.reference,
      says: matters[one.matter].says,
      received: sayDate(londonDate(one.received_at)),
      due: sayDate(one.due),
      late: isLate(one, today),
      next: nextStep(one) ?? 'Closed',
    }))
    return reply.page(view('list'), { title: 'Requests and complaints', crumbs: crumbs.slice(0, 1), wide: true, rows })
  })

  const showEntry = (reply: FastifyReply, more: object) =>
    reply.page(view('entry'), {
      title: 'Enter a request',
      crumbs,
      matters: [...eightRights, 'complaint' as const].map(value => ({ value, text: matters[value].says })),
      channels: Object.entries(channels).map(([value, text]) => ({ value, text })),
      ...more,
    })
  app.get('/staff/protection/cases/new', dpo, (_request, reply) =>
    showEntry(reply, { values: { received: londonDate(house.clock.now()) } }),
  )
  app.post('/staff/protection/cases/new', dpo, async (request, reply) => {
    const form = read(entry, request.body)
    if (!form.ok) return showEntry(reply.code(422), { values: request.body, ...form })
    const { matter, channel, received, name, reach, words } = form.answer
    if (received > londonDate(house.clock.now()))
      return showEntry(reply.code(422), {
        values: request.body,
        ...refuse({ received: 'The date it came must not be in the future' }),
      })
    const made = await atDesk(house, request, (tx, by) =>
      openCase(
        tx,
        house,
        by,
        { matter, channel, requester: { name, reach }, words, receivedAt: startOfDay(received), enteredBy: by.id },
        write,
      ),
    )
    return reply.redirect(`/staff/protection/cases/${made.id}`, 303)
  })

  const show = async (request: FastifyRequest, reply: FastifyReply, id: string, more: object = {}) => {
    const found = await atDesk(house, request, async (tx, by) => {
      const held = await caseById(tx, house, by, id)
      return held && { ...held, kept: held.one.subject ? await keptFrom(tx, held.one.subject) : [] }
    })
    if (!found) throw notFound()
    const { one, requester, account, kept } = found
    const due = dueOf(one)
    const from = aloneFrom(one)
    return reply.page(view('case'), {
      title: `${one.reference}: ${matters[one.matter].says}`,
      crumbs,
      id,
      one,
      requester,
      account,
      kept,
      received: sayInstant(one.received_at),
      due: sayDate(due.due),
      steps: due.steps,
      next: nextStep(one),
      proposal: propose(one.matter),
      law: matters[one.matter].law,
      decisions: Object.entries(wordsFor(one)).map(([value, text]) => ({ value, text })),
      decided: one.decision && wordsFor(one)[one.decision],
      byItself: byItself[one.matter],
      sorts: [...eightRights, 'complaint' as const].map(value => ({ value, text: matters[value].says })),
      asksAs: Object.entries(asksAs).map(([value, text]) => ({ value, text })),
      ownDecision: one.matter === 'erasure' && one.decided_by === staffOf(request).id,
      aloneFrom: from && sayInstant(from),
      mayBeAlone: from !== undefined && from <= house.clock.now(),
      tellsOthers: toldOn.has(one.matter) && one.carried_out_at !== null,
      subject: one.subject && ((await house.vault.record(one.subject))?.state ?? 'gone'),
      notes: account.notes.map(each => ({ ...each, at: sayInstant(new Date(each.at)) })),
      letter: account.letter || draftLetter(one, requester.name, account.reasons),
      today: londonDate(house.clock.now()),
      ...more,
    })
  }
  app.get<ById>('/staff/protection/cases/:id', dpo, (request, reply) => show(request, reply, request.params.id))

  /** One of the plain steps: a date or an instant is noted. */
  const simple: Record<string, { act: string; set: (now: Date) => Step }> = {
    acknowledge: { act: 'acknowledged', set: now => ({ acknowledged_at: now }) },
    'ask-identity': { act: 'proof of identity asked', set: now => ({ identity_asked_on: londonDate(now) }) },
    'identity-proved': { act: 'identity proved', set: now => ({ identity_received_on: londonDate(now) }) },
    'ask-more': { act: 'clarification asked', set: now => ({ clarification_asked_on: londonDate(now) }) },
    'more-came': { act: 'clarification came', set: now => ({ clarification_answered_on: londonDate(now) }) },
    extend: { act: 'extended by two months, and told so', set: now => ({ extended_on: londonDate(now) }) },
    close: { act: 'closed', set: now => ({ closed_at: now }) },
  }
  app.post<ById>('/staff/protection/cases/:id/step', dpo, async (request, reply) => {
    const { what } = z.object({ what: z.string().catch('') }).parse(request.body ?? {})
    const wanted = simple[what]
    if (!wanted) throw notFound()
    const { id } = request.params
    const why = await atDesk(house, request, async (tx, by) => {
      const found = await caseById(tx, house, by, id)
      if (!found) throw notFound()
      if (what === 'extend') {
        const { notice_by: last } = dueOf(found.one)
        if (last && londonDate(house.clock.now()) > last)
          return 'It is too late to extend: the notice had to be given before'
      }
      if (what === 'close' && !found.one.answered_at) return 'Write and send the answer first'
      await step(tx, house, by, id, wanted.act, wanted.set(house.clock.now()))
      return undefined
    })
    if (why) return show(request, reply.code(422), id, refuse({ what: why }))
    return reply.redirect(`/staff/protection/cases/${id}`, 303)
  })

  app.post<ById>('/staff/protection/cases/:id/subject', dpo, async (request, reply) => {
    const form = read(z.object({ address: email, as: z.enum(['self', 'authority']).optional() }), request.body)
    const { id } = request.params
    if (!form.ok) return show(request, reply.code(422), id, { values: request.body, ...form })
    const records = await house.vault.findByEmail(form.answer.address)
    const [first] = (
      await Promise.all(records.map(async one => ((await house.vault.record(one))?.kind === 'panel' ? one : undefined)))
    ).filter(one => one !== undefined)
    if (!first)
      return show(request, reply.code(422), id, {
        values: request.body,
        ...refuse({ address: 'No living record has this email address' }),
      })
    const { address, as } = form.answer
    const isFound = await atDesk(house, request, async (tx, by) => {
      const found = await caseById(tx, house, by, id)
      if (!found || (!as && !isTheirOwn(found.requester.reach, address))) return false
      const noted = as === 'authority' ? 'record found; authority to act for the person seen' : 'record found'
      return step(tx, house, by, id, noted, { subject: first })
    })
    if (!isFound)
      return show(request, reply.code(422), id, {
        values: request.body,
        ...refuse({ as: 'Select who asks: the address in the record is not the one they gave' }),
      })
    return reply.redirect(`/staff/protection/cases/${id}`, 303)
  })

  app.post<ById>('/staff/protection/cases/:id/matter', dpo, async (request, reply) => {
    const form = read(z.object({ matter: entry.shape.matter }), request.body)
    const { id } = request.params
    if (!form.ok) return show(request, reply.code(422), id, { values: request.body, ...form })
    const { matter } = form.answer
    const sorted = await atDesk(house, request, async (tx, by) => {
      const found = await caseById(tx, house, by, id)
      if (found?.one.matter !== 'unsorted') return false
      return step(tx, house, by, id, `sorted: ${matters[matter].says.toLowerCase()}`, { matter })
    })
    if (!sorted) throw notFound()
    return reply.redirect(`/staff/protection/cases/${id}`, 303)
  })

  app.post<ById>('/staff/protection/cases/:id/decision', dpo, async (request, reply) => {
    const form = read(decided, request.body)
    const { id } = request.params
    if (!form.ok) return show(request, reply.code(422), id, { values: request.body, ...form })
    const unsorted = await atDesk(house, request, async (tx, by) => {
      const found = await caseById(tx, house, by, id)
      return found?.one.matter === 'unsorted'
    })
    if (unsorted) return show(request, reply.code(422), id, refuse({ matter: 'Say first what they ask for' }))
    await atDesk(house, request, (tx, by) =>
      step(
        tx,
        house,
        by,
        id,
        `decided: ${decisions[form.answer.decision].toLowerCase()}`,
        { decision: form.answer.decision, decided_at: house.clock.now(), decided_by: by.id },
        held => ({ ...held, reasons: form.answer.reasons }),
      ),
    )
    return reply.redirect(`/staff/protection/cases/${id}`, 303)
  })

  app.post<ById>('/staff/protection/cases/:id/execution', dpo, async (request, reply) => {
    const { id } = request.params
    const { reason } = z
      .object({
        reason: z
          .string()
          .transform(text => clean(text).slice(0, 2000))
          .catch(''),
      })
      .parse(request.body ?? {})
    const outcome = await atDesk(house, request, async (tx, by) => {
      const found = await caseById(tx, house, by, id)
      if (!found) throw notFound()
      const { one } = found
      if (!one.decision || one.decision === 'refused' || one.carried_out_at) return 'There is nothing to carry out'
      if (byItself[one.matter] && !one.subject) return 'Find the record first, by its email address'
      const wait = await whyWait(tx, one)
      if (wait) return wait
      const now = house.clock.now()
      const why = whyNotErase(one, by, now, reason)
      if (why) return why
      const others = one.matter === 'erasure' && one.subject ? await mentionsOf(tx, house, one.subject) : []
      await carryOut(tx, house, by, one)
      const alone = one.matter === 'erasure' && one.decided_by === by.id
      const second = one.matter === 'erasure' && !alone ? { second_by: by.id, second_at: now } : {}
      const said = [
        ...(alone ? [`Nobody else could look at it: ${reason}`] : []),
        ...(others.length ? [`${stillNamed}: ${others.join(', ')}`] : []),
      ].map(text => ({ at: now.toISOString(), text }))
      const act = alone ? 'carried out alone' : 'carried out'
      await step(tx, house, by, id, act, { carried_out_at: now, ...second }, held => ({
        ...held,
        notes: [...held.notes, ...said],
      }))
      return one
    })
    if (typeof outcome === 'string') return show(request, reply.code(422), id, refuse({ execution: outcome }))
    await carryOutAfter(house, staffOf(request), outcome)
    return reply.redirect(`/staff/protection/cases/${id}`, 303)
  })

  app.get<ById>('/staff/protection/cases/:id/copy.json', dpo, async (request, reply) => {
    const by = staffOf(request)
    const copy = await within(house, { by, for: 'exercise rights' }, async tx => {
      const found = await caseById(tx, house, by, request.params.id)
      if (!found?.one.subject || !found.one.decision || (await whyWait(tx, found.one))) return undefined
      return accessCopy(tx, house, by, found.one.subject)
    })
    if (!copy) throw notFound()
    return reply
      .header('content-disposition', 'attachment; filename="copy.json"')
      .type('application/json')
      .send(Readable.from(copyJson(house, copy)))
  })

  app.post<ById>('/staff/protection/cases/:id/letter', dpo, async (request, reply) => {
    const { id } = request.params
    const fields = z.object({ letter: z.string().catch(''), send: z.string().optional() }).parse(request.body ?? {})
    const letter = clean(fields.letter)
    if (!letter || letter.length > 20_000)
      return show(request, reply.code(422), id, {
        letter,
        ...refuse({ letter: letter ? 'The letter must be 20,000 characters or fewer' : 'Enter the letter' }),
      })
    await atDesk(house, request, async (tx, by) => {
      const found = await caseById(tx, house, by, id)
      if (!found) throw notFound()
      const keep = { ...found.account, letter }
      if (!fields.send) return step(tx, house, by, id, 'letter drafted', {}, held => ({ ...held, letter: keep.letter }))
      await step(tx, house, by, id, 'answer sent', { answered_at: house.clock.now() }, held => ({ ...held, letter }))
      if (found.requester.reach.includes('@')) await write(tx, id, 'rights answer', { reference: found.one.reference })
      return true
    })
    return reply.redirect(`/staff/protection/cases/${id}`, 303)
  })

  app.get<ById>('/staff/protection/cases/:id/print', dpo, async (request, reply) => {
    const found = await atDesk(house, request, (tx, by) => caseById(tx, house, by, request.params.id))
    const { letter } = z.object({ letter: z.coerce.number().optional().catch(undefined) }).parse(request.query)
    const text = letter === undefined ? found?.account.letter : found?.account.letters[letter]?.text
    if (!found || !text) throw notFound()
    return reply.page(view('print'), {
      title: found.one.reference,
      back: `/staff/protection/cases/${request.params.id}`,
      requester: found.requester,
      paragraphs: text.split(/\n\s*\n/),
      contact,
      on: sayDate(londonDate(house.clock.now())),
    })
  })
  await complaintRoutes(app, house, write)
  await intakeRoutes(app, house, write)
  await afterRoutes(app, house, choices)
}

/** What is granted of a request; what came of a complaint. */
function wordsFor(one: Case): Record<Decision, string> {
  return one.matter === 'complaint' ? outcomes : decisions
}

/** The first words of an answer; every one of them names the ways to complain (Art 12(4), DPA 2018 s.164A). */
function draftLetter(one: Case, name: string, reasons: string): string {
  const said: Record<Matter, string> = {
    access: 'Here is a copy of everything that we hold about you.',
    correction: 'We have corrected what you told us.',
    erasure:
      'We have deleted what we held about you. It cannot be read by anyone here from now on, and in no backup after 30 days.',
    restriction: 'We have set your record aside. We keep it and do not use it, and will tell you before that changes.',
    transfer: 'Here is a copy of what you gave us that a computer can read.',
    objection: 'We have stopped using your record.',
    portability: 'Here is a copy of what you gave us that a computer can read.',
    withdrawal: 'We have noted that you take your agreement back.',
    complaint: 'We have looked into your complaint.',
    'ring back': 'We rang you as you asked.',
    unsorted: 'We have read what you wrote.',
  }
  const outcome =
    one.matter === 'complaint'
      ? `${said.complaint} ${one.decision === 'refused' ? 'We do not think that we did anything wrong.' : one.decision === 'part' ? 'You were right about a part of it.' : 'You were right.'}`
      : one.decision === 'refused'
        ? 'We cannot do what you asked.'
        : one.decision === 'part'
          ? `We can do a part of what you asked. ${said[one.matter]}`
          : said[one.matter]
  return [
    `Hello ${name || 'there'},`,
    `You wrote to us about your data (our reference ${one.reference}). ${outcome}`,
    ...(reasons ? [`Why: ${reasons}`] : []),
    `If you are not happy with this, tell us: ${contact.dpo.email} or ${contact.phone}. You can also complain to the ${contact.regulator.name}, ${contact.regulator.phone}, ${contact.regulator.complaint}, or go to court.`,
    `Yours sincerely,\n${contact.dpo.name}, ${contact.body}`,
  ].join('\n\n')
}

function staffOf(request: FastifyRequest): Actor {
  if (!request.actor) throw forbidden()
  return request.actor
}

function atDesk<T>(house: House, request: FastifyRequest, work: (tx: Tx, by: Actor) => Promise<T>): Promise<T> {
  const by = staffOf(request)
  return within(house, { by, for: 'exercise rights' }, tx => work(tx, by))
}
