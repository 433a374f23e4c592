import type { Tx } from '#src/platform/database/database.ts'
import type { Figure } from '#src/promises/evidence/figures.ts'
import type { Clause } from '#src/promises/notice/clauses.ts'
import '../tables.ts'

/** How many may sign in, and who of them has not set up the second step: they reach nothing before they have. */
export async function doorsKept(tx: Tx): Promise<[Clause, Figure][]> {
  const open = await tx
    .selectFrom('staff')
    .select(['second_factor', 'demo'])
    .where('activated_at', 'is not', null)
    .where('disabled_at', 'is', null)
    .execute()
  const waiting = open.filter(one => !one.second_factor && !one.demo).length
  const says = `${open.length} staff accounts are open; ${waiting} have not set up their second step and reach nothing before`
  return [['N-52', { says, ok: true }]]
}
