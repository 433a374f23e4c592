import { randomUUID } from 'node:crypto'
import type { Selectable } from 'kysely'
import { writeNoMore } from '#src/panel/correspondence/died.ts'
import { queueLetters } from '#src/panel/correspondence/queue.ts'
import { londonDate } from '#src/platform/calendar/london.ts'
import type { Tx } from '#src/platform/database/database.ts'
import type { Tables } from '#src/platform/database/tables.ts'
import type { House } from '#src/promises/house.ts'
import { type Actor, system } from '#src/promises/notice/actor.ts'
import { NotPossible } from '../not-possible.ts'
import { note, type Offer } from './offers.ts'
import './tables.ts'

export type Try = Selectable<Tables['offer_try']>
export type TryWay = Try['way']
/** Tries to reach someone before a place may lapse. */
export const triesNeeded = 2
/** What each way needs to be known of the person. */
const reachedAt = { phone: 'phone', email: 'email', post: 'address' } as const
const by = system('membership')

/** The ways in which someone can be reached, by what their record holds. */
export async function waysOf(tx: Tx, house: House, dossier: string): Promise<TryWay[]> {
  const ask = { by, for: 'administer the panel', fields: ['phone', 'email', 'address'] } as const
  const [held] = await house.vault.open(tx, 'panel', ask, [dossier])
  return (['phone', 'email', 'post'] as const).filter(way => held?.[reachedAt[way]])
}

/** Tries to reach those who were offered these places, since they were, the oldest first. */
export function triesOf(tx: Tx, offers: readonly string[]): Promise<Try[]> {
  if (!offers.length) return Promise.resolve([])
  return tx
    .selectFrom('offer_try')
    .innerJoin('offer', 'offer.id', 'offer_try.offer_id')
    .selectAll('offer_try')
    .where('offer_id', 'in', [...offers])
    .whereRef('tried_at', '>=', 'offered_at')
    .orderBy('tried_at')
    .execute()
}

/**
 * A try to reach someone: a call is noted; an email or a letter is written and goes out with it. Each way counts once a
 * day, so that nobody’s place lapses, and nobody is written to twice, within one hour.
 */
export async function tried(tx: Tx, house: House, actor: Actor, id: string, way: TryWay): Promise<void> {
  const offer = await lockedOffer(tx, id)
  if (!(await waysOf(tx, house, offer.dossier_id)).includes(way))
    throw new NotPossible('Their record does not say how to reach them that way')
  const today = londonDate(house.clock.now())
  if ((await triesOf(tx, [id])).some(one => one.way === way && londonDate(one.tried_at) === today))
    throw new NotPossible(
      `They were ${way === 'phone' ? 'rung' : 'written to'} that way today: try another way, or another day`,
    )
  await tx
    .insertInto('offer_try')
    .values({
      id: randomUUID(),
      offer_id: id,
      dossier_id: offer.dossier_id,
      way,
      tried_at: house.clock.now(),
      tried_by: actor.id,
    })
    .execute()
  if (way !== 'phone')
    await queueLetters(tx, house, 'offer unanswered', [
      {
        dossier: offer.dossier_id,
        detail: { link: `${house.config.baseUrl}/me/offer` },
        channel: way === 'post' ? 'letter' : 'email',
      },
    ])
  await note(tx, house, actor, 'tried to reach', { way }, offer.dossier_id)
}

/** What is still to be tried before this place may lapse, in one sentence; undefined when enough was. */
export function whyNotLapse(tries: readonly Try[], ways: readonly TryWay[]): string | undefined {
  if (!ways.length) return undefined // their record says no way to reach them
  const used = new Set(tries.map(one => one.way))
  if (tries.length < triesNeeded || (ways.length > 1 && used.size < 2))
    return ways.length > 1
      ? `Reach them before it lapses: ${triesNeeded} tries are needed, in two different ways`
      : `Reach them before it lapses: ${triesNeeded} tries are needed, on two days`
  return undefined
}

/** A place lapses by an officer, after its day and two tries in two ways where there are two; never by itself. */
export async function lapse(tx: Tx, house: House, actor: Actor, id: string): Promise<void> {
  const offer = await lockedOffer(tx, id)
  if (offer.answer_by >= londonDate(house.clock.now())) throw new NotPossible('The time to answer is not over yet')
  const why = whyNotLapse(await triesOf(tx, [id]), await waysOf(tx, house, offer.dossier_id))
  if (why) throw new NotPossible(why)
  await tx.updateTable('offer').set({ state: 'lapsed', answered_at: house.clock.now() }).where('id', '=', id).execute()
  await note(tx, house, actor, 'offer lapsed', {}, offer.dossier_id)
}

/** Someone who was offered a place has died: nothing is sent any more, and the place is free. Deletion waits for a person. */
export async function diedBefore(tx: Tx, house: House, actor: Actor, id: string): Promise<void> {
  const { dossier_id: dossier } = await lockedOffer(tx, id)
  const now = house.clock.now()
  await tx.updateTable('offer').set({ state: 'ended', answered_at: now }).where('id', '=', id).execute()
  await tx
    .updateTable('application')
    .set({ state: 'withdrawn', withdrawn_at: now, changed_at: now })
    .where('dossier_id', '=', dossier)
    .execute()
  await writeNoMore(tx, house, dossier)
  await note(tx, house, actor, 'offer ended: died', {}, dossier)
}

async function lockedOffer(tx: Tx, id: string): Promise<Offer> {
  const offer = await tx.selectFrom('offer').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
  if (offer?.state !== 'offered') throw new NotPossible('This offer is over already')
  return offer
}
