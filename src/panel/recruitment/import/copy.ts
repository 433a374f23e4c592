import { z } from 'zod'
import type { Tx } from '#src/platform/database/database.ts'
import type { House } from '#src/promises/house.ts'
import type { Actor } from '#src/promises/notice/actor.ts'
import { dataMap, type Field } from '#src/promises/notice/datamap.ts'
import { readableCopies } from '#src/promises/rights/shape.ts'
import type { Values } from '#src/promises/vault/vault.ts'
import { landlordNames } from '../landlords/landlords.ts'
import { plain } from '../list/find.ts'
import type { Round } from '../round.ts'
import { importApplicants } from './import.ts'

const copy = z.object({
  schema: z.enum(readableCopies),
  values: z.array(z.object({ field: z.string(), value: z.string().max(100_000) })).max(200),
})

/** What was read of someone's own copy: what they told the other panel, and nothing that its staff wrote. */
export function valuesIn(text: string): Values<'panel'> | undefined {
  const parsed = copy.safeParse(jsonIn(text))
  if (!parsed.success) return undefined
  const own = parsed.data.values.filter(({ field }) => isTheirs(field)).map(({ field, value }) => [field, value])
  return Object.fromEntries(own) as Values<'panel'> // the checked edge: each is a field of the map
}

/**
 * Takes someone's own copy of their data (JSON) into a round of this panel, as they gave it: their record then says what
 * it said (UK GDPR Art 20). Returns the dossier's id; undefined when the file is no copy, or says nothing of them.
 */
export async function importCopy(
  tx: Tx,
  house: House,
  by: Actor,
  round: Round,
  text: string,
): Promise<string | undefined> {
  const values = valuesIn(text)
  if (!values?.name) return undefined
  const listed = new Set((await landlordNames(tx)).map(plain))
  const landlordUnlisted = values.landlord !== undefined && !listed.has(plain(values.landlord))
  const applicant = { values, receivedOn: undefined, landlordUnlisted, markedSpecial: false }
  const [id] = await importApplicants(tx, house, by, round, [applicant])
  return id
}

/** A field that the person gave themselves: what staff wrote or what was observed is not theirs to take along. */
function isTheirs(field: string): boolean {
  return Object.hasOwn(dataMap.panel, field) && dataMap.panel[field as Field<'panel'>].provenance === 'subject' // the checked edge
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
