import { tell } from '#src/panel/correspondence/tell.ts'
import { sayInstant } from '#src/platform/calendar/london.ts'
import type { Queue } from '#src/platform/jobs/jobs.ts'
import { type House, within } from '#src/promises/house.ts'
import { system } from '#src/promises/notice/actor.ts'
import { endOf, openRound } from './round.ts'

/** Every hour: who has begun an application and not sent it, three days before the round closes. */
export const reminderQueue: Queue = { name: 'draft-reminder', cron: '37 * * * *' }

const THREE_DAYS = 3 * 86_400_000

/** Reminds each unfinished draft once. Returns how many were reminded. */
export async function remindDrafts(house: House): Promise<number> {
  const by = system('recruitment')
  const now = house.clock.now()
  return within(house, { by, for: 'administer the panel' }, async tx => {
    const round = await openRound(tx, now)
    if (!round || endOf(round).getTime() - now.getTime() > THREE_DAYS) return 0
    const reminded = await tx
      .updateTable('application')
      .set({ reminded_at: now })
      .where('round_id', '=', round.id)
      .where('state', '=', 'draft')
      .where('reminded_at', 'is', null)
      .returning('dossier_id')
      .execute()
    const link = `${house.config.baseUrl}/sign-in`
    await tell(
      tx,
      house,
      by,
      reminded.map(row => row.dossier_id),
      'draft reminder',
      { closes: sayInstant(endOf(round)), link },
    )
    return reminded.length
  })
}
