import { randomUUID } from 'node:crypto'
import type { Insertable, Selectable } from 'kysely'
import { tell } from '#src/panel/correspondence/tell.ts'
import { addDays } from '#src/platform/calendar/dates.ts'
import { londonDate, sayDate } from '#src/platform/calendar/london.ts'
import type { Tx } from '#src/platform/database/database.ts'
import type { Tables } from '#src/platform/database/tables.ts'
import type { Queue } from '#src/platform/jobs/jobs.ts'
import { type House, within } from '#src/promises/house.ts'
import { type Detail, record } from '#src/promises/ledger/ledger.ts'
import { type Actor, system } from '#src/promises/notice/actor.ts'
import { type Round, roundById } from '../recruitment/round.ts'
import { letDecisionsStand } from '../review/decisions.ts'
import { acceptedOutcome } from '../selection/board/outcome.ts'
import { runById } from '../selection/board/run.ts'
import { appoint } from './members.ts'
import './tables.ts'

export type Offer = Selectable<Tables['offer']>

/** Days to answer: longer for those who get letters by post. */
export const answerDays = { email: 14, phone: 14, post: 21 } as const
/** Days before the last one on which someone is reminded, once. */
const remindDays = 4
/** Tries to reach someone before a place may lapse. */
export const triesNeeded = 2

/** Every day: reminds those whose time to answer is nearly over. */
export const offerQueue: Queue = { name: 'offer-reminder', cron: '23 9 * * *' }
const by = system('membership')

/** Why a place that looks free cannot be offered; who holds it is told to nobody here. */
const heldUnseen = 'This place cannot be offered at the moment. Ask the data protection officer'

/** What an offer cannot do, in one sentence. */
export class NotPossible extends Error {}

/** Offers the places to these people, in their order; who has an offer already is left out. Returns how many. */
export async function offerPlaces(
  tx: Tx,
  house: House,
  actor: Actor,
  round: Round,
  people: readonly string[],
  seats?: readonly number[],
): Promise<number> {
  await tx.selectFrom('round').select('id').where('id', '=', round.id).forUpdate().execute()
  const before = await offersOf(tx, round.id)
  const has = new Set(before.map(one => one.dossier_id))
  const taken = new Set(before.filter(isActive).map(one => one.seat))
  const free = (seats ?? Array.from({ length: round.targetSize }, (_, i) => i + 1)).filter(seat => !taken.has(seat))
  const visible = people.length ? await tx.selectFrom('dossier').select('id').where('id', 'in', people).execute() : []
  const may = new Set(visible.map(one => one.id))
  const wanted = people.filter(id => may.has(id) && !has.has(id)).slice(0, free.length)
  const ask = { by, for: 'administer the panel', fields: ['channel'] } as const
  const channels = new Map((await house.vault.open(tx, 'panel', ask, wanted)).map(one => [one.id, one.channel]))
  const at = house.clock.now()
  const today = londonDate(at)
  const rows: { dossier_id: string; answer_by: string }[] = []
  for (const dossier_id of wanted) {
    const answer_by = addDays(today, channels.get(dossier_id) === 'post' ? answerDays.post : answerDays.email)
    const offered = { round_id: round.id, dossier_id, state: 'offered' as const, offered_at: at, answer_by }
    const row = { id: randomUUID() as string, ...offered, reminded_at: null, answered_at: null }
    if (!(await takeSeat(tx, row, free))) throw new NotPossible(heldUnseen)
    rows.push(row)
  }
  await letDecisionsStand(tx, house, wanted)
  const due = new Map(rows.map(row => [row.dossier_id, row.answer_by]))
  await tell(tx, house, by, wanted, 'offer', id => ({
    round: round.name,
    starts: sayDate(round.termStartsOn),
    answerBy: sayDate(due.get(id) ?? today),
    link: `${house.config.baseUrl}/me/offer`,
  }))
  await note(tx, house, actor, 'places offered', { round: round.id, count: rows.length })
  return rows.length
}

