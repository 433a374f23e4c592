import { countLandlords } from '#src/panel/recruitment/landlords/landlords.ts'
import { rounds } from '#src/panel/recruitment/round.ts'
import type { Tx } from '#src/platform/database/database.ts'
import type { TodayItem } from './today.ts'

/** What a new service lacks before an officer can open its first round. */
export async function firstRoundItems(tx: Tx): Promise<TodayItem[]> {
  const all = await rounds(tx)
  const landlords = await countLandlords(tx)
  const items: TodayItem[] = []
  if (!all.length) items.push({ state: 'due', href: '/staff/rounds/new', text: 'Plan the first round' })
  if (!landlords)
    items.push({
      state: 'due',
      href: '/staff/rounds/landlords',
      text: 'Load the list of member landlords: until then every resident is told that theirs is not listed',
    })
  return items
}

/** The roles without which the service cannot do its work, while nobody holds them. */
export async function missingRoleItems(tx: Tx): Promise<TodayItem[]> {
  const accounts = await tx.selectFrom('staff').select('roles').where('disabled_at', 'is', null).execute()
  const nobody = (role: string) => !accounts.some(one => one.roles.includes(role))
  const href = '/staff/settings/people'
  const items: TodayItem[] = []
  if (nobody('dpo'))
    items.push({ state: 'due', href, text: 'Invite a data protection officer: they approve the privacy notice' })
  if (nobody('officer')) items.push({ state: 'due', href, text: 'Invite a panel officer: they plan the first round' })
  return items
}
