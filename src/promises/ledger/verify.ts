import { verify as isSigned } from 'node:crypto'
import { type Selectable, sql } from 'kysely'
import { type Tx, transaction } from '#src/platform/database/database.ts'
import type { Tables } from '#src/platform/database/tables.ts'
import type { House } from '../house.ts'
import { entryBytes, headBytes, type LedgerRow, verifyingKey } from './linker.ts'
import { emptyTree, grow, leafHash, rootOf } from './tree.ts'

export interface Verdict {
  ok: boolean
  entries: number
  /** The entry whose bytes are not what was written, or that is missing. */
  broken?: number
  says: string
}

const PAGE = 10_000
const HEADS = 1000

/** A head that was kept off the machine: so many entries came to this root. */
export interface KeptHead {
  size: number
  /** Base64. */
  root: string
}

/**
 * Reads the whole ledger from the first entry, makes every leaf and head again, and checks the signatures. Names the
 * first entry that was changed, added or taken out. Memory stays flat: it reads a page at a time. A kept head proves that
 * even who held every key did not write the past anew.
 */
export async function verify(house: Pick<House, 'db' | 'vault'>, kept?: KeptHead): Promise<Verdict> {
  const key = await verifyingKey(house)
  return transaction(house.db, { actor: 'system:verify', purpose: 'store' }, async tx => {
    let tree = emptyTree
    const heads = headsOf(tx)
    let { value: head } = await heads.next()
    for (;;) {
      const { rows } = await sql<LedgerRow & { index: number; hash: Buffer; entry: number | null }>`
        select l.index, l.hash, l.entry, e.id, e.at, e.actor, e.role, e.purpose, e.act, e.subject, e.count, e.detail
        from ledger_leaf l left join ledger_entry e on e.id = l.entry
        where l.index >= ${tree.size} order by l.index limit ${PAGE}`.execute(tx)
      for (const row of rows) {
        const entry = Number(row.entry)
        if (Number(row.index) !== tree.size) return broken(tree.size, entry, `Leaf ${tree.size} is missing`)
        if (row.id === null) return broken(tree.size, entry, `Entry ${entry} is missing`)
        const hash = leafHash(entryBytes(row))
        if (!hash.equals(row.hash)) return broken(tree.size, entry, `Entry ${entry} was changed after it was written`)
        tree = grow(tree, hash)
        if (kept?.size === tree.size && rootOf(tree).toString('base64') !== kept.root)
          return broken(tree.size, entry, `The first ${tree.size} entries are not those of the head you kept`)
        if (head && Number(head.size) === tree.size) {
          if (!rootOf(tree).equals(head.root))
            return broken(tree.size, entry, `The tree of ${tree.size} entries is not the one that was signed`)
          if (!isSigned(null, headBytes(tree.size, head.root, head.at), key, head.signature))
            return broken(tree.size, entry, `The head at ${tree.size} entries was not signed by this service`)
          head = (await heads.next()).value
        }
      }
      if (rows.length < PAGE) break
    }
    if (head) return broken(tree.size, undefined, `Entries after ${tree.size} are missing`)
    if (kept && kept.size > tree.size)
      return broken(tree.size, undefined, `The head you kept has ${kept.size} entries and the ledger ${tree.size}`)
    return { ok: true, entries: tree.size, says: `${tree.size} entries stand as they were written.` }
  })
}

type Head = Pick<Selectable<Tables['ledger_head']>, 'size' | 'root' | 'at' | 'signature'>

/** The signed heads in order, a page at a time; undefined after the last. */
async function* headsOf(tx: Tx): AsyncGenerator<Head, undefined> {
  for (let after = -1; ; ) {
    const page = await tx
      .selectFrom('ledger_head')
      .select(['size', 'root', 'at', 'signature'])
      .where('size', '>', after)
      .orderBy('size')
      .limit(HEADS)
      .execute()
    const last = page.at(-1)
    if (!last) return undefined
    yield* page
    after = Number(last.size)
  }
}

function broken(entries: number, entry: number | undefined, says: string): Verdict {
  return { ok: false, entries, says: `${says}.`, ...(entry === undefined ? {} : { broken: entry }) }
}
