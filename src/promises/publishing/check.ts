import { sql } from 'kysely'
import type { Io } from '#src/platform/socket.ts'
import { type House, within } from '../house.ts'
import { system } from '../notice/actor.ts'
import { clauses } from '../notice/clauses.ts'
import { declaredColumns } from '../notice/columns/all.ts'
import { everyField, retention } from '../notice/datamap.ts'
import { type Purpose, type PurposeRule, purposes } from '../notice/purposes.ts'
import { clauseFaults, noticeInForce } from './version.ts'

/** Tables that hold nothing of ours: pg-boss keeps its own beside. */
const schema = 'public'

/** Columns of the real tables, with the tables that carry a dossier's id. */
export async function realColumns(house: Pick<House, 'db'>): Promise<{ table: string; column: string }[]> {
  const { rows } = await sql<{ table: string; column: string }>`
    select c.relname as table, a.attname as column
    from pg_class c join pg_namespace n on n.oid = c.relnamespace join pg_attribute a on a.attrelid = c.oid
    where n.nspname = ${schema} and c.relkind in ('r', 'p') and a.attnum > 0 and not a.attisdropped
    order by 1, 2`.execute(house.db)
  return rows
}

/** Tables with a dossier id that deleting the dossier does not reach, or that row-level security does not guard. */
export async function unreached(house: Pick<House, 'db'>): Promise<string[]> {
  const { rows } = await sql<{ table: string; cascades: boolean; guarded: boolean }>`
    select c.relname as table, c.relrowsecurity and c.relforcerowsecurity as guarded,
      exists (select from pg_constraint k join pg_class d on d.oid = k.confrelid
              where k.conrelid = c.oid and k.contype = 'f' and d.relname = 'dossier' and k.confdeltype = 'c'
                and a.attnum = any (k.conkey)) as cascades
    from pg_class c join pg_namespace n on n.oid = c.relnamespace join pg_attribute a on a.attrelid = c.oid
    where n.nspname = ${schema} and c.relkind in ('r', 'p') and a.attname = 'dossier_id'`.execute(house.db)
  return rows.flatMap(row => [
    ...(row.cascades ? [] : [`Erasure does not reach the table ${row.table}.`]),
    ...(row.guarded ? [] : [`Row-level security does not guard the table ${row.table}.`]),
  ])
}

/** Where the data map, the schema, the notice in force and the clause list disagree: a sentence each. */
export async function noticeFaults(house: House): Promise<string[]> {
  const faults: string[] = []
  const known = new Set<string>(clauses.map(clause => clause.id))
  for (const { kind, field, rule } of everyField())
    if (!known.has(rule.clause)) faults.push(`The field ${kind}.${field} names ${rule.clause}, which is not a clause.`)
  for (const name of Object.keys(purposes) as Purpose[]) {
    const rule: PurposeRule = purposes[name]
    if (!known.has(rule.clause)) faults.push(`The purpose "${name}" names ${rule.clause}, which is not a clause.`)
    if (!rule.necessity || !rule.power)
      faults.push(`The purpose "${name}" does not say why it is needed or by what power.`)
    const age = house.clock.now().getTime() - Date.parse(rule.reviewed)
    if (age > 366 * 86_400_000)
      faults.push(`The purpose "${name}" was last reviewed on ${rule.reviewed}: it is reviewed every year.`)
  }
  for (const rule of Object.values(retention))
    if (!known.has(rule.clause)) faults.push(`A retention rule names ${rule.clause}, which is not a clause.`)
  const real = await realColumns(house)
  const declared = declaredColumns()
  for (const { table, column } of real)
    if (!declared.get(table)?.has(column)) faults.push(`The column ${table}.${column} is not declared in the data map.`)
  for (const [table, columns] of declared)
    for (const column of columns)
      if (!real.some(one => one.table === table && one.column === column))
        faults.push(`The data map declares ${table}.${column}, which does not exist.`)
  faults.push(...(await unreached(house)))
  const by = system('notice check')
  const { notice, sealed } = await within(house, { by, for: 'store' }, async tx => ({
    notice: await noticeInForce(tx),
    sealed: await tx.selectFrom('sealed_value').select(['kind', 'field']).distinct().execute(),
  }))
  if (notice) faults.push(...clauseFaults(notice.sections))
  else faults.push('No notice is in force.')
  for (const { kind, field } of sealed)
    if (!everyField().some(one => one.kind === kind && one.field === field))
      faults.push(`Values of ${kind}.${field} are kept, which the data map does not declare.`)
  return faults
}

/** `panel notice check`. */
export async function noticeCheck(house: House, io: Io): Promise<number> {
  const faults = await noticeFaults(house)
  for (const fault of faults) io.err(fault)
  if (!faults.length) io.out('The data map, the schema, the notice and the clauses agree.')
  return faults.length ? 1 : 0
}
