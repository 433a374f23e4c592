import { randomUUID } from 'node:crypto'
import type { Selectable } from 'kysely'
import { sayInstant } from '#src/platform/calendar/london.ts'
import type { Tx } from '#src/platform/database/database.ts'
import type { Tables } from '#src/platform/database/tables.ts'
import type { Queue } from '#src/platform/jobs/jobs.ts'
import { type House, within } from '#src/promises/house.ts'
import { type Actor, system } from '#src/promises/notice/actor.ts'
import { type Round, roundById } from '../../recruitment/round.ts'
import { aloneFrom } from '../../review/deciding/confirm.ts'
import { acceptedOutcome } from '../../selection/board/outcome.ts'
import { NotPossible } from '../not-possible.ts'
import { note, offerPlaces, offersOf, standing } from './offers.ts'
import './tables.ts'
import { forgetWhy } from './why-picked.ts'

export type Batch = Selectable<Tables['offer_batch']>
/** Minutes in which offers that go out together can be stopped. */
export const stopMinutes = 10
/** Every minute: sends the offers whose minutes are over. By the service's own clock, so that a moved one works too. */
export const batchQueue: Queue = { name: 'offer-batches', cron: '* * * * *' }
const by = system('membership')

/** Whom the accepted draw gave a place and who has no offer yet, in the order of the draw. */
export async function drawnWithoutOffer(tx: Tx, round: string): Promise<string[]> {
  const outcome = await acceptedOutcome(tx, round)
  if (!outcome) return []
  const had = new Set((await offersOf(tx, round)).map(one => one.dossier_id))
  const may = await standing(tx, outcome.members)
  return outcome.members.filter(id => !had.has(id) && may.has(id))
}

/** Offers to those who were drawn: two people have decided that already, so they only wait their ten minutes. */
export async function sendDrawn(tx: Tx, house: House, actor: Actor, round: Round, seen: number): Promise<void> {
  if (!(await acceptedOutcome(tx, round.id))) throw new NotPossible('No selection of this round has been accepted')
  const people = await drawnWithoutOffer(tx, round.id)
  if (!people.length) throw new NotPossible('Everyone who was drawn has an offer')
  if (people.length !== seen)
    throw new NotPossible('Who gets an offer has changed since you opened the page: look again')
  await begin(tx, house, actor, round, 'draw', people)
}

/** A second person agrees: the offers go out once their ten minutes are over. */
export async function confirmBatch(tx: Tx, house: House, actor: Actor, round: Round): Promise<void> {
  const batch = await lockedBatch(tx, round.id)
  if (batch?.state !== 'proposed') throw new NotPossible('Nothing waits for a second person')
  const from = aloneFrom({ decided_at: batch.asked_at })
  if (batch.asked_by === actor.id && house.clock.now() < from)
    throw new NotPossible(`You picked these people: a second person confirms it, or you alone from ${sayInstant(from)}`)
  await tx
    .updateTable('offer_batch')
    .set({ state: 'waiting', confirmed_by: actor.id, goes_at: inTenMinutes(house) })
    .where('id', '=', batch.id)
    .execute()
  const alone = batch.asked_by === actor.id
  await note(tx, house, actor, alone ? 'picked by hand confirmed alone' : 'picked by hand confirmed', {
    round: round.id,
  })
}

/** Stops offers that wait: nobody has heard of them. */
export async function stopBatch(tx: Tx, house: House, actor: Actor, round: Round): Promise<void> {
  const batch = await lockedBatch(tx, round.id)
  if (!batch) throw new NotPossible('It is too late to stop: the offers have gone out')
  await tx
    .updateTable('offer_batch')
    .set({ state: 'stopped', ended_by: actor.id, ended_at: house.clock.now() })
    .where('id', '=', batch.id)
    .execute()
  await leaveNoWords(tx, house, actor, batch)
  await note(tx, house, actor, 'offers stopped', { round: round.id })
}

/** What waits in a round, with the people in their order. */
export async function batchOf(tx: Tx, round: string): Promise<(Batch & { people: string[] }) | undefined> {
  const batch = await openBatch(tx, round).executeTakeFirst()
  return batch && { ...batch, people: await peopleOf(tx, batch.id) }
}

/** The batch that ended last in a round. */
export function lastBatch(tx: Tx, round: string): Promise<Batch | undefined> {
  return tx
    .selectFrom('offer_batch')
    .selectAll()
    .where('round_id', '=', round)
    .where('ended_at', 'is not', null)
    .orderBy('ended_at', 'desc')
    .executeTakeFirst()
}

