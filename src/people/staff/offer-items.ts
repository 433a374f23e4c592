import { batchOf, drawnWithoutOffer, lastBatch } from '#src/panel/membership/offers/batch.ts'
import { type Offer, offersOf } from '#src/panel/membership/offers/offers.ts'
import { leftInPool, placesOf } from '#src/panel/membership/offers/places.ts'
import { triesNeeded, triesOf } from '#src/panel/membership/offers/tries.ts'
import { referencesOf } from '#src/panel/recruitment/application.ts'
import type { Round } from '#src/panel/recruitment/round.ts'
import { londonDate, sayInstant } from '#src/platform/calendar/london.ts'
import type { Tx } from '#src/platform/database/database.ts'
import type { House } from '#src/promises/house.ts'
import { many } from './counted.ts'
import type { TodayItem } from './today.ts'

/** People to ring who have a line of their own; the rest are counted. */
const mostLines = 10

/** Offers of a closed round: what to send or confirm, whom to ring before their place lapses, which places are free. */
export async function offerItems(tx: Tx, house: House, me: string, round: Round): Promise<TodayItem[]> {
  const href = `/staff/members/offers/${round.id}`
  const item = (state: TodayItem['state'], text: string): TodayItem => ({ state, href, text: `${round.name}: ${text}` })
  const offers = await offersOf(tx, round.id)
  const today = londonDate(house.clock.now())
  const open = offers.filter(one => one.state === 'offered')
  const late = open.filter(one => one.answer_by < today)
  const batch = await batchOf(tx, round.id)
  const drawn = batch ? [] : await drawnWithoutOffer(tx, round.id)
  const places = await placesOf(tx, round)
  const free = offers.length && !batch ? places.free : 0
  const items: TodayItem[] = []
  if ((await lastBatch(tx, round.id))?.state === 'stuck' && !batch) items.push(item('overdue', 'offers did not go out'))
  if (drawn.length) items.push(item('due', `offer ${many(drawn.length, 'place')} to those who were drawn`))
  if (batch?.state === 'proposed')
    items.push(
      batch.asked_by === me
        ? item(
            'waiting',
            `${many(batch.people.length, 'person', 'people')} you picked by hand: a second person confirms`,
          )
        : item('due', `confirm ${many(batch.people.length, 'person', 'people')} picked by hand, or say no`),
    )
  if (batch?.goes_at)
    items.push(
      item('waiting', `${many(batch.people.length, 'offer goes', 'offers go')} out at ${sayInstant(batch.goes_at)}`),
    )
  if (free > 0 && places.reserves)
    items.push(item('due', `${many(free, 'place is', 'places are')} free: offer to the next reserve`))
  else if (free > 0 && (await leftInPool(tx, round.id, places)))
    items.push(item('waiting', `${many(free, 'place is', 'places are')} free and no reserve is left`))
  const waiting = open.length - late.length
  if (waiting) items.push(item('waiting', `${many(waiting, 'offer')} not yet answered`))
  return [...items, ...(await ringItems(tx, href, late))]
}

/** Whom to ring before their place lapses: a line each, by reference. */
async function ringItems(tx: Tx, href: string, late: readonly Offer[]): Promise<TodayItem[]> {
  const shown = late.slice(0, mostLines)
  const references = await referencesOf(
    tx,
    shown.map(one => one.dossier_id),
  )
  const tries = await triesOf(
    tx,
    shown.map(one => one.id),
  )
  const items = shown.map((one): TodayItem => {
    const count = tries.filter(each => each.offer_id === one.id).length
    const said = count ? ` (${count} of ${triesNeeded} tries made)` : ''
    const text = `Ring before lapsing: ${references.get(one.dossier_id) ?? 'someone'} has not answered${said}`
    return { state: 'overdue', href: `${href}/${one.id}`, text }
  })
  if (late.length > shown.length)
    items.push({
      state: 'overdue',
      href,
      text: `Ring before lapsing: ${many(late.length - shown.length, 'more person has', 'more people have')} not answered`,
    })
  return items
}
