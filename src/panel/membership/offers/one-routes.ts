import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { londonDate, sayDate, sayInstant } from '#src/platform/calendar/london.ts'
import type { Tx } from '#src/platform/database/database.ts'
import { notFound } from '#src/platform/web/errors.ts'
import { clean, refuse } from '#src/platform/web/form.ts'
import type { House } from '#src/promises/house.ts'
import type { Actor } from '#src/promises/notice/actor.ts'
import { channels, wordsOf } from '../../recruitment/options.ts'
import { atDesk, fieldsOf, textOf } from '../../recruitment/rounds/desk.ts'
import { NotPossible } from '../not-possible.ts'
import { may } from '../permissions.ts'
import { accept, decline, type Offer } from './offers.ts'
import { closedRound, stateTags } from './routes.ts'
import { diedBefore, lapse, type TryWay, tried, triesOf, waysOf, whyNotLapse } from './tries.ts'

const officer = { config: { may: may.lookAfterMembers } }
type One = { Params: { round: string; offer: string } }
type Fields = { [field: string]: unknown }
const wayWords = { phone: 'I rang them', email: 'Write them an email now', post: 'Write them a letter now' } as const
const triedWords = { phone: 'Rung', email: 'Written to by email', post: 'Written to by post' } as const

/** One person's offer: the tries to reach them, the answer that they gave by phone or post, and letting it lapse. */
export async function oneOfferRoutes(app: FastifyInstance, house: House): Promise<void> {
  const show = async (request: FastifyRequest<One>, reply: FastifyReply, more: object = {}) => {
    const shown = await atDesk(house, request, async (tx, by) => {
      const offer = await offerIn(tx, house, request.params)
      const ask = { by, for: 'administer the panel', fields: ['name', 'email', 'phone', 'channel'] } as const
      const [person] = await house.vault.open(tx, 'panel', ask, [offer.dossier_id])
      if (!person) throw notFound()
      const tries = await triesOf(tx, [offer.id])
      const ways = await waysOf(tx, house, offer.dossier_id)
      return { offer, person, tries, ways }
    })
    const { offer, person, tries, ways } = shown
    const isLate = offer.answer_by < londonDate(house.clock.now())
    return reply.page('panel/membership/offers/one.njk', {
      title: person.name ?? 'An offer',
      crumbs: [
        { text: 'Members', href: '/staff/members' },
        { text: 'Offers', href: `/staff/members/offers/${offer.round_id}` },
      ],
      offer,
      person: { ...person, channel: wordsOf(channels, person.channel) },
      tag: stateTags[offer.state],
      open: offer.state === 'offered',
      answerBy: sayDate(offer.answer_by),
      reminded: offer.reminded_at && sayDate(offer.reminded_at),
      isLate,
      tries: tries.map(one => ({ at: sayInstant(one.tried_at), how: triedWords[one.way] })),
      ways: ways.map(value => ({ value, text: wayWords[value] })),
      whyNot: isLate ? whyNotLapse(tries, ways) : `They have until ${sayDate(offer.answer_by)} to answer.`,
      values: {},
      ...more,
    })
  }
  app.get<One>('/staff/members/offers/:round/:offer', officer, (request, reply) => show(request, reply))

  const acts: Record<string, (tx: Tx, by: Actor, offer: Offer, fields: Fields) => Promise<void>> = {
    tried: (tx, by, offer, fields) => tried(tx, house, by, offer.id, wayIn(fields)),
    died: (tx, by, offer) => diedBefore(tx, house, by, offer.id),
    lapse: (tx, by, offer) => lapse(tx, house, by, offer.id),
    answer: (tx, by, offer, fields) => answer(tx, house, by, offer, fields),
  }
  app.post<One>('/staff/members/offers/:round/:offer', officer, async (request, reply) => {
    const fields = fieldsOf(request.body)
    const name = textOf(fields, 'act')
    const act = acts[name]
    if (!act) throw notFound()
    try {
      await atDesk(house, request, async (tx, by) => act(tx, by, await offerIn(tx, house, request.params), fields))
    } catch (error) {
      if (!(error instanceof NotPossible)) throw error
      const field = { tried: 'way', answer: 'answer' }[name] ?? 'lapse'
      return show(request, reply.code(422), { values: fields, ...refuse({ [field]: error.message }) })
    }
    return reply.redirect(`/staff/members/offers/${request.params.round}/${request.params.offer}`, 303)
  })
}

/** The answer of someone who rang or wrote, as they gave it. */
async function answer(tx: Tx, house: House, by: Actor, offer: Offer, fields: Fields): Promise<void> {
  const said = textOf(fields, 'answer')
  const via = textOf(fields, 'via')
  const reason = clean(textOf(fields, 'reason'))
  if (said !== 'yes' && said !== 'no') throw new NotPossible('Select what they said')
  if (via !== 'phone' && via !== 'post') throw new NotPossible('Select how they told us')
  if (said === 'yes' && fields.charter !== 'agreed')
    throw new NotPossible('Tick that they have heard or read the charter and agree to it')
  if (reason.length > 500) throw new NotPossible('Their reason must be 500 characters or fewer')
  if (said === 'yes') await accept(tx, house, by, offer.dossier_id, via)
  else await decline(tx, house, by, offer.dossier_id, reason, via)
}

function wayIn(fields: Fields): TryWay {
  const way = z.enum(['phone', 'email', 'post']).safeParse(fields.way)
  if (!way.success) throw new NotPossible('Select how you tried to reach them')
  return way.data
}

async function offerIn(tx: Tx, house: House, { round, offer }: One['Params']): Promise<Offer> {
  const { id } = await closedRound(tx, house, round)
  const row = z.uuid().safeParse(offer).success
    ? await tx.selectFrom('offer').selectAll().where('id', '=', offer).where('round_id', '=', id).executeTakeFirst()
    : undefined
  if (!row) throw notFound()
  return row
}
