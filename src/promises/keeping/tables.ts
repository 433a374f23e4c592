import { type RawBuilder, sql } from 'kysely'
import type { OwnerConnection, Tx } from '#src/platform/database/database.ts'

/** What `panel migrate` writes by itself: not kept in a backup. */
const made = new Set(['migration', 'purpose', 'purpose_field'])
/** A transaction's number means nothing in another database; restored entries take a new one. */
const notCarried = new Set(['ledger_entry.txid'])
const PAGE = 2000

export interface KeptTable {
  name: string
  columns: string[]
  /** The identity column whose sequence goes on after the restore. */
  serial: string | undefined
}

type Ask = <Row>(text: string) => Promise<Row[]>

export function askIn(tx: Tx): Ask {
  return async <Row>(text: string) => (await sql.raw<Row>(text).execute(tx)).rows
}

/** Every table that a backup holds, each after those that it refers to. */
export async function keptTables(ask: Ask): Promise<KeptTable[]> {
  const columns = await ask<{ table: string; name: string; identity: string }>(`
    select c.relname as table, a.attname as name, a.attidentity as identity
    from pg_class c join pg_namespace n on n.oid = c.relnamespace join pg_attribute a on a.attrelid = c.oid
    where n.nspname = 'public' and c.relkind in ('r', 'p') and not c.relispartition
      and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
    order by c.relname, a.attnum`)
  const links = await ask<{ table: string; on: string }>(`
    select c.conrelid::regclass::text as table, c.confrelid::regclass::text as on
    from pg_constraint c join pg_namespace n on n.oid = c.connamespace
    where c.contype = 'f' and n.nspname = 'public'`)
  const tables = new Map<string, KeptTable>()
  for (const { table, name, identity } of columns) {
    if (made.has(table)) continue
    const one = tables.get(table) ?? { name: table, columns: [], serial: undefined }
    if (!notCarried.has(`${table}.${name}`)) one.columns.push(name)
    if (identity !== '') one.serial = name
    tables.set(table, one)
  }
  const ordered: KeptTable[] = []
  const put = (table: KeptTable, seen: ReadonlySet<string>) => {
    if (ordered.includes(table) || seen.has(table.name)) return
    for (const link of links) {
      const on = link.table === table.name ? tables.get(link.on.replaceAll('"', '')) : undefined
      if (on) put(on, new Set([...seen, table.name]))
    }
    ordered.push(table)
  }
  for (const table of tables.values()) put(table, new Set())
  return ordered
}

/** The rows of a table as JSON texts, read through a cursor. */
export async function* rowsOf(tx: Tx, table: KeptTable): AsyncGenerator<string> {
  const columns = sql.join(table.columns.map(name => sql.id(name)))
  await sql`declare kept no scroll cursor for select row_to_json(t)::text as row from (select ${columns} from ${sql.id(table.name)}) t`.execute(
    tx,
  )
  for (;;) {
    const { rows } = await fetchMore.execute(tx)
    for (const { row } of rows) yield row
    if (rows.length < PAGE) break
  }
  await sql`close kept`.execute(tx)
}

const fetchMore: RawBuilder<{ row: string }> = sql.raw(`fetch ${PAGE} from kept`)

/** Puts rows, as `rowsOf` gave them, into an empty table. */
export async function putRows(owner: OwnerConnection, table: KeptTable, rows: readonly string[]): Promise<void> {
  const columns = table.columns.map(quoted).join(', ')
  const name = quoted(table.name)
  await owner.query(
    `insert into ${name} (${columns}) overriding system value
     select ${columns} from json_populate_recordset(null::${name}, $1::json)`,
    [`[${rows.join(',')}]`],
  )
}

/** The next number of a table goes on after the last one restored. */
export async function goOn(owner: OwnerConnection, table: KeptTable): Promise<void> {
  if (!table.serial) return
  const [name, column] = [quoted(table.name), quoted(table.serial)]
  await owner.query(`select setval(pg_get_serial_sequence('${name}', '${table.serial}'),
    coalesce((select max(${column}) from ${name}), 0) + 1, false)`)
}

export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}
