import { sql } from 'kysely'
import { setScope, type Tx } from '#src/platform/database/database.ts'
import { system } from '#src/promises/notice/actor.ts'

/**
 * Runs `work` as the review itself, within the transaction of whoever reads or decides: it looks at landlords and areas to
 * keep pairs apart, which a reader's own transaction never shows. Nothing of it reaches the reader.
 */
export async function asReview<T>(tx: Tx, work: () => Promise<T>): Promise<T> {
  const { rows } = await sql<{ actor: string | null; purpose: string | null }>`
    select current_setting('panel.actor', true) as actor, current_setting('panel.purpose', true) as purpose`.execute(tx)
  await setScope(tx, { actor: system('review').id, purpose: 'administer the panel' })
  const result = await work()
  await setScope(tx, { actor: rows[0]?.actor ?? '', purpose: rows[0]?.purpose ?? '' })
  return result
}
