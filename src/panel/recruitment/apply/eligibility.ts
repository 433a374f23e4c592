import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { read } from '#src/platform/web/form.ts'
import { type House, within } from '#src/promises/house.ts'
import { system } from '#src/promises/notice/actor.ts'
import { may } from '../permissions.ts'
import { openRound, type Round } from '../round.ts'
import { carryTerms } from './carried.ts'
import { begunBy } from './desk.ts'
import { isChange, showPage, takePage } from './show.ts'
import { TOO_MANY, termItems, termsForm, termsHint, termsServed } from './terms.ts'

const england = z.object({ england: z.enum(['yes', 'no'], 'Select yes if you live in England') })
const landlord = z.object({ social: z.enum(['yes', 'no'], 'Select yes if you live in a home of a social landlord') })

const steps = [
  {
    path: 'england',
    field: 'england',
    rule: 'england',
    form: england,
    items: yesNo,
    fails: 'no',
    hint: 'We do not keep this answer.',
  },
  {
    path: 'home',
    field: 'social',
    rule: 'landlord',
    form: landlord,
    items: yesNo,
    fails: 'no',
    hint: 'A social landlord is a council, a housing association or a co-operative. Shared owners and leaseholders of one count too. We do not keep this answer.',
  },
  {
    path: 'terms',
    field: 'terms',
    rule: 'terms',
    form: termsForm,
    items: termItems,
    fails: TOO_MANY,
    hint: termsHint,
  },
] as const

/**
 * Who may apply, asked before anything personal, by the round's rules. Nothing is kept: someone who may not apply gets a
 * page that says why and where to turn.
 */
export async function eligibilityRoutes(app: FastifyInstance, house: House): Promise<void> {
  const anyone = { config: { may: may.apply } }
  const round = () =>
    within(house, { by: system('web'), for: 'administer the panel' }, tx => openRound(tx, house.clock.now()))

  app.get('/apply/begin', anyone, async (_request, reply) => {
    const open = await round()
    return reply.redirect(open ? nextStep(open, -1) : '/apply', 303)
  })
  app.get('/apply/not-eligible', anyone, async (request, reply) =>
    reply.page('panel/recruitment/apply/not-eligible.njk', {
      title: 'You cannot join this panel',
      begun: begunBy(request.actor),
    }),
  )
  steps.forEach((step, at) => {
    const ask = (reply: FastifyReply, open: Round, more: object = {}) =>
      reply.page('panel/recruitment/apply/eligibility.njk', {
        title: open.rules[step.rule].words,
        field: step.field,
        hint: step.hint,
        items: step.items(),
        back: stepBefore(open, at),
        ...more,
      })
    const putsRight = (request: FastifyRequest) =>
      step.field === 'terms' && isChange(request) && begunBy(request.actor) !== undefined
    app.get(`/apply/${step.path}`, anyone, async (request, reply) => {
      if (putsRight(request)) return showPage(house, termsServed, request, reply)
      const open = await round()
      return open ? ask(reply, open) : reply.redirect('/apply', 303)
    })
    app.post(`/apply/${step.path}`, anyone, async (request, reply) => {
      if (putsRight(request)) return takePage(house, termsServed, request, reply)
      const open = await round()
      if (!open) return reply.redirect('/apply', 303)
      const form = read(step.form, request.body)
      if (!form.ok) return ask(reply.code(422), open, form)
      const said = String(Object.values(form.answer)[0])
      if (said === step.fails) return reply.redirect('/apply/not-eligible', 303)
      if (step.field === 'terms') carryTerms(house, reply, said)
      return reply.redirect(nextStep(open, at), 303)
    })
  })
}

function nextStep(round: Round, at: number): string {
  const next = steps.find((step, index) => index > at && round.rules[step.rule].on)
  return next ? `/apply/${next.path}` : '/apply/name'
}

function stepBefore(round: Round, at: number): string {
  const before = steps.findLast((step, index) => index < at && round.rules[step.rule].on)
  return before ? `/apply/${before.path}` : '/apply'
}

function yesNo() {
  return [
    { value: 'yes', text: 'Yes' },
    { value: 'no', text: 'No' },
  ]
}
