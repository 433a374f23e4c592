import { columns as apply } from './apply.ts'
import { columns as breaches } from './breaches.ts'
import { columns as disclosures } from './disclosures.ts'
import { columns as membership } from './membership.ts'
import { columns as office } from './office.ts'
import { columns as people } from './people.ts'
import { columns as processors } from './processors.ts'
import { columns as promises } from './promises.ts'
import { columns as review } from './review.ts'
import { columns as rights } from './rights.ts'
import { columns as rounds } from './rounds.ts'
import { columns as selection } from './selection.ts'

/** Why each column may stand in clear, by table: nothing that a person said, only ids, states, codes and instants. */
export type Columns = { readonly [table: string]: { readonly [column: string]: string } }

const rooms: readonly Columns[] = [
  promises,
  apply,
  rounds,
  selection,
  rights,
  review,
  membership,
  disclosures,
  office,
  breaches,
  processors,
  people,
]

/** Every column that the data map declares, by table. A test holds it against the schema. */
export function declaredColumns(): Map<string, Set<string>> {
  const declared = new Map<string, Set<string>>()
  for (const room of rooms)
    for (const [table, columns] of Object.entries(room)) declared.set(table, new Set(Object.keys(columns)))
  return declared
}

/** Why a column stands in clear, which is also what it means; undefined for a column that nothing declares. */
export function columnWords(table: string, column: string): string | undefined {
  for (const room of rooms) if (Object.hasOwn(room, table)) return room[table]?.[column]
  return undefined
}
