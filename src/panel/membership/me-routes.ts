import { randomUUID } from 'node:crypto'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { addDays } from '#src/platform/calendar/dates.ts'
import { londonDate, sayDate } from '#src/platform/calendar/london.ts'
import type { Tx } from '#src/platform/database/database.ts'
import { notFound } from '#src/platform/web/errors.ts'
import { clean, refuse } from '#src/platform/web/form.ts'
import { type House, within } from '#src/promises/house.ts'
import type { Actor } from '#src/promises/notice/actor.ts'
import { roundById } from '../recruitment/round.ts'
import { fieldsOf, textOf } from '../recruitment/rounds/desk.ts'
import { noteContact } from './contacts/contacts.ts'
import { backDays, comeBack, leave, mayComeBack, memberOf, pause } from './members.ts'
import { NotPossible } from './not-possible.ts'
import { accept, decline, offerFor } from './offers/offers.ts'
import { asksOf } from './own/asks.ts'
import { may } from './permissions.ts'
import { mostTerms } from './terms.ts'

const resident = { config: { may: may.takePart } }
const view = (name: string) => `panel/membership/${name}.njk`

/** The resident's side: the place that is offered, and their membership. */
export async function myMembershipRoutes(app: FastifyInstance, house: House): Promise<void> {
  const showOffer = async (request: FastifyRequest, reply: FastifyReply, more: object = {}) => {
    const shown = await mine(house, request, async (tx, me) => {
      const offer = await offerFor(tx, me.id)
      const living = await house.vault.record(me.id)
      return { offer, round: offer && (await roundById(tx, offer.round_id)), deleted: living?.expiresOn }
    })
    const { offer, round, deleted } = shown
    return reply.page(view('my-offer'), {
      title: offer ? 'Your place on the panel' : 'You have no offer',
      back: '/me',
      state: offer?.state,
      round: round?.name,
      starts: round && sayDate(round.termStartsOn),
      answerBy: offer && sayDate(offer.answer_by),
      late: offer && offer.answer_by < londonDate(house.clock.now()),
      deleted: deleted && sayDate(deleted),
      entry: randomUUID(),
      asked: 'asked' in fieldsOf(request.query),
      values: {},
      ...more,
    })
  }
  app.get('/me/offer', resident, (request, reply) => showOffer(request, reply))
  app.post('/me/offer', resident, async (request, reply) => {
    const fields = fieldsOf(request.body)
    const answer = textOf(fields, 'answer')
    const reason = clean(textOf(fields, 'reason'))
    const fault: Record<string, string> =
      answer !== 'yes' && answer !== 'no'
        ? { answer: 'Select yes or no' }
        : answer === 'yes' && fields.charter !== 'agreed'
          ? { charter: 'Tick that you agree to how the panel works together' }
          : reason.length > 500
            ? { reason: 'The reason must be 500 characters or fewer' }
            : {}
    if (Object.keys(fault).length) return showOffer(request, reply.code(422), { values: fields, ...refuse(fault) })
    try {
      await mine(house, request, (tx, me) =>
        answer === 'yes' ? accept(tx, house, me, me.id) : decline(tx, house, me, me.id, reason),
      )
    } catch (error) {
      if (!(error instanceof NotPossible)) throw error
      return showOffer(request, reply.code(422), { values: fields, ...refuse({ answer: error.message }) })
    }
    return reply.redirect(answer === 'yes' ? '/me/membership?welcome' : '/me/offer', 303)
  })

  app.post('/me/offer/question', resident, async (request, reply) => {
    const me = request.actor
    const fields = fieldsOf(request.body)
    const question = clean(textOf(fields, 'question'))
    const id = z.uuid().safeParse(textOf(fields, 'entry'))
    const offer = await mine(house, request, (tx, by) => offerFor(tx, by.id))
    if (!me || !id.success || offer?.state !== 'offered') throw notFound()
    const fault = !question
      ? 'Enter your question'
      : question.length > 500 && 'Your question must be 500 characters or fewer'
    if (fault) return showOffer(request, reply.code(422), { values: fields, ...refuse({ question: fault }) })
    const on = londonDate(house.clock.now())
    const contact = { on, way: 'web', topic: question, next: 'Answer the question about the offer' } as const
    await noteContact(house, me, me.id, { id: id.data, ...contact, due: on, owner: undefined })
    return reply.redirect('/me/offer?asked', 303)
  })

  const showMembership = async (request: FastifyRequest, reply: FastifyReply, more: object = {}) => {
    const { member, asks, deleted } = await mine(house, request, async (tx, me) => ({
      member: await memberOf(tx, me.id),
      asks: await asksOf(tx, house, me),
      deleted: (await house.vault.record(me.id))?.expiresOn,
    }))
    const today = londonDate(house.clock.now())
    return reply.page(view('my-membership'), {
      title: member ? 'Your membership' : 'You are not a member',
      back: '/me',
      asks,
      welcome: 'welcome' in fieldsOf(request.query),
      deleted: deleted && sayDate(deleted),
      member: member && {
        term: ['first', 'second', 'third and last'][member.term_number - 1],
        last: member.term_number >= mostTerms,
        starts: sayDate(member.starts_on),
        ends: sayDate(member.ends_on),
        over: member.ends_on <= today,
        paused: member.paused_at !== null,
        left: member.left_on && sayDate(member.left_on),
        backBy: member.left_on && mayComeBack(member, today) && sayDate(addDays(member.left_on, backDays)),
      },
      ...more,
    })
  }
  app.get('/me/membership', resident, (request, reply) => showMembership(request, reply))
  app.get('/me/membership/leaving', resident, async (request, reply) => {
    const member = await mine(house, request, (tx, me) => memberOf(tx, me.id))
    if (!member || member.left_on) throw notFound()
    return reply.page(view('my-leaving'), { title: 'Leave the panel', back: '/me/membership', days: backDays })
  })
  app.post('/me/membership', resident, async (request, reply) => {
    const act = textOf(fieldsOf(request.body), 'act')
    const done = await mine(house, request, async (tx, me) => {
      if (act === 'pause' || act === 'go on') await pause(tx, house, me, me.id, act === 'pause')
      if (act === 'leave') await leave(tx, house, me, me.id, 'resigned')
      return act !== 'come back' || comeBack(tx, house, me, me.id)
    })
    const late = 'It is too late to come back here: your place is given, or the time is over. Call us to talk about it'
    if (!done) return showMembership(request, reply.code(422), refuse({ act: late }))
    return reply.redirect('/me/membership', 303)
  })
}

/** Runs `work` in one transaction for the person who is signed in, to administer the panel. */
export function mine<T>(house: House, request: FastifyRequest, work: (tx: Tx, me: Actor) => Promise<T>): Promise<T> {
  const me = request.actor
  if (!me) throw notFound()
  return within(house, { by: me, for: 'administer the panel' }, tx => work(tx, me))
}
