import { createPrivateKey, createPublicKey, type KeyObject, sign } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { sql } from 'kysely'
import { type Tx, transaction } from '#src/platform/database/database.ts'
import type { House } from '../house.ts'
import './ledger.ts'
import { emptyTree, grow, leafHash, packTree, rootOf, unpackTree } from './tree.ts'

const LOCK = 7_205_317
const BATCH = 5000

export interface LedgerRow {
  id: number
  txid: string
  at: Date
  actor: string
  role: string
  purpose: string
  act: string
  subject: string | null
  count: number
  detail: unknown
}

/** The bytes of an entry, the same wherever they are computed: names in order, times in UTC. */
export function entryBytes(row: LedgerRow): Buffer {
  const { id, at, actor, role, purpose, act, subject, count, detail } = row
  return Buffer.from(
    JSON.stringify([Number(id), at.toISOString(), actor, role, purpose, act, subject, Number(count), sorted(detail)]),
  )
}

/**
 * Adds the entries of finished transactions to the tree, in an order that can never change: an entry waits until no
 * transaction as old as its own still runs. One linker at a time. Returns how many were added.
 */
export async function link(house: Pick<House, 'db' | 'clock' | 'vault' | 'config' | 'files'>): Promise<number> {
  const key = await signingKey(house)
  let added = 0
  for (;;) {
    const batch = await transaction(house.db, { actor: 'system:linker', purpose: 'store' }, tx =>
      linkBatch(tx, house.clock.now(), key),
    )
    if (!batch) return added
    added += batch.count
    await exportHead(house, batch.head)
    if (batch.count < BATCH) return added
  }
}

interface Head {
  size: number
  root: string
  at: string
  signature: string
}

async function linkBatch(tx: Tx, now: Date, key: KeyObject): Promise<{ count: number; head: Head } | undefined> {
  const lock = await sql<{ got: boolean }>`select pg_try_advisory_xact_lock(${LOCK}) as got`.execute(tx)
  if (!lock.rows[0]?.got) return undefined
  const last = await tx.selectFrom('ledger_head').selectAll().orderBy('size', 'desc').limit(1).executeTakeFirst()
  let tree = last ? unpackTree(last.state) : emptyTree
  const from = await linkedUpTo(tx)
  const { rows } = await sql<LedgerRow>`
    select e.id, e.txid::text as txid, e.at, e.actor, e.role, e.purpose, e.act, e.subject, e.count, e.detail
    from ledger_entry e
    where e.txid >= ${from}::xid8 and e.txid < pg_snapshot_xmin(pg_current_snapshot())
      and not exists (select from ledger_leaf l where l.entry = e.id)
    order by e.txid, e.id limit ${BATCH}`.execute(tx)
  if (!rows.length) return undefined
  const leaves = rows.map(row => {
    const hash = leafHash(entryBytes(row))
    tree = grow(tree, hash)
    return { index: tree.size - 1, entry: row.id, hash }
  })
  for (let from = 0; from < leaves.length; from += 2000)
    await tx
      .insertInto('ledger_leaf')
      .values(leaves.slice(from, from + 2000))
      .execute()
  const root = rootOf(tree)
  const signature = sign(null, headBytes(tree.size, root, now), key)
  await tx
    .insertInto('ledger_head')
    .values({ size: tree.size, root, at: now, signature, state: packTree(tree) })
    .execute()
  const head = {
    size: tree.size,
    root: root.toString('base64'),
    at: now.toISOString(),
    signature: signature.toString('base64'),
  }
  return { count: rows.length, head }
}

/**
 * The transaction of the last entry in the tree: no earlier one has anything left to add, so that a long ledger is not
 * looked through each time. In another database (a dump that was read back) its numbers mean nothing: then from the first.
 */
async function linkedUpTo(tx: Tx): Promise<string> {
  const { rows } = await sql<{ from: string }>`
    select case when e.txid < pg_snapshot_xmin(pg_current_snapshot()) then e.txid::text else '0' end as from
    from ledger_leaf l join ledger_entry e on e.id = l.entry order by l.index desc limit 1`.execute(tx)
  return rows[0]?.from ?? '0'
}

/** What a head's signature is over. */
export function headBytes(size: number, root: Buffer, at: Date): Buffer {
  return Buffer.from(`panelkeeper ledger\n${size}\n${root.toString('base64')}\n${at.toISOString()}\n`)
}

/** The public key that heads are signed for, as it may be handed to anyone. */
export async function verifyingKey(house: Pick<House, 'vault'>): Promise<KeyObject> {
  return createPublicKey(await signingKey(house))
}

/** Ed25519, from a 32-byte secret of the key store (PKCS #8, RFC 8410). */
async function signingKey(house: Pick<House, 'vault'>): Promise<KeyObject> {
  const prefix = Buffer.from('302e020100300506032b657004220420', 'hex')
  return createPrivateKey({
    key: Buffer.concat([prefix, await house.vault.secret('ledger signing')]),
    format: 'der',
    type: 'pkcs8',
  })
}

/** Heads are written off the database, and off the machine where files are kept in S3. */
async function exportHead({ config, files }: Pick<House, 'config' | 'files'>, head: Head): Promise<void> {
  const name = `${String(head.size).padStart(12, '0')}.json`
  const text = Buffer.from(`${JSON.stringify(head)}\n`)
  const dir = join(config.dataDir, 'heads')
  mkdirSync(dir, { recursive: true, mode: 0o700 })
  writeFileSync(join(dir, name), text)
  if (config.s3Url) await files.put(`heads/${name}`, [text])
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, one]) => [name, sorted(one)]),
  )
}
