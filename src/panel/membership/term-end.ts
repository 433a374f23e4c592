import { tell } from '#src/panel/correspondence/tell.ts'
import { addDays } from '#src/platform/calendar/dates.ts'
import { londonDate, sayDate } from '#src/platform/calendar/london.ts'
import { type House, within } from '#src/promises/house.ts'
import { system } from '#src/promises/notice/actor.ts'
import { memberExpiry } from '#src/promises/retention/due/expiry.ts'
import './tables.ts'
import { mostTerms } from './terms.ts'

const by = system('membership')
/** Days before the end of a term on which its member is written to. */
const daysBefore = 90

/** Writes to each member once before their term ends: that they can apply again, or that it was their last term. */
export async function remindTermEnds(house: House): Promise<number> {
  return within(house, { by, for: 'administer the panel' }, async tx => {
    const today = londonDate(house.clock.now())
    const rows = await tx
      .updateTable('member')
      .set({ end_told_at: house.clock.now() })
      .where('end_told_at', 'is', null)
      .where('left_on', 'is', null)
      .where('ends_on', '>', today)
      .where('ends_on', '<=', addDays(today, daysBefore))
      .returning(['dossier_id', 'ends_on', 'starts_on', 'term_number'])
      .execute()
    const terms = new Map(rows.map(row => [row.dossier_id, row]))
    await tell(tx, house, by, [...terms.keys()], 'term ends', id => {
      const term = terms.get(id)
      return {
        ends: sayDate(term?.ends_on ?? today),
        deleted: sayDate(memberExpiry(term?.starts_on ?? today)),
        again: (term?.term_number ?? mostTerms) < mostTerms,
        link: house.config.baseUrl,
      }
    })
    return rows.length
  })
}
