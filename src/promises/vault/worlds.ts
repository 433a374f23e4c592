import { type OwnerConnection, transaction } from '#src/platform/database/database.ts'
import { inWorld } from '#src/platform/database/world.ts'
import type { House } from '#src/promises/house.ts'
import './tables.ts'

/** What knows no worlds: it parts them, is written of every world, or is written by `panel migrate` alone. */
const apart = new Set(['practice', 'practice_dossier', 'migration', 'purpose', 'purpose_field'])
/** Written in a practice too, though of no dossier or round: who did what, that someone ended, who is signed in. */
const ofEvery = new Set(['ledger_entry', 'ledger_leaf', 'ledger_head', 'certificate', 'session'])

interface Table {
  name: string
  columns: string[]
  policies: number
  parted: boolean
}

/**
 * Hangs the curtain between the real panel and each practice on every table, also those of later rooms; part of
 * `panel migrate`, safe to repeat. People and rounds are seen in their own world alone; what has no world is not changed
 * from a practice.
 */
export async function partWorlds(owner: OwnerConnection): Promise<void> {
  const tables = await owner.query<Table>(`
    select c.relname as name, array_agg(a.attname::text) as columns,
      (select count(*)::int from pg_policy p where p.polrelid = c.oid and p.polpermissive) as policies,
      exists (select from pg_policy p where p.polrelid = c.oid and p.polname = 'one_world')
        or exists (select from pg_trigger t where t.tgrelid = c.oid and t.tgname = 'real_alone') as parted
    from pg_class c join pg_namespace n on n.oid = c.relnamespace join pg_attribute a on a.attrelid = c.oid
    where n.nspname = 'public' and c.relkind in ('r', 'p') and not c.relispartition
      and a.attnum > 0 and not a.attisdropped
    group by c.oid, c.relname order by c.relname`)
  for (const table of tables.filter(one => !one.parted && !apart.has(one.name))) await owner.exec(curtainOf(table))
}

function curtainOf({ name, columns, policies }: Table): string {
  const sees = sight(name, columns)
  if (!sees)
    return ofEvery.has(name)
      ? ''
      : `create trigger real_alone before insert or update or delete on "${name}" execute function real_alone()`
  // A dossier's own row in practice_dossier is written by a trigger of the same statement, which does not see it yet.
  const check = name === 'dossier' ? 'with check (true)' : ''
  return `
    alter table "${name}" enable row level security;
    alter table "${name}" force row level security;
    ${policies ? '' : `create policy each_world on "${name}" using (true) with check (true);`}
    create policy one_world on "${name}" as restrictive using (${sees}) ${check}`
}

/** When a row is of the world of the transaction; undefined for a table whose rows are of none. */
function sight(name: string, columns: readonly string[]): string | undefined {
  if (columns.includes('world')) return `(select current_world()) in ('*', world)`
  if (name === 'dossier') return isOf('id')
  if (columns.includes('dossier_id')) return isOf('dossier_id')
  if (columns.includes('round_id')) return `(select current_world()) = '*' or round_id in (select id from round)`
  return undefined
}

function isOf(id: string): string {
  return `case (select current_world()) when '*' then true
    when '' then ${id} not in (select id from practice_dossier)
    else ${id} in (select id from practice_dossier where world = (select current_world())) end`
}

/** Does work in the real world, and then in each practice. */
export async function inEachWorld(house: Pick<House, 'db'>, work: () => Promise<unknown>): Promise<void> {
  await work()
  const practices = await transaction(house.db, { actor: 'system:practice', purpose: 'store' }, tx =>
    tx.selectFrom('practice').select('world').where('ended_at', 'is', null).execute(),
  )
  for (const { world } of practices) await inWorld(world, work)
}
