import { tell } from '#src/panel/correspondence/tell.ts'
import type { Tx } from '#src/platform/database/database.ts'
import type { House } from '#src/promises/house.ts'
import { record } from '#src/promises/ledger/ledger.ts'
import { type Actor, system } from '#src/promises/notice/actor.ts'
import { roundById } from '../round.ts'
import { marksOf } from './marks.ts'
import { type Likely, pairOf, together } from './together.ts'

/** The largest group of which an officer can say in one press that all are different people. */
export const MOST_APART = 30

/**
 * Sent applications of a round that may be one person's: the same name in one council area, or the same phone number
 * or e-mail address; and, where the round has its household check on, the same postal address. One entry in the ledger
 * for the look; nobody counts as opened.
 */
export async function likelyDuplicates(tx: Tx, house: House, by: Actor, round: string): Promise<Likely[]> {
  const { order, shared } = await markedIn(tx, house, by, round)
  const groups = together(
    [...shared.values()].filter(one => one.ids.length > 1),
    await apartIn(tx, round),
  )
  const place = new Map(order.map((id, at) => [id, at]))
  const at = (id: string) => place.get(id) ?? 0
  return groups
    .map(group => ({ ...group, ids: group.ids.sort((a, b) => at(a) - at(b)) }))
    .sort((a, b) => at(a.ids[0] ?? '') - at(b.ids[0] ?? ''))
}

/** Who bears which mark among the sent applications of a round, the oldest first. */
export async function markedIn(tx: Tx, house: House, by: Actor, round: string) {
  const homes = (await roundById(tx, round))?.rules.household === true
  const query = tx.selectFrom('application').select('dossier_id').where('round_id', '=', round)
  const rows = await query.where('state', '=', 'sent').orderBy('sent_at').orderBy('reference').execute()
  const order = rows.map(row => row.dossier_id)
  const shared = new Map<string, { because: string; ids: string[] }>()
  const ask = { by, for: 'administer the panel', fields: ['name', 'area', 'phone', 'email', 'address'] } as const
  await house.vault.search(tx, 'panel', ask, order, ({ id, ...person }) => {
    for (const { because, value } of marksOf(person, homes)) {
      const one = shared.get(value)
      if (one) one.ids.push(id)
      else shared.set(value, { because, ids: [id] })
    }
    return false
  })
  return { homes, order, shared }
}

/**
 * Keeps one application of a group and says which of the others are to be erased: only those that still are likely
 * duplicates of it. Undefined when there is nothing to merge. The person is told; the caller erases after the
 * transaction.
 */
export async function merge(
  tx: Tx,
  house: House,
  by: Actor,
  { round, keep, same }: { round: string; keep: string; same: readonly string[] },
): Promise<string[] | undefined> {
  const group = await groupWith(tx, house, by, round, keep)
  const others = group?.ids.filter(id => id !== keep && same.includes(id)) ?? []
  if (!others.length) return undefined
  await record(tx, {
    actor: by.id,
    role: by.roles[0] ?? 'system',
    purpose: 'administer the panel',
    act: 'applications merged',
    subject: keep,
    count: others.length + 1,
    detail: { round, erased: others },
    at: house.clock.now(),
  })
  const rows = await tx
    .selectFrom('application')
    .select(['dossier_id', 'reference'])
    .where('dossier_id', 'in', [keep, ...others])
    .execute()
  const references = new Map(rows.map(row => [row.dossier_id, row.reference]))
  await tell(tx, house, system('recruitment'), keep, 'applications merged', {
    reference: references.get(keep) ?? '',
    deleted: others.map(id => references.get(id) ?? '').join(', '),
  })
  return others
}

/** Notes that the applications of a group are different people's: they are not shown together again. False if they are no group. */
export async function tellApart(
  tx: Tx,
  house: House,
  by: Actor,
  { round, group }: { round: string; group: string },
): Promise<boolean> {
  const found = await groupWith(tx, house, by, round, group)
  if (!found || found.ids.length > MOST_APART) return false
  const now = house.clock.now()
  const ids = [...found.ids].sort()
  const pairs = ids.flatMap((dossier_id, at) =>
    ids.slice(at + 1).map(other_id => ({ dossier_id, other_id, told_by: by.id, told_at: now })),
  )
  await tx
    .insertInto('told_apart')
    .values(pairs)
    .onConflict(conflict => conflict.doNothing())
    .execute()
  await record(tx, {
    actor: by.id,
    role: by.roles[0] ?? 'system',
    purpose: 'administer the panel',
    act: 'applications told apart',
    count: ids.length,
    detail: { round, applications: ids },
    at: now,
  })
  return true
}

async function groupWith(tx: Tx, house: House, by: Actor, round: string, id: string): Promise<Likely | undefined> {
  if (!(await roundById(tx, round))?.publishedAt) return undefined
  return (await likelyDuplicates(tx, house, by, round)).find(one => one.ids.includes(id))
}

async function apartIn(tx: Tx, round: string): Promise<Set<string>> {
  const rows = await tx
    .selectFrom('told_apart')
    .innerJoin('application', 'application.dossier_id', 'told_apart.dossier_id')
    .select(['told_apart.dossier_id', 'told_apart.other_id'])
    .where('application.round_id', '=', round)
    .execute()
  return new Set(rows.map(row => pairOf(row.dossier_id, row.other_id)))
}
