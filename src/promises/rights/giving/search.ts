import { sql } from 'kysely'
import type { Tx } from '#src/platform/database/database.ts'
import type { House } from '../../house.ts'
import type { Actor } from '../../notice/actor.ts'
import { declaredColumns } from '../../notice/columns/all.ts'
import { everyField, kinds, retention, subjects } from '../../notice/datamap.ts'
import { processorEntries } from '../../processors/processors.ts'
import type { AccessCopy } from '../copy.ts'
import { filesOf } from '../copy.ts'
import { mentionsOf } from '../mentions.ts'

export type Searched = NonNullable<AccessCopy['searched']>

/**
 * Looks for someone in every room and store, by the data map: each table that can name a record, the files, the key store,
 * the words of others, those who work for us. What a later room adds is searched without being named here.
 */
export async function searchEverywhere(tx: Tx, house: House, by: Actor, id: string): Promise<Searched> {
  const fields = everyField().filter(one => one.kind === 'panel').length
  const [held = 0, rows] = [await countOf(tx, 'sealed_value', 'dossier_id', id), await inTables(tx, id)]
  const ask = { by, for: 'exercise rights', fields: ['email'], related: [id] } as const
  const [opened] = await house.vault.open(tx, 'panel', ask, [id])
  const sameEmail = opened?.email ? await house.vault.findByEmail(opened.email) : []
  const processors = (await processorEntries(tx)).filter(one => !one.ended_on)
  return [
    { place: 'Sealed values', found: held, says: `of ${fields} fields of the data map` },
    ...rows,
    { place: 'Files', found: (await filesOf(house, id)).length, says: 'files of their record' },
    { place: 'Key store', found: (await house.vault.record(id)) ? 1 : 0, says: 'keys, with their date and holds' },
    {
      place: 'Other people’s records',
      found: (await mentionsOf(tx, house, id)).length,
      says: 'records in whose words their full name stands: look there',
    },
    {
      place: 'Other records with their email address',
      found: sameEmail.filter(one => one !== id).length,
      says: 'each has a request of its own, if they ask',
    },
    ...kinds
      .filter(kind => kind !== 'panel' && kind !== 'case')
      .map(kind => ({
        place: subjects[kind],
        found: null,
        says: `no record’s id stands there; it ends ${retention[kind].says}`,
      })),
    ...processors.map(one => ({
      place: one.name,
      found: null,
      says: `${one.does}: what we sent them is theirs to search`,
    })),
    { place: 'Backups', found: null, says: 'older copies of the same, under the same keys' },
  ]
}

/**
 * What may be told of a search to the one whose copy it goes with: a request of others that is kept from them, and the opening
 * made for it, must not show in a count (DPA 2018 Sch 2 paras 2 and 5). The desk keeps the whole.
 */
export function tellable(searched: Searched, whole: AccessCopy): Searched {
  const told = new Map<string, number | null>([
    [sayTable('opening'), whole.openings.length],
    [sayTable('disclosure'), whole.disclosures.length],
    [sayTable('ledger_entry'), null],
  ])
  return searched.map(one => ({ ...one, found: told.has(one.place) ? (told.get(one.place) ?? null) : one.found }))
}

/** Every declared table that can name a record, with how many of its rows do; those that cannot, in one line. */
async function inTables(tx: Tx, id: string): Promise<Searched> {
  const named: Searched = []
  const nameless: string[] = []
  for (const [table, columns] of declaredColumns()) {
    const column = whoseColumn(table, columns)
    if (table === 'sealed_value') continue
    if (!column) nameless.push(table)
    else named.push({ place: sayTable(table), found: await countOf(tx, table, column, id), says: 'rows' })
  }
  return [
    ...named,
    { place: `${nameless.length} other tables`, found: 0, says: `hold no record’s id: ${nameless.join(', ')}` },
  ]
}

/** The column that says whose record a row is about: a request or an entry stands in, or names, another. */
function whoseColumn(table: string, columns: ReadonlySet<string>): string | undefined {
  if (table === 'dossier' || table === 'practice_dossier') return 'id'
  return columns.has('subject') ? 'subject' : columns.has('dossier_id') ? 'dossier_id' : undefined
}

async function countOf(tx: Tx, table: string, column: string, id: string): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from ${sql.table(table)} where ${sql.ref(column)}::text = ${id}`.execute(tx)
  return rows[0]?.count ?? 0
}

function sayTable(table: string): string {
  return table.charAt(0).toUpperCase() + table.slice(1).replaceAll('_', ' ')
}
