import { addDays } from '#src/platform/calendar/dates.ts'
import { londonDate } from '#src/platform/calendar/london.ts'
import type { Tx } from '#src/platform/database/database.ts'
import { type House, within } from '#src/promises/house.ts'
import { record } from '#src/promises/ledger/ledger.ts'
import { system } from '#src/promises/notice/actor.ts'
import { leftOut } from '#src/promises/tally/left-out.ts'
import { wasFrozenBy } from '#src/promises/tally/population.ts'
import { applicantsOf } from '../recruitment/application.ts'
import { countAll } from './routes.ts'

const by = system('statistics')
/** Of fewer people nothing is counted at the end. */
const fewest = 10
/** Days before the end in which the counting is done: one night may be missed. */
const daysBefore = 7

/**
 * [N-51] Before the records of a round end, its groups are counted by the declared tables, where the release test
 * passes: rounded counts of large enough groups stay, and no row, key or name of anyone. Those who objected, or stopped
 * the use of their equality answer, are left out. Deletion never waits for it: what cannot be counted is not.
 */
export async function countBeforeEnd(house: House): Promise<void> {
  const scope = { by, for: 'representativeness' } as const
  const ending = await within(house, scope, tx => roundsThatEnd(tx, londonDate(house.clock.now())))
  for (const round of ending)
    try {
      await within(house, scope, async tx => {
        const sent = await applicantsOf(tx, round)
        const members = await tx.selectFrom('member').select('dossier_id').where('round_id', '=', round).execute()
        const out = await leftOut(tx, [...sent, ...members.map(one => one.dossier_id)])
        const groups = { applicants: sent, panel: members.map(one => one.dossier_id) } as const
        for (const name of ['applicants', 'panel'] as const) {
          const people = groups[name].filter(id => !out.has(id))
          if (people.length >= fewest && !(await wasFrozenBy(tx, by, { name, of: round })))
            await countAll(tx, house, by, { name, of: round }, people)
        }
      })
    } catch (error) {
      const code = error instanceof Error ? error.constructor.name : 'unknown'
      const told = { actor: by.id, role: 'system', purpose: 'representativeness', detail: { round, code } } as const
      await within(house, scope, tx => record(tx, { ...told, act: 'statistics not kept', at: house.clock.now() }))
    }
}

/** Rounds of which a sent application's date comes soon: once it has come nothing opens any more, for counting neither. */
async function roundsThatEnd(tx: Tx, today: string): Promise<string[]> {
  const rows = await tx
    .selectFrom('dossier')
    .innerJoin('application', 'application.dossier_id', 'dossier.id')
    .select('application.round_id')
    .distinct()
    .where('dossier.expires_on', '>', today)
    .where('dossier.expires_on', '<=', addDays(today, daysBefore))
    .where('dossier.held_at', 'is', null)
    .where('application.state', '!=', 'draft')
    .execute()
  return rows.map(row => row.round_id)
}
