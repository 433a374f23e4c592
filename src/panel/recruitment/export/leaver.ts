import type { Tx } from '#src/platform/database/database.ts'
import '../tables.ts'

/** How many exports someone has asked for and not taken. */
export async function countUntaken(tx: Tx, who: string): Promise<number> {
  return (await untaken(tx, who)).length
}

/**
 * Hands the exports that a leaver asked for and did not take to a colleague, who then takes them; an approval that the
 * colleague gave is asked again of someone else. With nobody to hand them to, they are refused.
 */
export async function passExports(tx: Tx, at: Date, from: string, to: string | undefined): Promise<void> {
  for (const row of await untaken(tx, from))
    await tx
      .updateTable('application_export')
      .set(
        to === undefined
          ? { decision: 'refused', decided_by: 'system:handover', decided_at: at }
          : row.decided_by === to
            ? { asked_by: to, decision: null, decided_by: null, decided_at: null }
            : { asked_by: to },
      )
      .where('id', '=', row.id)
      .execute()
}

function untaken(tx: Tx, who: string): Promise<{ id: string; decided_by: string | null }[]> {
  return tx
    .selectFrom('application_export')
    .select(['id', 'decided_by'])
    .where('asked_by', '=', who)
    .where('taken_at', 'is', null)
    .where(eb => eb.or([eb('decision', 'is', null), eb('decision', '!=', 'refused')]))
    .execute()
}
