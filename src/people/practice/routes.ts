import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { sayDate, startOfDay } from '#src/platform/calendar/london.ts'
import { inWorld } from '#src/platform/database/world.ts'
import { forbidden } from '#src/platform/web/errors.ts'
import { type House, within } from '#src/promises/house.ts'
import { system } from '#src/promises/notice/actor.ts'
import type { Session } from '../doors/sessions.ts'
import { type Colleague, colleaguesIn } from './colleagues.ts'
import { answerOffers, finishReading } from './helps.ts'
import { actAs } from './practising.ts'
import { applicants, CannotPractise, places, practiceDays, startPractice } from './start.ts'
import { wipePractice } from './wipe.ts'

const by = system('practice')
const safe = { by, for: 'keep the service safe' } as const
const officer = { config: { may: 'officer', world: 'real' } } as const
const here = '/staff/practice'

/** Practise with invented people: start it, be an invented colleague, go back to real work, wipe it. */
export async function practiceRoutes(app: FastifyInstance, house: House): Promise<void> {
  const show = async (request: FastifyRequest, reply: FastifyReply, more: object = {}) => {
    const session = staffSession(request)
    const world = session.actor.id
    const practice = await practiceOf(house, world)
    const stands = practice && !practice.ended_at
    return reply.page('people/practice/practice.njk', {
      title: 'Practise with invented people',
      applicants,
      places,
      practiceDays,
      halfWiped: practice && !stands,
      endsOn: stands && sayDate(startOfDay(practice.ends_on)),
      as: session.practisingAs,
      colleagues: stands ? await castOf(house, world) : [],
      ...more,
    })
  }

  app.get(here, officer, async (request, reply) => {
    const { did, count } = z
      .object({ did: z.string().catch(''), count: z.coerce.number().catch(0) })
      .parse(request.query)
    return show(request, reply, { notice: sayDone(did, count) })
  })
  app.post(here, officer, async (request, reply) => {
    const session = staffSession(request)
    try {
      await startPractice(house, session.actor)
    } catch (error) {
      if (!(error instanceof CannotPractise)) throw error
      return show(request, reply.code(422), { errors: [{ text: error.message, href: '#start' }] })
    }
    return reply.redirect(here, 303)
  })
  app.post(`${here}/colleague`, officer, async (request, reply) => {
    const session = staffSession(request)
    const { who } = z.object({ who: z.string().catch('') }).parse(request.body ?? {})
    const found = (await castOf(house, session.actor.id)).find(one => one.id === who)
    if (!found) return show(request, reply.code(422), { errors: [{ text: 'Select who you want to be', href: '#who' }] })
    await within(house, safe, tx => actAs(tx, house, session, found.id))
    return reply.redirect('/staff', 303)
  })
  app.post(`${here}/stop`, officer, async (request, reply) => {
    const session = staffSession(request)
    await within(house, safe, tx => actAs(tx, house, session, null))
    return reply.redirect('/staff', 303)
  })
  app.post(`${here}/scores`, officer, async (request, reply) => {
    const count = await inWorld(staffSession(request).actor.id, () => finishReading(house))
    return reply.redirect(`${here}?did=scores&count=${count}`, 303)
  })
  app.post(`${here}/answers`, officer, async (request, reply) => {
    const count = await inWorld(staffSession(request).actor.id, () => answerOffers(house))
    return reply.redirect(`${here}?did=answers&count=${count}`, 303)
  })
  app.post(`${here}/deletion`, officer, async (request, reply) => {
    const { actor } = staffSession(request)
    const count = await wipePractice(house, actor, actor.id)
    return reply.redirect(`${here}?did=deletion&count=${count}`, 303)
  })
}

function staffSession(request: FastifyRequest): Session {
  if (request.session?.kind !== 'staff') throw forbidden()
  return request.session
}

function practiceOf(house: House, world: string) {
  return within(house, safe, tx => tx.selectFrom('practice').selectAll().where('world', '=', world).executeTakeFirst())
}

function castOf(house: House, world: string): Promise<Colleague[]> {
  return inWorld(world, () => within(house, safe, tx => colleaguesIn(tx, house)))
}

function sayDone(did: string, count: number): string | undefined {
  if (did === 'scores')
    return count ? `The reviewers scored ${count} answers.` : 'No reviewer has an answer to read at present.'
  if (did === 'answers')
    return count ? `${count} people answered their offer.` : 'Nobody has an offer to answer at present.'
  if (did === 'deletion') return `The practice is deleted: ${count} invented records are gone.`
  return undefined
}
