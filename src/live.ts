import { sql } from 'kysely'
import { findMigrations, pending } from '#src/platform/database/migrations.ts'
import { type House, within } from '#src/promises/house.ts'
import { system } from '#src/promises/notice/actor.ts'
import { unnamedHosts } from '#src/promises/processors/hosts.ts'

/** Why this house may not open in live mode, a sentence each that says how to mend it; empty when it may. */
export async function whyNotLive(house: House): Promise<string[]> {
  const faults: string[] = []
  if (house.masters.demo)
    faults.push('The master key file was made by the demo: make one for live use with ./panel keys make FILE.')
  const reader = { query: async <Row>(text: string) => (await sql.raw<Row>(text).execute(house.db)).rows }
  const waiting = await pending(reader, findMigrations(import.meta.dirname)).catch(() => undefined)
  if (!waiting || waiting.length)
    faults.push('The database is not migrated: run ./panel migrate with OWNER_DATABASE_URL first.')
  else
    faults.push(...(await within(house, { by: system('start'), for: 'store' }, tx => unnamedHosts(tx, house.config))))
  const { rows } = await sql<{ super: boolean; owner: boolean }>`
    select r.rolsuper or r.rolbypassrls as super,
           exists (select from pg_tables t where t.schemaname = 'public' and t.tableowner = current_user) as owner
    from pg_roles r where r.rolname = current_user`.execute(house.db)
  if (rows[0]?.super) faults.push('DATABASE_URL signs in as a superuser, whom no rule binds: use the role panel_app.')
  if (rows[0]?.owner)
    faults.push('DATABASE_URL signs in as the owner of the tables, whom no rule binds: use the role panel_app.')
  return faults
}
