import { addDays } from '#src/platform/calendar/dates.ts'
import type { Tx } from '#src/platform/database/database.ts'
import type { House } from '#src/promises/house.ts'
import type { Actor } from '#src/promises/notice/actor.ts'
import { plain } from '../recruitment/list/find.ts'
import { type Member, members } from './members.ts'

/** Which members are listed. */
export const kinds = {
  'in-office': 'In office',
  paused: 'Paused',
  ending: 'Term ends within six months',
  former: 'Have left, or their term is over',
} as const
export type Kind = keyof typeof kinds
const endingDays = 183
const byName = new Intl.Collator('en-GB')

/** Members of a kind, by name, whose name holds these words. The search is one entry in the ledger; nobody is opened. */
export async function findMembers(
  tx: Tx,
  house: House,
  by: Actor,
  { kind, text, today }: { kind: Kind; text: string; today: string },
): Promise<Member[]> {
  const all = (await members(tx, today, { former: true })).filter(one => isOf(kind, one, today))
  const words = plain(text).split(' ').filter(Boolean)
  const names = new Map<string, string>()
  const ask = { by, for: 'administer the panel', fields: ['name'] } as const
  const ids = all.map(one => one.dossier_id)
  const found = new Set(
    await house.vault.search(tx, 'panel', ask, ids, ({ id, name = '' }) => {
      const spoken = plain(name)
      names.set(id, spoken)
      return words.every(word => spoken.includes(word))
    }),
  )
  const nameOf = (one: Member) => names.get(one.dossier_id) ?? ''
  return all
    .filter(one => found.has(one.dossier_id))
    .sort((a, b) => byName.compare(nameOf(a), nameOf(b)) || a.seat - b.seat)
}

function isOf(kind: Kind, one: Member, today: string): boolean {
  const isFormer = one.left_on !== null || one.ends_on <= today
  if (kind === 'former') return isFormer
  if (isFormer) return false
  if (kind === 'paused') return one.paused_at !== null
  return kind === 'in-office' || one.ends_on <= addDays(today, endingDays)
}