/** An offer to someone who has withdrawn since is over, however they did it: the place is free for another. */
export async function endWithdrawn(house: House): Promise<number> {
  return within(house, { by, for: 'administer the panel' }, async tx => {
    const gone = await tx
      .updateTable('offer')
      .from('application')
      .set({ state: 'declined', answered_at: house.clock.now() })
      .whereRef('application.dossier_id', '=', 'offer.dossier_id')
      .where('application.state', '=', 'withdrawn')
      .where('offer.state', '=', 'offered')
      .returning('offer.dossier_id')
      .execute()
    for (const { dossier_id: id } of gone) await note(tx, house, by, 'offer declined: withdrawn', {}, id)
    return gone.length
  })
}

/** Sends every batch whose minutes are over; the rest waits. Returns how many places were offered. */
export async function sendBatches(house: House): Promise<number> {
  const due = await within(house, { by, for: 'administer the panel' }, tx =>
    tx
      .selectFrom('offer_batch')
      .select('id')
      .where('state', '=', 'waiting')
      .where('goes_at', '<=', house.clock.now())
      .execute(),
  )
  let offered = 0
  for (const { id } of due) offered += await sendBatch(house, id)
  return offered
}

/** Sends one batch, whole or not at all; one that cannot go is stuck, which the page says. */
export async function sendBatch(house: House, id: string): Promise<number> {
  const end = (tx: Tx, state: 'sent' | 'stuck') =>
    tx
      .updateTable('offer_batch')
      .set({ state, ended_by: by.id, ended_at: house.clock.now() })
      .where('id', '=', id)
      .execute()
  try {
    return await within(house, { by, for: 'administer the panel' }, async tx => {
      const batch = await tx.selectFrom('offer_batch').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
      const round = batch?.state === 'waiting' ? await roundById(tx, batch.round_id) : undefined
      if (!batch || !round) return 0
      const officer: Actor = { id: batch.confirmed_by ?? batch.asked_by, roles: ['officer'], own: [] }
      const count = await offerPlaces(tx, house, officer, round, await peopleOf(tx, id))
      await end(tx, 'sent')
      return count
    })
  } catch (error) {
    if (!(error instanceof NotPossible)) throw error
    await within(house, { by, for: 'administer the panel' }, async tx => {
      await end(tx, 'stuck')
      const batch = await tx.selectFrom('offer_batch').selectAll().where('id', '=', id).executeTakeFirst()
      if (batch) await leaveNoWords(tx, house, by, batch)
    })
    return 0
  }
}

/** What was written for a batch that ended without offers is taken out again. */
async function leaveNoWords(tx: Tx, house: House, actor: Actor, batch: Batch): Promise<void> {
  if (batch.how === 'hand') await forgetWhy(tx, house, actor, await peopleOf(tx, batch.id), batch.asked_at)
}

/** Begins a batch, one at a time in a round; returns when it was asked for. Throws NotPossible while another is on its way. */
export async function begin(
  tx: Tx,
  house: House,
  actor: Actor,
  round: Round,
  how: Batch['how'],
  people: readonly string[],
): Promise<Date> {
  await tx.selectFrom('round').select('id').where('id', '=', round.id).forUpdate().execute()
  if (await openBatch(tx, round.id).executeTakeFirst())
    throw new NotPossible('Other offers of this round are on their way already: let them go, or stop them')
  const id = randomUUID()
  const at = house.clock.now()
  await tx
    .insertInto('offer_batch')
    .values({
      id,
      round_id: round.id,
      how,
      state: how === 'hand' ? 'proposed' : 'waiting',
      asked_by: actor.id,
      asked_at: at,
      confirmed_by: null,
      goes_at: how === 'hand' ? null : inTenMinutes(house),
      ended_by: null,
      ended_at: null,
    })
    .execute()
  for (let from = 0; from < people.length; from += 2000)
    await tx
      .insertInto('offer_batch_person')
      .values(
        people.slice(from, from + 2000).map((dossier_id, at) => ({ batch_id: id, dossier_id, position: from + at })),
      )
      .execute()
  const act = how === 'hand' ? 'picked by hand' : 'offers asked for'
  await note(tx, house, actor, act, { round: round.id, count: people.length })
  return at
}

function openBatch(tx: Tx, round: string) {
  return tx
    .selectFrom('offer_batch')
    .selectAll()
    .where('round_id', '=', round)
    .where('state', 'in', ['proposed', 'waiting'])
}

function lockedBatch(tx: Tx, round: string): Promise<Batch | undefined> {
  return openBatch(tx, round).forUpdate().executeTakeFirst()
}

async function peopleOf(tx: Tx, batch: string): Promise<string[]> {
  const rows = await tx
    .selectFrom('offer_batch_person')
    .select('dossier_id')
    .where('batch_id', '=', batch)
    .orderBy('position')
    .execute()
  return rows.map(row => row.dossier_id)
}

function inTenMinutes(house: House): Date {
  return new Date(house.clock.now().getTime() + stopMinutes * 60_000)
}
