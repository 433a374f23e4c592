import { sayDate } from '#src/platform/calendar/london.ts'
import type { Tx } from '#src/platform/database/database.ts'
import type { Queue } from '#src/platform/jobs/jobs.ts'
import { type House, within } from '../house.ts'
import { system } from '../notice/actor.ts'
import { activate, comingVersion, noteTold, untold } from './version.ts'

/** Every hour: tells living people of a coming version, and puts it into force on its day. */
export const noticeQueue: Queue = { name: 'notice-day', cron: '7 * * * *' }

const by = system('notice')

/** How a room that can write letters tells people of a version. */
export type Announce = (
  tx: Tx,
  ids: readonly string[],
  detail: { version: number; from: string; link: string },
) => Promise<void>

/** [N-03] Nobody is left untold when a new version takes effect. */
export async function noticeDay(house: House, announce: Announce): Promise<void> {
  await within(house, { by, for: 'administer the panel' }, async tx => {
    const coming = await comingVersion(tx)
    if (!coming?.effectiveOn) return
    const ids = await untold(tx, coming.version)
    const link = `${house.config.baseUrl}/notice/${coming.version}`
    await announce(tx, ids, { version: coming.version, from: sayDate(coming.effectiveOn), link })
    await noteTold(tx, house, coming.version, ids, 'written to')
    await activate(tx, house, by)
  })
}