/** Puts an offer on the first free seat that is free in truth: one may be held by a record that is set aside. */
async function takeSeat(tx: Tx, row: Omit<Insertable<Tables['offer']>, 'seat'>, free: number[]): Promise<boolean> {
  for (let seat = free.shift(); seat !== undefined; seat = free.shift()) {
    const made = await tx
      .insertInto('offer')
      .values({ ...row, seat })
      .onConflict(on => on.doNothing())
      .executeTakeFirst()
    if (made.numInsertedOrUpdatedRows) return true
  }
  return false
}

/** Offers the places to those whom the accepted selection drew. */
export async function offerDrawn(tx: Tx, house: House, actor: Actor, round: Round): Promise<number> {
  const outcome = await acceptedOutcome(tx, round.id)
  if (!outcome) throw new NotPossible('No selection of this round has been accepted')
  return offerPlaces(tx, house, actor, round, outcome.members)
}

export async function offersOf(tx: Tx, round: string): Promise<Offer[]> {
  return tx
    .selectFrom('offer')
    .selectAll()
    .where('round_id', '=', round)
    .orderBy('seat')
    .orderBy('offered_at')
    .execute()
}

/** Someone's offer, the newest. */
export function offerFor(tx: Tx, dossier: string): Promise<Offer | undefined> {
  return tx
    .selectFrom('offer')
    .selectAll()
    .where('dossier_id', '=', dossier)
    .orderBy('offered_at', 'desc')
    .executeTakeFirst()
}

/** The person takes the place: the term is theirs. Taking it twice is taking it once; a lapsed one is gone. */
export async function accept(tx: Tx, house: House, me: Actor, dossier: string): Promise<void> {
  const offer = await tx
    .selectFrom('offer')
    .selectAll()
    .where('dossier_id', '=', dossier)
    .forUpdate()
    .executeTakeFirst()
  if (offer?.state === 'accepted') return
  if (offer?.state !== 'offered') throw new NotPossible('This offer is over. Call us if you would still like to join')
  const round = await roundById(tx, offer.round_id)
  if (!round) throw new NotPossible('This round is over')
  await tx
    .updateTable('offer')
    .set({ state: 'accepted', answered_at: house.clock.now() })
    .where('id', '=', offer.id)
    .execute()
  await appoint(tx, house, me, dossier, round, offer.seat)
  await note(tx, house, me, 'offer accepted', { round: round.id }, dossier)
}

/** The person declines; why is theirs to say or not, and sealed. */
export async function decline(tx: Tx, house: House, me: Actor, dossier: string, reason: string): Promise<void> {
  const changed = await tx
    .updateTable('offer')
    .set({ state: 'declined', answered_at: house.clock.now() })
    .where('dossier_id', '=', dossier)
    .where('state', '=', 'offered')
    .executeTakeFirst()
  if (!Number(changed.numUpdatedRows)) throw new NotPossible('This offer is over')
  if (reason) await house.vault.put(tx, me, 'panel', dossier, { withdrawalReason: reason })
  await note(tx, house, me, 'offer declined', {}, dossier)
}

/** A try to reach someone who has not answered is noted. */
export async function tried(tx: Tx, house: House, actor: Actor, id: string): Promise<void> {
  const row = await tx
    .updateTable('offer')
    .set(eb => ({ tries: eb('tries', '+', 1) }))
    .where('id', '=', id)
    .where('state', '=', 'offered')
    .returning('dossier_id')
    .executeTakeFirst()
  if (row) await note(tx, house, actor, 'tried to reach', {}, row.dossier_id)
}

/** A place lapses by an officer, after its day and two tries; never by itself. */
export async function lapse(tx: Tx, house: House, actor: Actor, id: string): Promise<void> {
  const offer = await tx.selectFrom('offer').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
  if (offer?.state !== 'offered') throw new NotPossible('This offer is over already')
  if (offer.answer_by >= londonDate(house.clock.now())) throw new NotPossible('The time to answer is not over yet')
  if (offer.tries < triesNeeded)
    throw new NotPossible(`Ring before it lapses: ${triesNeeded} tries are needed, on two channels where there are two`)
  await tx.updateTable('offer').set({ state: 'lapsed', answered_at: house.clock.now() }).where('id', '=', id).execute()
  await note(tx, house, actor, 'offer lapsed', {}, offer.dossier_id)
}

