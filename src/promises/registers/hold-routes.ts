import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { londonDate, sayDate } from '#src/platform/calendar/london.ts'
import type { Tx } from '#src/platform/database/database.ts'
import { forbidden, notFound } from '#src/platform/web/errors.ts'
import { day, read, refuse } from '#src/platform/web/form.ts'
import { type House, within } from '../house.ts'
import type { Actor } from '../notice/actor.ts'
import { hold, liftHold, liftRestriction, TooLate } from '../retention/brakes.ts'
import { approveHold, holdToday, type StandingHold, standingHolds, whyNotApprove } from '../retention/holds.ts'
import { mustTellFirst } from '../rights/lifting.ts'
import { staffNames } from './names.ts'
import { may } from './permissions.ts'

const dpo = { config: { may: may.keepRegisters } }
const page = '/staff/protection/holds'
const placing = z.object({
  whose: z.string().trim().toLowerCase().min(1, 'Enter the email address in the record, or the record’s number'),
  matter: z
    .string()
    .trim()
    .regex(
      /^[A-Za-z0-9][A-Za-z0-9._:/-]{0,59}$/,
      'Enter the reference of the matter: letters, figures and dashes, and nobody’s name',
    ),
  review: day('Enter the day on which to look again, like 12 February 2027'),
})
const tellFirst = 'Tell the person the day before, in their case, that their record is used again'
const chosen = z.object({ hold: z.coerce.number().int().positive() })

/** The page that places holds for legal matters, has them approved by a second person, and lifts any hold. */
export async function holdRoutes(app: FastifyInstance, house: House): Promise<void> {
  const show = async (request: FastifyRequest, reply: FastifyReply, more: object = {}) => {
    const today = londonDate(house.clock.now())
    const rows = await atDesk(house, request, async (tx, by) => {
      const all = await standingHolds(tx, today)
      const name = await staffNames(tx, house, by, [
        ...all.map(one => one.placed_by),
        ...all.map(one => one.approved_by),
      ])
      return all.map(one => ({
        ...one,
        placed: `${sayDate(londonDate(one.placed_at))} by ${name(one.placed_by)}`,
        approved: one.approved_at && `${sayDate(londonDate(one.approved_at))} by ${name(one.approved_by)}`,
        review: sayDate(one.review_on),
        isLate: holdToday(one, today)?.isOverdue === true,
      }))
    })
    return reply.page('promises/registers/holds.njk', {
      title: 'Holds',
      back: '/staff/protection',
      rows,
      values: {},
      ...more,
    })
  }
  app.get(page, dpo, (request, reply) => show(request, reply))

  app.post(page, dpo, async (request, reply) => {
    const form = read(placing, request.body)
    const refused = (field: string, sentence: string) =>
      show(request, reply.code(422), { values: request.body, ...refuse({ [field]: sentence }) })
    if (!form.ok) return show(request, reply.code(422), { values: request.body, ...form })
    const { whose, matter, review } = form.answer
    if (review <= londonDate(house.clock.now()))
      return refused('review', 'The date to look again must be in the future')
    const ids = await livingRecords(house, whose)
    if (!ids.length) return refused('whose', 'No living record has this email address or number')
    try {
      await atDesk(house, request, async (tx, by) => {
        const standing = await standingHolds(tx, londonDate(house.clock.now()))
        for (const id of ids)
          if (!standing.some(one => one.dossier_id === id && one.matter === matter))
            await hold(tx, house, by, id, 'legal matter', review, matter)
      })
    } catch (error) {
      if (!(error instanceof TooLate)) throw error
      return refused('whose', error.message)
    }
    return reply.redirect(page, 303)
  })

  app.post(`${page}/approval`, dpo, async (request, reply) => {
    const refused = await atDesk(house, request, async (tx, by) => {
      const one = await theHold(tx, house, request)
      const why = whyNotApprove(one, by, house.clock.now())
      if (why) return refuse({ [`hold-${one.id}`]: why })
      await approveHold(tx, house, by, one)
      return undefined
    })
    return refused ? show(request, reply.code(422), refused) : reply.redirect(page, 303)
  })

  app.post(`${page}/lifted`, dpo, async (request, reply) => {
    const refused = await atDesk(house, request, async (tx, by) => {
      const one = await theHold(tx, house, request)
      const { dossier_id: id, ground, matter } = one
      if (ground !== 'restriction') await liftHold(tx, house, by, id, ground, matter)
      else {
        const first = await mustTellFirst(tx, house, id)
        if (first)
          return {
            ...refuse({ [`hold-${one.id}`]: tellFirst }),
            tellIn: { href: `/staff/protection/cases/${first.dossier_id}`, text: first.reference },
          }
        await liftRestriction(tx, house, by, id)
      }
      return undefined
    })
    return refused ? show(request, reply.code(422), refused) : reply.redirect(page, 303)
  })
}

/** The living panel records of an email address, or of a record’s own number. */
async function livingRecords(house: House, whose: string): Promise<string[]> {
  const found = z.uuid().safeParse(whose).success ? [whose] : await house.vault.findByEmail(whose)
  const records = await house.keys.read(found)
  return found.filter(id => records.get(id)?.kind === 'panel' && records.get(id)?.state === 'alive')
}

async function theHold(tx: Tx, house: House, request: FastifyRequest): Promise<StandingHold> {
  const form = chosen.safeParse(request.body)
  const all = form.success ? await standingHolds(tx, londonDate(house.clock.now())) : []
  const one = all.find(each => Number(each.id) === form.data?.hold)
  if (!one) throw notFound()
  return one
}

function atDesk<T>(house: House, request: FastifyRequest, work: (tx: Tx, by: Actor) => Promise<T>): Promise<T> {
  const by = request.actor
  if (!by) throw forbidden()
  return within(house, { by, for: 'exercise rights' }, tx => work(tx, by))
}
