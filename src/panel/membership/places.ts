import { addMonths } from '#src/platform/calendar/dates.ts'
import { londonDate } from '#src/platform/calendar/london.ts'
import type { Tx } from '#src/platform/database/database.ts'
import { rounds, stateOf } from '../recruitment/round.ts'
import './tables.ts'
import { termMonths } from './terms.ts'

/** How a round's panel stands against its size: places taken, offered and free. */
export interface Places {
  round: string
  name: string
  size: number
  taken: number
  offered: number
  free: number
  /** Whether any place was offered yet. */
  begun: boolean
  /** Whether its term has started. */
  started: boolean
}

/** The places of every closed round whose term is not over, the newest first. */
export async function placesOf(tx: Tx, now: Date): Promise<Places[]> {
  const today = londonDate(now)
  const rows = await tx
    .selectFrom('offer')
    .select(eb => ['round_id', 'state', eb.fn.countAll<number>().as('count')])
    .groupBy(['round_id', 'state'])
    .execute()
  return (await rounds(tx))
    .filter(round => stateOf(round, now) === 'closed' && addMonths(round.termStartsOn, termMonths) > today)
    .map(({ id, name, targetSize: size, termStartsOn }) => {
      const own = rows.filter(row => row.round_id === id)
      const of = (state: string) => Number(own.find(row => row.state === state)?.count ?? 0)
      const [taken, offered] = [of('accepted'), of('offered')]
      const free = Math.max(0, size - taken - offered)
      return { round: id, name, size, taken, offered, free, begun: own.length > 0, started: termStartsOn <= today }
    })
}
