import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { sayDate, sayInstant } from '#src/platform/calendar/london.ts'
import { notFound } from '#src/platform/web/errors.ts'
import { line, read, refuse } from '#src/platform/web/form.ts'
import type { House } from '#src/promises/house.ts'
import { may } from '../permissions.ts'
import {
  changeRound,
  closeEarly,
  createRound,
  endOf,
  expiriesOf,
  extend,
  publish,
  questionsOf,
  type Round,
  roundById,
  rounds,
  stateOf,
  whyNotPublish,
} from '../round.ts'
import { atDesk, fieldsOf } from './desk.ts'
import { emptyForm, formOf, MOST_QUESTIONS, readPlan, ruleNames } from './form.ts'
import { type StepsOf, taskList } from './steps.ts'
import { instantFields, readInstant } from './when.ts'

const officer = { config: { may: may.runRounds } }
const crumbs = [{ text: 'Rounds', href: '/staff/rounds' }]
type ById = { Params: { id: string } }

const ruleLabels = {
  england: 'Lives in England',
  landlord: 'Lives in a home of a member landlord',
  terms: 'Has served fewer than three terms',
} as const
const stateTags = {
  draft: { text: 'Draft', classes: 'govuk-tag--grey' },
  waiting: { text: 'Published, not open yet', classes: 'govuk-tag--yellow' },
  open: { text: 'Open', classes: 'govuk-tag--green' },
  closed: { text: 'Closed', classes: 'govuk-tag--blue' },
} as const

