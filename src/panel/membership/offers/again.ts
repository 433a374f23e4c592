import { tell } from '#src/panel/correspondence/tell.ts'
import { londonDate } from '#src/platform/calendar/london.ts'
import type { Tx } from '#src/platform/database/database.ts'
import type { House } from '#src/promises/house.ts'
import { type Actor, system } from '#src/promises/notice/actor.ts'
import type { Round } from '../../recruitment/round.ts'
import { NotPossible } from '../not-possible.ts'
import { batchOf, drawnWithoutOffer } from './batch.ts'
import { answerBy, freeFor, heldUnseen, letterDetail, note, type Offer, offersOf, standing } from './offers.ts'

const by = system('membership')

/** Why a place cannot be offered again to someone who said no or did not answer, in one sentence; undefined when it can. */
export async function whyNotAgain(tx: Tx, round: Round, offer: Offer): Promise<string | undefined> {
  if (offer.state !== 'declined' && offer.state !== 'lapsed') return 'This offer is not over'
  if (!(await standing(tx, [offer.dossier_id])).size) return 'Their application does not stand any more'
  if (await batchOf(tx, round.id)) return 'Other offers of this round are on their way: let them go, or stop them'
  if (!(await seatFor(tx, round, offer))) return 'No place is free any more'
  return undefined
}

/**
 * Offers a place again to someone whose no, or silence, was a mistake: with the whole time to answer, and what was tried
 * before forgotten. Throws NotPossible, in one sentence.
 */
export async function offerAgain(tx: Tx, house: House, actor: Actor, round: Round, id: string): Promise<void> {
  await tx.selectFrom('round').select('id').where('id', '=', round.id).forUpdate().execute()
  const offer = await tx.selectFrom('offer').selectAll().where('id', '=', id).forUpdate().executeTakeFirstOrThrow()
  const why = await whyNotAgain(tx, round, offer)
  if (why) throw new NotPossible(why)
  const dossier = offer.dossier_id
  const seat = await seatFor(tx, round, offer)
  const ask = { by, for: 'administer the panel', fields: ['channel'] } as const
  const [person] = await house.vault.open(tx, 'panel', ask, [dossier])
  if (!seat || !person) throw new NotPossible(heldUnseen)
  const answer_by = answerBy(londonDate(house.clock.now()), person.channel)
  const unanswered = { reminded_at: null, answered_at: null, answered_via: null, charter_version: null }
  await tx
    .updateTable('offer')
    .set({ state: 'offered', seat, offered_at: house.clock.now(), answer_by, ...unanswered })
    .where('id', '=', id)
    .execute()
    .catch(error => Promise.reject(isTaken(error) ? new NotPossible(heldUnseen) : error))
  await house.vault.put(tx, actor, 'panel', dossier, { withdrawalReason: undefined })
  await tell(tx, house, by, dossier, 'offer', letterDetail(house, round, answer_by))
  await note(tx, house, actor, 'place offered again', { round: round.id }, dossier)
}

/** Their own place if nobody has it, or another that nobody waits for. */
async function seatFor(tx: Tx, round: Round, offer: Offer): Promise<number | undefined> {
  const free = freeFor(round, await offersOf(tx, round.id))
  const spare = free.length - (await drawnWithoutOffer(tx, round.id)).length
  return spare > 0 ? (free.find(seat => seat === offer.seat) ?? free.at(-1)) : undefined
}

/** A place may be held by a record that is set aside, which nobody sees here: the database knows. */
function isTaken(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === '23505'
}
