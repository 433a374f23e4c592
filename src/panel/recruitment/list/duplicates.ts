import type { Tx } from '#src/platform/database/database.ts'
import type { House } from '#src/promises/house.ts'
import { record } from '#src/promises/ledger/ledger.ts'
import type { Actor } from '#src/promises/notice/actor.ts'
import { roundById } from '../round.ts'
import { addressValue } from '../values.ts'
import { plain } from './find.ts'

export interface Likely {
  ids: string[]
  /** What the applications have in common. */
  because: string[]
}

/**
 * Sent applications of a round that may be one person's: the same name in one council area, or the same phone number
 * or e-mail address; and, where the round has its household check on, the same postal address. One entry in the ledger for the look; nobody counts as opened.
 */
export async function likelyDuplicates(tx: Tx, house: House, by: Actor, round: string): Promise<Likely[]> {
  const homes = (await roundById(tx, round))?.rules.household === true
  const query = tx.selectFrom('application').select('dossier_id').where('round_id', '=', round)
  const rows = await query.where('state', '=', 'sent').orderBy('sent_at').orderBy('reference').execute()
  const marks = new Map<string, string[]>()
  const mark = (because: string, value: string | undefined, id: string) => {
    if (!value) return
    const key = `${because}\n${value}`
    marks.set(key, [...(marks.get(key) ?? []), id])
  }
  const ask = { by, for: 'administer the panel', fields: ['name', 'area', 'phone', 'email', 'address'] } as const
  const ids = rows.map(row => row.dossier_id)
  await house.vault.search(tx, 'panel', ask, ids, ({ id, name, area, phone, email, address }) => {
    mark('the same name and council area', name && area && `${plain(name)}\n${area}`, id)
    mark('the same phone number', phone?.replace(/\D/g, '').replace(/^44/, '0'), id)
    mark('the same email address', email?.toLowerCase(), id)
    if (homes) mark('the same postal address', homeOf(address), id)
    return false
  })
  return together(marks)
}

/** A postal address as its first line and postcode, whatever its spelling. */
function homeOf(value: string | undefined): string | undefined {
  const address = addressValue.read(value)
  return address && `${plain(address.lines[0] ?? '').replace(/[^a-z0-9]/g, '')}\n${address.postcode}`
}

/** Applications that share anything, directly or through a third, are one group. */
function together(marks: Map<string, string[]>): Likely[] {
  const groupOf = new Map<string, Likely>()
  for (const [key, ids] of marks) {
    if (ids.length < 2) continue
    const groups = new Set(ids.flatMap(id => groupOf.get(id) ?? []))
    const all = new Set([...[...groups].flatMap(group => group.ids), ...ids])
    const because = new Set([...[...groups].flatMap(group => group.because), key.split('\n', 1)[0] ?? ''])
    const joined = { ids: [...all], because: [...because].sort() }
    for (const id of joined.ids) groupOf.set(id, joined)
  }
  return [...new Set(groupOf.values())]
}

/**
 * Keeps one application of a likely pair or more, and says which others are to be erased: only those that still are
 * likely duplicates of it. Undefined when there is nothing to merge. The caller erases them after the transaction.
 */
export async function merge(
  tx: Tx,
  house: House,
  by: Actor,
  { round, keep }: { round: string; keep: string },
): Promise<string[] | undefined> {
  const group = (await likelyDuplicates(tx, house, by, round)).find(one => one.ids.includes(keep))
  if (!group) return undefined
  const others = group.ids.filter(id => id !== keep)
  await record(tx, {
    actor: by.id,
    role: by.roles[0] ?? 'system',
    purpose: 'administer the panel',
    act: 'applications merged',
    subject: keep,
    count: group.ids.length,
    detail: { round, erased: others },
    at: house.clock.now(),
  })
  return others
}
