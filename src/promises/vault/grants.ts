import type { OwnerConnection } from '#src/platform/database/database.ts'
import { everyField } from '../notice/datamap.ts'
import { type Purpose, purposes, seesRestricted } from '../notice/purposes.ts'

/** Writes the data map's purposes into the database, where row-level security reads them; part of `panel migrate`. */
export async function writeGrants(owner: OwnerConnection): Promise<void> {
  const names = Object.keys(purposes) as Purpose[]
  const grants = everyField().flatMap(({ kind, field, rule }) =>
    rule.purposes.map(purpose => ({ purpose, kind, field })),
  )
  await owner.exec('begin')
  try {
    await owner.exec('delete from purpose_field; delete from purpose')
    for (const name of names)
      await owner.query('insert into purpose (name, sees_restricted) values ($1, $2)', [name, seesRestricted(name)])
    await owner.query(
      `insert into purpose_field (purpose, kind, field)
       select g.purpose, g.kind, g.field from jsonb_to_recordset($1::jsonb) as g (purpose text, kind text, field text)`,
      [JSON.stringify(grants)],
    )
    await owner.exec('commit')
  } catch (error) {
    await owner.exec('rollback')
    throw error
  }
}
