import { openConcerns } from '#src/panel/membership/concerns/concerns.ts'
import { leadOf } from '#src/panel/membership/concerns/lead.ts'
import { actionsDue } from '#src/panel/membership/contacts/contacts.ts'
import { openRemovals } from '#src/panel/membership/removal/removal.ts'
import { londonDate, sayDate, sayInstant } from '#src/platform/calendar/london.ts'
import type { Tx } from '#src/platform/database/database.ts'
import type { House } from '#src/promises/house.ts'
import { officersFor } from './officers.ts'
import type { TodayItem } from './today.ts'

/** Worries about people: the lead's, and everyone's once their time is over. */
export async function concernItems(tx: Tx, house: House, me: string): Promise<TodayItem[]> {
  const now = house.clock.now()
  const isLead = (await leadOf(tx, house, officersFor))?.id === me
  return (await openConcerns(tx)).flatMap(one => {
    const late = one.due_at < now
    if (!isLead && !late) return []
    const href = `/staff/concerns/${one.id}`
    return [
      {
        state: late ? ('overdue' as const) : ('due' as const),
        href,
        text: `Someone is worried about a person: answer by ${sayInstant(one.due_at)}`,
      },
    ]
  })
}

/** Removals of members: for a second person once the notice is over, waiting until then and for who proposed it. */
export async function removalItems(tx: Tx, house: House, me: string): Promise<TodayItem[]> {
  const today = londonDate(house.clock.now())
  return (await openRemovals(tx)).map(one => {
    const over = today > one.notice_until
    const isMine = one.proposed_by === me
    return {
      state: over && !isMine ? ('due' as const) : ('waiting' as const),
      href: `/staff/members/${one.dossier_id}/removal`,
      text: over
        ? `The removal of a member is to be confirmed or dropped${isMine ? ' by a second person' : ''}`
        : `A member may answer their removal until ${sayDate(one.notice_until)}`,
    }
  })
}

/** What was promised to people and is due: one's own, and the team's. */
export async function contactItems(tx: Tx, house: House, me: string): Promise<TodayItem[]> {
  const today = londonDate(house.clock.now())
  const due = await actionsDue(tx, me, today)
  return due.map(one => ({
    state: one.due < today ? 'overdue' : 'due',
    href: `/staff/members/contacts/${one.dossier}`,
    text: `${one.reference}: ${one.asked ? 'a question to answer' : one.owner ? 'your next action' : 'a next action of the team'}, by ${sayDate(one.due)}`,
  }))
}
