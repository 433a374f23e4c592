import type { Tx } from '#src/platform/database/database.ts'
import { refuse } from '#src/platform/web/form.ts'
import type { House } from '../house.ts'
import type { Actor } from '../notice/actor.ts'
import { candidates, findRecords, mostFound } from '../rights/find.ts'

/** Whose record a request is about. Of several that fit a person selects one: families and carers share an address. */
export async function whoseRecord(
  tx: Tx,
  house: House,
  by: Actor,
  address: string,
  chosen: string | undefined,
): Promise<{ subject: string } | { refusal: object; found: number }> {
  const all = address ? await findRecords(tx, house, by, address) : []
  const no = (refusal: object) => ({ refusal, found: all.length })
  if (!address) return no(refuse({ address: 'Enter an email address, a phone number or a name' }))
  if (all.length > mostFound) return no(refuse({ address: 'More than 20 records fit: enter more of the name' }))
  const subject = all.length === 1 ? all[0] : all.find(one => one === chosen)
  if (subject) return { subject }
  if (!all.length) return no(refuse({ address: 'No living record has this email address, phone number or name' }))
  const records = await candidates(tx, house, by, all)
  return no({ records, ...refuse({ record: 'Several records fit: select whose record they ask about' }) })
}