/** Rounds, as officers plan and run them. */
export async function roundRoutes(app: FastifyInstance, house: House, stepsOf?: StepsOf): Promise<void> {
  const now = () => house.clock.now()
  const editor = (values: { [field: string]: unknown }) => ({
    values,
    ruleNames,
    ruleLabels,
    slots: slots(),
    more: holdsMore(values),
    crumbs,
  })

  app.get('/staff/rounds', officer, async (request, reply) => {
    const all = await atDesk(house, request, tx => rounds(tx))
    return reply.page('panel/recruitment/rounds/rounds.njk', {
      title: 'Rounds',
      wide: true,
      rounds: all.map(round => shown(round, now())),
    })
  })

  app.get('/staff/rounds/new', officer, async (_request, reply) =>
    reply.page('panel/recruitment/rounds/edit.njk', { title: 'New round', ...editor(emptyForm()) }),
  )

  app.post('/staff/rounds', officer, async (request, reply) => {
    const fields = fieldsOf(request.body)
    const form = readPlan(fields, now())
    const page = { title: 'New round', ...editor(fields) }
    if (!form.ok) return reply.code(422).page('panel/recruitment/rounds/edit.njk', { ...page, ...form })
    const id = await atDesk(house, request, (tx, by) => createRound(tx, house, by, form.plan))
    return reply.redirect(`/staff/rounds/${id}`, 303)
  })

  app.get<ById>('/staff/rounds/:id', officer, async (request, reply) => {
    const { round, questions, why, steps } = await atDesk(house, request, async tx => {
      const round = await found(tx, request.params.id)
      const why = round.publishedAt ? undefined : await whyNotPublish(tx, house, round)
      const steps = round.publishedAt && stepsOf ? await stepsOf(tx, round, now()) : []
      return { round, why, steps, questions: await questionsOf(tx, round.id) }
    })
    return reply.page('panel/recruitment/rounds/round.njk', {
      title: round.name,
      crumbs,
      round: shown(round, now()),
      rules: ruleNames.map(name => ({ label: ruleLabels[name], ...round.rules[name] })),
      questions,
      why,
      steps: taskList(steps),
    })
  })

  app.get<ById>('/staff/rounds/:id/change', officer, async (request, reply) => {
    const { round, questions } = await atDesk(house, request, async tx => {
      const round = await found(tx, request.params.id)
      return { round, questions: await questionsOf(tx, round.id) }
    })
    if (round.publishedAt) return reply.redirect(`/staff/rounds/${round.id}`, 303)
    const page = { title: `Change ${round.name}`, id: round.id, ...editor(formOf(round, questions)) }
    return reply.page('panel/recruitment/rounds/edit.njk', page)
  })

  app.post<ById>('/staff/rounds/:id', officer, async (request, reply) => {
    const { id } = request.params
    const fields = fieldsOf(request.body)
    const form = readPlan(fields, now())
    const page = { title: 'Change the round', id, ...editor(fields) }
    if (!form.ok) return reply.code(422).page('panel/recruitment/rounds/edit.njk', { ...page, ...form })
    await atDesk(house, request, async (tx, by) => {
      await found(tx, id)
      await changeRound(tx, house, by, id, form.plan)
    })
    return reply.redirect(`/staff/rounds/${id}`, 303)
  })

  app.get<ById>('/staff/rounds/:id/preview', officer, async (request, reply) => {
    const { round, questions } = await atDesk(house, request, async tx => {
      const round = await found(tx, request.params.id)
      return { round, questions: await questionsOf(tx, round.id) }
    })
    return reply.page('panel/recruitment/rounds/preview.njk', {
      title: `Preview of ${round.name}`,
      back: `/staff/rounds/${round.id}`,
      round: shown(round, now()),
      paragraphs: round.words.start.split(/\n+/).filter(Boolean),
      rules: ruleNames.filter(name => round.rules[name].on).map(name => ({ name, words: round.rules[name].words })),
      questions,
    })
  })

  app.post<ById>('/staff/rounds/:id/publication', officer, async (request, reply) => {
    const why = await atDesk(house, request, async (tx, by) => {
      await found(tx, request.params.id)
      return publish(tx, house, by, request.params.id)
    })
    if (!why) return reply.redirect(`/staff/rounds/${request.params.id}`, 303)
    const round = await atDesk(house, request, tx => found(tx, request.params.id))
    const page = {
      title: round.name,
      crumbs,
      round: shown(round, now()),
      why,
      rules: [],
      questions: [],
      sent: 0,
      drafts: 0,
    }
    return reply.code(422).page('panel/recruitment/rounds/round.njk', { ...page, ...refuse({ publish: why }) })
  })

  app.get<ById>('/staff/rounds/:id/closing-date', officer, async (request, reply) => {
    const round = await atDesk(house, request, tx => found(tx, request.params.id))
    return reply.page('panel/recruitment/rounds/extend.njk', {
      title: 'Extend the round',
      back: `/staff/rounds/${round.id}`,
      round: shown(round, now()),
      values: instantFields('closesOn', round.closesAt),
    })
  })

  app.post<ById>('/staff/rounds/:id/closing-date', officer, async (request, reply) => {
    const fields = fieldsOf(request.body)
    const when = readInstant(fields, 'closesOn', 'Closing')
    const { round, why } = await atDesk(house, request, async (tx, by) => {
      const round = await found(tx, request.params.id)
      return { round, why: when.ok ? await extend(tx, house, by, round.id, when.value) : when.sentence }
    })
    if (!why) return reply.redirect(`/staff/rounds/${round.id}`, 303)
    const page = {
      title: 'Extend the round',
      back: `/staff/rounds/${round.id}`,
      round: shown(round, now()),
      values: fields,
    }
    return reply.code(422).page('panel/recruitment/rounds/extend.njk', { ...page, ...refuse({ closesOn: why }) })
  })

  const reason = z.object({ because: line('Enter why the round closes early', 'The reason', 300) })

  app.get<ById>('/staff/rounds/:id/early-close', officer, async (request, reply) => {
    const round = await atDesk(house, request, tx => found(tx, request.params.id))
    const page = {
      title: 'Close the round early',
      back: `/staff/rounds/${round.id}`,
      round: shown(round, now()),
      values: {},
    }
    return reply.page('panel/recruitment/rounds/early-close.njk', page)
  })

  app.post<ById>('/staff/rounds/:id/early-close', officer, async (request, reply) => {
    const form = read(reason, request.body)
    const { round, why } = await atDesk(house, request, async (tx, by) => {
      const round = await found(tx, request.params.id)
      return { round, why: form.ok ? await closeEarly(tx, house, by, round.id, form.answer.because) : undefined }
    })
    if (form.ok && !why) return reply.redirect(`/staff/rounds/${round.id}`, 303)
    return reply.code(422).page('panel/recruitment/rounds/early-close.njk', {
      title: 'Close the round early',
      back: `/staff/rounds/${round.id}`,
      round: shown(round, now()),
      values: fieldsOf(request.body),
      ...(form.ok ? refuse({ because: why ?? '' }) : form),
    })
  })
}

async function found(tx: Parameters<typeof roundById>[0], id: string): Promise<Round> {
  const round = await roundById(tx, id)
  if (!round) throw notFound()
  return round
}

/** A round in the words of the page. */
function shown(round: Round, now: Date) {
  const state = stateOf(round, now)
  return {
    ...round,
    state,
    tag: stateTags[state],
    opens: sayInstant(round.opensAt),
    closes: sayInstant(endOf(round)),
    opensOn: sayDate(round.opensAt),
    closesOn: sayDate(endOf(round)),
    planned: sayInstant(round.closesAt),
    term: sayDate(round.termStartsOn),
    deleted: sayDate(expiriesOf(round).sent),
  }
}

/** Whether the questions that are folded away hold anything. */
function holdsMore(values: { [field: string]: unknown }): boolean {
  return slots().some(at => at > 2 && (values[`question${at}`] || values[`hint${at}`]))
}

function slots(): number[] {
  return Array.from({ length: MOST_QUESTIONS }, (_, at) => at + 1)
}
