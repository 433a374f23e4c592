import { openRuns } from '#src/panel/selection/board/outcome.ts'
import type { Tx } from '#src/platform/database/database.ts'
import type { TodayItem } from './today.ts'

/** Selections that wait for public numbers, for a decision or for a second person; `me` is not asked to confirm their own. */
export async function selectionItems(tx: Tx, me: string, isOfficer: boolean): Promise<TodayItem[]> {
  return (await openRuns(tx)).flatMap((run): TodayItem[] => {
    const item = (state: TodayItem['state'], text: string): TodayItem[] => [
      { state, href: `/staff/selection/runs/${run.id}`, text: `${run.name}: ${text}` },
    ]
    if (run.decision === 'accept')
      return run.decided_by === me
        ? item('waiting', 'the selection you accepted waits for a second person')
        : item('due', 'confirm the selection, or send it back')
    if (!isOfficer) return []
    return run.state === 'committed'
      ? item('due', 'publish the commitment, then enter the public numbers that draw the panel')
      : item('due', 'decide on the panel that was drawn')
  })
}
