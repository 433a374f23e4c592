import { sayDate, sayInstant } from '#src/platform/calendar/london.ts'
import type { Tx } from '#src/platform/database/database.ts'
import { unprocessable } from '#src/platform/web/errors.ts'
import type { House } from '#src/promises/house.ts'
import type { Actor } from '#src/promises/notice/actor.ts'
import { tell } from '../correspondence/tell.ts'
import { expiriesOf, type Round, rounds, stateOf } from '../recruitment/round.ts'
import { type Decision, decisionsOf } from './decisions.ts'

const kinds = ['not this time', 'ineligible']

/** Those who are not chosen and have not been told. */
export async function toTell(tx: Tx, round: string): Promise<string[]> {
  const standing = await decisionsOf(tx, round)
  return [...standing].filter(([, one]) => kinds.includes(one.verdict) && !one.toldAt).map(([id]) => id)
}

/** Writes to everyone who is not chosen: once, and to exactly as many as the officer saw. */
export async function tellNotThisTime(tx: Tx, house: House, by: Actor, round: Round, seen: number): Promise<void> {
  await tx.selectFrom('round').select('id').where('id', '=', round.id).forUpdate().execute()
  const ids = await toTell(tx, round.id)
  if (!ids.length) return
  if (ids.length !== seen)
    throw unprocessable('Someone has decided since you opened the page. Look again at how many there are.')
  const now = house.clock.now()
  const standing = await decisionsOf(tx, round.id)
  const next = (await rounds(tx)).filter(one => stateOf(one, now) === 'waiting').at(-1)
  await tx
    .updateTable('decision')
    .set({ told_at: now })
    .where('round_id', '=', round.id)
    .where('dossier_id', 'in', ids)
    .where('verdict', 'in', ['not this time', 'ineligible'])
    .execute()
  const detail = {
    round: round.name,
    deleted: sayDate(expiriesOf(round).sent),
    next: next ? `The next round opens at ${sayInstant(next.opensAt)}.` : 'No date is set for the next round yet.',
    rights: `${house.config.baseUrl}/your-rights`,
    complaints: `${house.config.baseUrl}/complaints`,
  }
  await tell(tx, house, by, ids, 'not this time', id => ({ ...detail, ruled: ruled(standing.get(id)) }))
}

/** Why someone cannot join under the rules, as a code that the letter knows; empty for everyone else. */
function ruled(decision: Decision | undefined): string {
  return decision?.verdict === 'ineligible' ? decision.reason : ''
}
