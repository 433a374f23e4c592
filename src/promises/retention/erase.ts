import { createHash } from 'node:crypto'
import { type Tx, transaction } from '#src/platform/database/database.ts'
import { EVERY, inWorld } from '#src/platform/database/world.ts'
import { record } from '../ledger/ledger.ts'
import type { Actor } from '../notice/actor.ts'
import { askElsewhere } from './elsewhere.ts'
import type { Reach } from './reach.ts'
import './tables.ts'

/** Rows that one transaction deletes: a statement takes 65,535 values at most. */
const PAGE = 2000

/** Why someone invented ends: no register and no figure of the panel counts it. */
export const practiceRound = 'practice round'

/** Why a dossier ends. */
export type EndReason =
  | 'date reached'
  | 'withdrawn and deleted'
  | 'erasure request'
  | 'draft not sent'
  | 'merged'
  | 'key without rows'
  | typeof practiceRound
  | 'dealt with'

/**
 * Ends dossiers: tombstone, keys, files, rows, in this order, each step safe to repeat, so that a crash between any
 * two leaves nothing readable and the next run finishes the rest. Unreadable at once; rows and certificate in one
 * transaction. Returns how many had rows.
 */
export async function erase(reach: Reach, by: Actor, ids: readonly string[], reason: EndReason): Promise<number> {
  if (!ids.length) return 0
  const at = reach.clock.now()
  await reach.keys.tombstone(ids, at)
  return finish(reach, by, ids, reason, at)
}

/**
 * Ends those of these dossiers whose date has come by `today` and that no hold keeps: what was held, or given a later
 * date, since they were listed stays. Returns how many ended.
 */
export async function eraseDue(reach: Reach, by: Actor, ids: readonly string[], today: string): Promise<number> {
  const at = reach.clock.now()
  const died = await reach.keys.tombstoneDue(ids, today, at)
  await finish(reach, by, died, 'date reached', at)
  return died.length
}

async function finish(reach: Reach, by: Actor, ids: readonly string[], reason: EndReason, at: Date): Promise<number> {
  if (!ids.length) return 0
  reach.step?.('tombstone')
  await reach.keys.destroyKeys(ids)
  reach.step?.('keys')
  for (const id of ids) await reach.removeFiles(id)
  reach.step?.('files')
  let ended = 0
  for (let from = 0; from < ids.length; from += PAGE)
    ended += await removeRows(reach, by, ids.slice(from, from + PAGE), reason, at)
  reach.step?.('rows')
  return ended
}

/** Finishes erasures that a crash or a restore left half done: every tombstone whose rows still stand. */
export async function finishErasures(reach: Reach, by: Actor): Promise<number> {
  let after = ''
  let ended = 0
  for (;;) {
    const page = await reach.keys.page(after, 1000)
    const last = page.at(-1)
    if (!last) return ended
    after = last.id
    const dead = page.filter(one => one.state === 'tombstone').map(one => one.id)
    if (!dead.length) continue
    const standing = await everywhere(reach, by, tx =>
      tx.selectFrom('dossier').select('id').where('id', 'in', dead).execute(),
    )
    ended += await erase(
      reach,
      by,
      standing.map(row => row.id),
      'date reached',
    )
  }
}

/** How long a key without rows waits, so that a restore of the main data finds it: days. */
const strayDays = 35

/** Ends keys that have no rows: of a transaction that failed after its key was made. Returns how many. */
export async function collectStray(reach: Reach, by: Actor): Promise<number> {
  const before = new Date(reach.clock.now().getTime() - strayDays * 24 * 60 * 60_000).toISOString()
  let after = ''
  let ended = 0
  for (;;) {
    const page = await reach.keys.page(after, 1000)
    const last = page.at(-1)
    if (!last) return ended
    after = last.id
    const old = page.filter(one => one.state === 'alive' && one.bornAt < before).map(one => one.id)
    if (!old.length) continue
    const rows = await everywhere(reach, by, tx =>
      tx.selectFrom('dossier').select('id').where('id', 'in', old).execute(),
    )
    const standing = new Set(rows.map(row => row.id))
    const stray = old.filter(id => !standing.has(id))
    await erase(reach, by, stray, 'key without rows')
    ended += stray.length
  }
}

async function removeRows(
  reach: Reach,
  by: Actor,
  ids: readonly string[],
  reason: EndReason,
  at: Date,
): Promise<number> {
  return everywhere(reach, by, async tx => {
    const invented = await inventedOf(tx, ids)
    const held = (await reach.heldElsewhere?.(tx, ids)) ?? []
    const elsewhere = held.filter(one => !invented.has(one.dossier))
    const gone = await tx
      .deleteFrom('dossier')
      .where('id', 'in', [...ids])
      .returning(['id', 'kind'])
      .execute()
    if (!gone.length) return 0
    const rowsAt = reach.clock.now()
    await tx
      .insertInto('certificate')
      .values(
        gone.map(({ id, kind }) => {
          const certificate = {
            dossier_was: id,
            kind,
            reason: invented.has(id) ? practiceRound : reason,
            keys_at: at,
            rows_at: rowsAt,
            processors: elsewhere.filter(one => one.dossier === id).map(one => one.processor as string),
          }
          const sha256 = createHash('sha256').update(JSON.stringify(certificate)).digest()
          return { ...certificate, sha256 }
        }),
      )
      .onConflict(on => on.column('dossier_was').doNothing())
      .execute()
    const ended = new Set(gone.map(one => one.id))
    await askElsewhere(
      tx,
      elsewhere.filter(one => ended.has(one.dossier)),
      rowsAt,
    )
    const single = gone.length === 1 ? gone[0] : undefined
    await record(tx, {
      actor: by.id,
      role: by.roles[0] ?? 'system',
      purpose: 'store',
      act: 'dossiers ended',
      count: gone.length,
      detail: { reason },
      at: rowsAt,
      ...(single ? { subject: single.id } : {}),
    })
    return gone.length
  })
}

/** Erasure reaches the invented people of every practice too. */
function everywhere<T>(reach: Reach, by: Actor, work: (tx: Tx) => Promise<T>): Promise<T> {
  return inWorld(EVERY, () => transaction(reach.db, { actor: by.id, purpose: 'store' }, work))
}

async function inventedOf(tx: Tx, ids: readonly string[]): Promise<Set<string>> {
  const rows = await tx
    .selectFrom('practice_dossier')
    .select('id')
    .where('id', 'in', [...ids])
    .execute()
  return new Set(rows.map(row => row.id))
}
