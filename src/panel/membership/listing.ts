import { addDays } from '#src/platform/calendar/dates.ts'
import type { Tx } from '#src/platform/database/database.ts'
import type { House } from '#src/promises/house.ts'
import type { Actor } from '#src/promises/notice/actor.ts'
import { plain } from '../recruitment/list/find.ts'
import { codesValue } from '../recruitment/values.ts'
import { isInOffice, type Member, mayComeBack, members } from './members.ts'
import type { Interest } from './own/options.ts'
import { openRemovals } from './removal/removal.ts'

/** Which members are listed. */
export const kinds = {
  'in-office': 'In office',
  starting: 'Start later',
  paused: 'Paused',
  leaving: 'Leaving: can still come back, or removal proposed',
  ending: 'Term ends within six months',
  former: 'Have left, or their term is over',
} as const
export type Kind = keyof typeof kinds
const endingDays = 183
const byName = new Intl.Collator('en-GB')

export interface Wanted {
  /** Undefined: those in office, or those who will be where nobody is yet. */
  kind: Kind | undefined
  text: string
  interest: Interest | undefined
  today: string
}

/**
 * Members of a kind, by name, whose name holds these words and whom this interests; and how many are of each kind. The
 * search is one entry in the ledger; nobody is opened.
 */
export async function findMembers(
  tx: Tx,
  house: House,
  by: Actor,
  { kind: asked, text, interest, today }: Wanted,
): Promise<{ found: Member[]; kind: Kind; counts: Record<Kind, number> }> {
  const removals = new Set((await openRemovals(tx)).map(one => one.dossier_id))
  const everyone = await members(tx, today, { former: true })
  const of = (kind: Kind) => everyone.filter(one => isOf(kind, one, today, removals))
  const kind = asked ?? (!of('in-office').length && of('starting').length ? 'starting' : 'in-office')
  const all = of(kind)
  const words = plain(text).split(' ').filter(Boolean)
  const names = new Map<string, string>()
  const fits = ({ id, name = '', interests }: { id: string; name?: string; interests?: string }) => {
    const spoken = plain(name)
    names.set(id, spoken)
    return (
      words.every(word => spoken.includes(word)) &&
      (!interest || codesValue.read(interests)?.includes(interest) === true)
    )
  }
  const fields: readonly ('name' | 'interests')[] = interest ? ['name', 'interests'] : ['name']
  const ids = all.map(one => one.dossier_id)
  const found = new Set(await house.vault.search(tx, 'panel', { by, for: 'administer the panel', fields }, ids, fits))
  const nameOf = (one: Member) => names.get(one.dossier_id) ?? ''
  return {
    kind,
    found: all
      .filter(one => found.has(one.dossier_id))
      .sort((a, b) => byName.compare(nameOf(a), nameOf(b)) || a.seat - b.seat),
    counts: {
      'in-office': of('in-office').length,
      starting: of('starting').length,
      paused: of('paused').length,
      leaving: of('leaving').length,
      ending: of('ending').length,
      former: of('former').length,
    },
  }
}

function isOf(kind: Kind, one: Member, today: string, removals: ReadonlySet<string>): boolean {
  const isFormer = !isInOffice(one, today)
  if (kind === 'leaving') return mayComeBack(one, today) || (!isFormer && removals.has(one.dossier_id))
  if (kind === 'former') return isFormer
  if (isFormer) return false
  if (kind === 'starting' || kind === 'in-office') return one.starts_on > today === (kind === 'starting')
  if (kind === 'paused') return one.paused_at !== null
  return one.ends_on <= addDays(today, endingDays)
}
