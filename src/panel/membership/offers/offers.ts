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
import { type Round, roundById } from '../../recruitment/round.ts'
import { letDecisionsStand } from '../../review/decisions.ts'
import { charterVersion } from '../charter/charter.ts'
import { appoint } from '../members.ts'
import { NotPossible } from '../not-possible.ts'
import '../tables.ts'

export type Offer = Selectable<Tables['offer']>

/** Days to answer: longer for those who get letters by post. */
export const answerDays = { email: 14, phone: 14, post: 21 } as const
/** Days before the last one on which someone is reminded, once. */
const remindDays = 4
/** Every day: reminds those whose time to answer is nearly over. */
export const offerQueue: Queue = { name: 'offer-reminder', cron: '23 9 * * *' }
const by = system('membership')

/** Why a place that looks free cannot be offered; who holds it is told to nobody here. */
export const heldUnseen = 'This place cannot be offered at the moment. Ask the data protection officer'

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
  const open = freeFor(round, before)
  const free = seats ? open.filter(seat => seats.includes(seat)) : open
  const may = await standing(tx, people)
  const wanted = people.filter(id => may.has(id) && !has.has(id)).slice(0, free.length)
  const ask = { by, for: 'administer the panel', fields: ['channel'] } as const
  const channels = new Map((await house.vault.open(tx, 'panel', ask, wanted)).map(one => [one.id, one.channel]))
  const at = house.clock.now()
  const today = londonDate(at)
  const rows: { dossier_id: string; answer_by: string }[] = []
  for (const dossier_id of wanted) {
    const answer_by = answerBy(today, channels.get(dossier_id))
    const offered = { round_id: round.id, dossier_id, state: 'offered' as const, offered_at: at, answer_by }
    const unanswered = { reminded_at: null, answered_at: null, answered_via: null, charter_version: null }
    const row = { id: randomUUID() as string, ...offered, ...unanswered }
    if (!(await takeSeat(tx, row, free))) throw new NotPossible(heldUnseen)
    rows.push(row)
  }
  await letDecisionsStand(tx, house, wanted)
  const due = new Map(rows.map(row => [row.dossier_id, row.answer_by]))
  await tell(tx, house, by, wanted, 'offer', id => letterDetail(house, round, due.get(id) ?? today))
  await note(tx, house, actor, 'places offered', { round: round.id, count: rows.length })
  return rows.length
}

/** The last day to answer an offer of today. */
export function answerBy(today: string, channel: string | undefined): string {
  return addDays(today, channel === 'post' ? answerDays.post : answerDays.email)
}

/** What the letter of an offer tells. */
export function letterDetail(house: House, round: Round, answerBy: string) {
  return {
    round: round.name,
    starts: sayDate(round.termStartsOn),
    answerBy: sayDate(answerBy),
    link: `${house.config.baseUrl}/me/offer`,
  }
}

/** Those of these people who can be offered a place: their record is not set aside, and their application stands. */
export async function standing(tx: Tx, people: readonly string[]): Promise<Set<string>> {
  if (!people.length) return new Set()
  const rows = await tx
    .selectFrom('application')
    .innerJoin('dossier', 'dossier.id', 'application.dossier_id')
    .select('dossier.id')
    .where('dossier.id', 'in', people)
    .where('application.state', '=', 'sent')
    .execute()
  return new Set(rows.map(row => row.id))
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

/** How an answer came: from the person's own page, or told to an officer. */
export type AnsweredVia = 'web' | 'phone' | 'post'

/**
 * The place is taken, and the term is theirs; the charter that they agreed to is kept by its version. Taking it twice is
 * taking it once; a lapsed one is gone.
 */
export async function accept(
  tx: Tx,
  house: House,
  actor: Actor,
  dossier: string,
  via: AnsweredVia = 'web',
): Promise<void> {
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
    .set({
      state: 'accepted',
      answered_at: house.clock.now(),
      answered_via: via,
      charter_version: charterVersion,
    })
    .where('id', '=', offer.id)
    .execute()
  await appoint(tx, house, actor, dossier, round, offer.seat)
  await note(tx, house, actor, 'offer accepted', { round: round.id, via, charter: charterVersion }, dossier)
}

/** The place is declined; why is the person's to say or not, and sealed. */
export async function decline(
  tx: Tx,
  house: House,
  actor: Actor,
  dossier: string,
  reason: string,
  via: AnsweredVia = 'web',
): Promise<void> {
  const changed = await tx
    .updateTable('offer')
    .set({ state: 'declined', answered_at: house.clock.now(), answered_via: via })
    .where('dossier_id', '=', dossier)
    .where('state', '=', 'offered')
    .executeTakeFirst()
  if (!Number(changed.numUpdatedRows)) throw new NotPossible('This offer is over')
  if (reason) await house.vault.put(tx, actor, 'panel', dossier, { withdrawalReason: reason })
  await note(tx, house, actor, 'offer declined', { via }, dossier)
}

/** Seats of a round that nobody holds or is offered. */
export function freeFor(round: Pick<Round, 'targetSize'>, offers: readonly Offer[]): number[] {
  const held = new Set(offers.filter(isActive).map(one => one.seat))
  return Array.from({ length: round.targetSize }, (_, i) => i + 1).filter(seat => !held.has(seat))
}

export function isActive(offer: Offer): boolean {
  return offer.state === 'offered' || offer.state === 'accepted'
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