/** Seats that nobody holds or is offered any more, where someone was before. */
export function freeSeats(offers: readonly Offer[]): number[] {
  const held = new Set(offers.filter(isActive).map(one => one.seat))
  return [...new Set(offers.map(one => one.seat))].filter(seat => !held.has(seat)).sort((a, b) => a - b)
}

function isActive(offer: Offer): boolean {
  return offer.state === 'offered' || offer.state === 'accepted'
}

/**
 * The next reserve for a free seat who keeps the quotas of the draw with those who hold a place or are offered one, and
 * who has had no offer; the first in order when none does, with `keeps` false.
 */
export async function nextReserve(
  tx: Tx,
  house: House,
  round: string,
): Promise<{ id: string; keeps: boolean } | undefined> {
  const outcome = await acceptedOutcome(tx, round)
  const run = outcome && (await runById(tx, house, outcome.runId))
  if (!outcome || !run?.types) return undefined
  const offers = await offersOf(tx, round)
  const had = new Set(offers.map(one => one.dossier_id))
  const open = outcome.reserves.filter(id => !had.has(id))
  const places = await tx
    .selectFrom('selection_place')
    .select(['dossier_id', 'type'])
    .where('run_id', '=', run.id)
    .execute()
  const typeOf = new Map(places.map(one => [one.dossier_id, one.type]))
  const types = run.types
  const holding = offers.filter(isActive).map(one => one.dossier_id)
  const keeps = (candidate: string) =>
    run.quotas.every(quota => {
      const has = (id: string) => types[typeOf.get(id) ?? -1]?.features[quota.feature] === quota.value
      return [...holding, candidate].filter(has).length <= quota.max
    }) && gain(candidate) >= gain(open[0] ?? candidate)
  /** How many places towards a least that is not met someone would fill. */
  const gain = (candidate: string) =>
    run.quotas.filter(quota => {
      const has = (id: string) => types[typeOf.get(id) ?? -1]?.features[quota.feature] === quota.value
      return holding.filter(has).length < quota.min && has(candidate)
    }).length
  const best = [...open].sort((a, b) => gain(b) - gain(a)).find(keeps)
  const [first] = open
  return best ? { id: best, keeps: true } : first ? { id: first, keeps: false } : undefined
}

/** Offers a free seat to the next reserve, by the officer's confirmation. */
export async function offerNext(tx: Tx, house: House, actor: Actor, round: Round): Promise<void> {
  const offers = await offersOf(tx, round.id)
  const [seat] = freeSeats(offers)
  if (!seat) throw new NotPossible('No place is free')
  const next = await nextReserve(tx, house, round.id)
  if (!next) throw new NotPossible('The list of reserves has run out: draw again, or leave the place empty')
  await offerPlaces(tx, house, actor, round, [next.id], [seat])
}

/** Reminds those who have not answered, once, four days before the last. */
export async function remindOffers(house: House): Promise<number> {
  return within(house, { by, for: 'administer the panel' }, async tx => {
    const today = londonDate(house.clock.now())
    const rows = await tx
      .updateTable('offer')
      .set({ reminded_at: house.clock.now() })
      .where('state', '=', 'offered')
      .where('reminded_at', 'is', null)
      .where('answer_by', '<=', addDays(today, remindDays))
      .where('answer_by', '>=', today)
      .returning(['dossier_id', 'answer_by'])
      .execute()
    const due = new Map(rows.map(row => [row.dossier_id, row.answer_by]))
    await tell(tx, house, by, [...due.keys()], 'offer reminder', id => ({
      answerBy: sayDate(due.get(id) ?? today),
      link: `${house.config.baseUrl}/me/offer`,
    }))
    return rows.length
  })
}

export function note(tx: Tx, house: House, actor: Actor, act: string, detail: Detail, subject?: string): Promise<void> {
  return record(tx, {
    actor: actor.id,
    role: actor.roles[0] ?? 'system',
    purpose: 'administer the panel',
    act,
    detail,
    at: house.clock.now(),
    ...(subject ? { subject } : {}),
  })
}
