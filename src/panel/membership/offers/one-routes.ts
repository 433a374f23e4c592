import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { londonDate, sayDate, sayInstant } from '#src/platform/calendar/london.ts'
import type { Tx } from '#src/platform/database/database.ts'
import { notFound } from '#src/platform/web/errors.ts'
import { clean, refuse } from '#src/platform/web/form.ts'
import type { House } from '#src/promises/house.ts'
import type { Actor } from '#src/promises/notice/actor.ts'
import { channels, wordsOf } from '../../recruitment/options.ts'
import type { Round } from '../../recruitment/round.ts'
import { atDesk, fieldsOf, textOf } from '../../recruitment/rounds/desk.ts'
import { memberOf } from '../members.ts'
import { NotPossible } from '../not-possible.ts'
import { may } from '../permissions.ts'
import { offerAgain, whyNotAgain } from './again.ts'
import { accept, decline, type Offer } from './offers.ts'
import { closedRound, stateTags } from './routes.ts'
import { diedBefore, lapse, type TryWay, tried, triesOf, waysOf, whyNotLapse } from './tries.ts'

const officer = { config: { may: may.lookAfterMembers } }
type One = { Params: { round: string; offer: string } }
type Fields = { [field: string]: unknown }
const wayWords = { phone: 'I rang them', email: 'Write them an email now', post: 'Write them a letter now' } as const
const triedWords = { phone: 'Rung', email: 'Written to by email', post: 'Written to by post' } as const

/** One person's offer: the tries to reach them, the answer that they gave by phone or post, letting it lapse, offering it again. */
export async function oneOfferRoutes(app: FastifyInstance, house: House): Promise<void> {
  const show = async (request: FastifyRequest<One>, reply: FastifyReply, more: object = {}) => {
    const shown = await atDesk(house, request, async (tx, by) => {
      const { offer, round } = await offerIn(tx, house, request.params)
      const ask = { by, for: 'administer the panel', fields: ['name', 'email', 'phone', 'channel'] } as const
      const [person] = await house.vault.open(tx, 'panel', ask, [offer.dossier_id])
      if (!person) throw notFound()
      const tries = await triesOf(tx, [offer.id])
      const ways = await waysOf(tx, house, offer.dossier_id)
      const over = offer.state === 'declined' || offer.state === 'lapsed'
      const isMember = (await memberOf(tx, offer.dossier_id)) !== undefined
      return { offer, person, tries, ways, isMember, over, whyNotAgain: over && (await whyNotAgain(tx, round, offer)) }
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
      isMember: shown.isMember,
      over: shown.over,
      whyNotAgain: shown.whyNotAgain,
      answerBy: sayDate(offer.answer_by),
      reminded: offer.reminded_at && sayDate(offer.reminded_at),
      answered: offer.answered_at && sayInstant(offer.answered_at),
      isLate,
      tries: tries.map(one => ({ at: sayInstant(one.tried_at), how: triedWords[one.way] })),
      ways: ways.map(value => ({ value, text: wayWords[value] })),
      whyNot: isLate ? whyNotLapse(tries, ways) : `They have until ${sayDate(offer.answer_by)} to answer.`,
      values: {},
      ...more,
    })
  }
  app.get<One>('/staff/members/offers/:round/:offer', officer, (request, reply) => show(request, reply))

  const acts: Record<string, Act> = {
    tried: {
      faults: fields => (wayOf(fields) ? {} : { way: 'Select how you tried to reach them' }),
      work: (tx, by, { offer }, fields) => tried(tx, house, by, offer.id, wayOf(fields) ?? 'phone'),
    },
    died: { work: (tx, by, { offer }) => diedBefore(tx, house, by, offer.id) },
    lapse: { work: (tx, by, { offer }) => lapse(tx, house, by, offer.id) },
    again: { work: (tx, by, { offer, round }) => offerAgain(tx, house, by, round, offer.id) },
    answer: { faults: faultsInAnswer, work: (tx, by, { offer }, fields) => answer(tx, house, by, offer, fields) },
  }
  app.post<One>('/staff/members/offers/:round/:offer', officer, async (request, reply) => {
    const fields = fieldsOf(request.body)
    const act = acts[textOf(fields, 'act')]
    if (!act) throw notFound()
    const faults = act.faults?.(fields) ?? {}
    if (Object.keys(faults).length) return show(request, reply.code(422), { values: fields, ...refuse(faults) })
    try {
      await atDesk(house, request, async (tx, by) => act.work(tx, by, await offerIn(tx, house, request.params), fields))
    } catch (error) {
      if (!(error instanceof NotPossible)) throw error
      return show(request, reply.code(422), { values: fields, ...refuse({ offer: error.message }) })
    }
    return reply.redirect(`/staff/members/offers/${request.params.round}/${request.params.offer}`, 303)
  })
}

/** What an officer does about an offer: what may be wrong with what they sent, field by field, and the work. */
interface Act {
  faults?: (fields: Fields) => Record<string, string>
  work: (tx: Tx, by: Actor, one: { offer: Offer; round: Round }, fields: Fields) => Promise<void>
}

function faultsInAnswer(fields: Fields): Record<string, string> {
  const said = textOf(fields, 'answer')
  const faults: Record<string, string> = {}
  if (said !== 'yes' && said !== 'no') faults.answer = 'Select what they said'
  if (!viaOf(fields)) faults.via = 'Select how they told us'
  if (said === 'yes' && fields.charter !== 'agreed')
    faults.charter = 'Tick that they have heard or read the charter and agree to it'
  if (clean(textOf(fields, 'reason')).length > 500) faults.reason = 'Their reason must be 500 characters or fewer'
  return faults
}

/** The answer of someone who rang or wrote, as they gave it. */
function answer(tx: Tx, house: House, by: Actor, offer: Offer, fields: Fields): Promise<void> {
  const via = viaOf(fields) ?? 'phone'
  return textOf(fields, 'answer') === 'yes'
    ? accept(tx, house, by, offer.dossier_id, via)
    : decline(tx, house, by, offer.dossier_id, clean(textOf(fields, 'reason')), via)
}

function viaOf({ via }: Fields) {
  return via === 'phone' || via === 'post' ? via : undefined
}

function wayOf({ way }: Fields): TryWay | undefined {
  return (['phone', 'email', 'post'] as const).find(one => one === way)
}

async function offerIn(tx: Tx, house: House, { round, offer }: One['Params']): Promise<{ offer: Offer; round: Round }> {
  const closed = await closedRound(tx, house, round)
  const row = z.uuid().safeParse(offer).success
    ? await tx
        .selectFrom('offer')
        .selectAll()
        .where('id', '=', offer)
        .where('round_id', '=', closed.id)
        .executeTakeFirst()
    : undefined
  if (!row) throw notFound()
  return { offer: row, round: closed }
}
