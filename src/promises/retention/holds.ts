import type { Selectable } from 'kysely'
import { addDays } from '#src/platform/calendar/dates.ts'
import { sayDate, sayInstant } from '#src/platform/calendar/london.ts'
import type { Tx } from '#src/platform/database/database.ts'
import type { Tables } from '#src/platform/database/tables.ts'
import type { House } from '../house.ts'
import { record } from '../ledger/ledger.ts'
import type { Actor } from '../notice/actor.ts'
import './tables.ts'

/** A hold that stands, with what it stops. */
export type StandingHold = Selectable<Tables['hold']> & {
  /** The date on which the record would have ended, or would end. */
  ends: string
  /** What asks for an end and does not get it while the hold stands. */
  stops: string[]
}

/** After so many hours the one who placed a hold may approve it alone. */
const aloneAfter = 24 * 60 * 60_000
/** Days before a review at which it is said. */
const warningDays = 7

/** Every hold that stands, the soonest review first. */
export async function standingHolds(tx: Tx, today: string): Promise<StandingHold[]> {
  const rows = await tx
    .selectFrom('hold')
    .innerJoin('dossier', 'dossier.id', 'hold.dossier_id')
    .selectAll('hold')
    .select('dossier.expires_on as ends')
    .where('lifted_at', 'is', null)
    .orderBy('review_on')
    .orderBy('hold.id')
    .execute()
  const subjects = [...new Set(rows.map(row => row.dossier_id))]
  const erasures = subjects.length
    ? await tx
        .selectFrom('rights_case')
        .select(['subject', 'reference'])
        .where('subject', 'in', subjects)
        .where('matter', '=', 'erasure')
        .where('closed_at', 'is', null)
        .execute()
    : []
  return rows.map(row => {
    const late = row.ends <= today ? 'the deletion that was due on' : 'the deletion on'
    const asked = row.ground === 'legal matter' ? erasures.filter(one => one.subject === row.dossier_id) : []
    return {
      ...row,
      stops: [`${late} ${sayDate(row.ends)}`, ...asked.map(one => `the erasure asked for in ${one.reference}`)],
    }
  })
}

/** Why someone may not approve a hold yet, in a sentence; undefined when they may. */
export function whyNotApprove(one: Selectable<Tables['hold']>, by: Actor, now: Date): string | undefined {
  const alone = new Date(one.placed_at.getTime() + aloneAfter)
  if (one.placed_by !== by.id || alone <= now) return undefined
  return `You placed this hold: another person of data protection approves it, or you do from ${sayInstant(alone)}`
}

/** Approves a hold for a legal matter; a second time changes nothing. */
export async function approveHold(tx: Tx, house: House, by: Actor, one: StandingHold): Promise<void> {
  if (one.approved_at) return
  const at = house.clock.now()
  await tx.updateTable('hold').set({ approved_at: at, approved_by: by.id }).where('id', '=', one.id).execute()
  await record(tx, {
    actor: by.id,
    role: by.roles[0] ?? 'system',
    purpose: 'exercise rights',
    act: one.placed_by === by.id ? 'hold approved alone' : 'hold approved',
    subject: one.dossier_id,
    detail: { ground: one.ground, ...(one.matter ? { matter: one.matter } : {}) },
    at,
  })
}

/** What has to be done about a hold today; undefined when nothing has. */
export function holdToday(one: StandingHold, today: string): { isOverdue: boolean; says: string } | undefined {
  if (one.review_on <= addDays(today, warningDays))
    return { isOverdue: one.review_on <= today, says: `look at it again by ${sayDate(one.review_on)}` }
  return one.approved_at ? undefined : { isOverdue: false, says: 'a second person approves it' }
}
