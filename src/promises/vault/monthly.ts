import type { Queue } from '#src/platform/jobs/jobs.ts'
import { type House, within } from '../house.ts'
import { record } from '../ledger/ledger.ts'
import { system } from '../notice/actor.ts'
import { rotate } from './keys.ts'
import type { Masters } from './masters.ts'

/** On the first of each month, at night. */
export const masterKeyQueue: Queue = { name: 'master-key', cron: '41 2 1 * *' }

const by = system('keys')
const DAY = 24 * 60 * 60_000
/** Copies of the key store live 30 days; a day more, so that none is left that an old master opens. */
const copiesLiveDays = 31

/** [N-48] Makes a new master key, and drops those that open no copy of the key store any more. Returns their names. */
export async function monthOfKeys(house: House): Promise<string[]> {
  const at = house.clock.now()
  const count = await rotate(house.keys, house.masters, at)
  const over = outlived(house.masters.ids(), at)
  for (const id of over) house.masters.drop(id)
  const detail = { master: house.masters.currentId(), count, dropped: over }
  await within(house, { by, for: 'store' }, tx =>
    record(tx, { actor: by.id, role: 'system', purpose: 'store', act: 'master key rotated', detail, at }),
  )
  return over
}

/** Masters whose successor was made so long ago that the last copy of the key store they open is gone. */
export function outlived(ids: ReturnType<Masters['ids']>, now: Date): string[] {
  const inOrder = [...ids].sort()
  return inOrder.filter((_, at) => {
    const successor = inOrder[at + 1]
    return successor !== undefined && now.getTime() - Date.parse(successor.slice(0, 10)) > copiesLiveDays * DAY
  })
}
