import type { Tx } from '#src/platform/database/database.ts'
import type { House } from '#src/promises/house.ts'
import { record } from '#src/promises/ledger/ledger.ts'
import type { Actor } from '#src/promises/notice/actor.ts'
import './tables.ts'

/** An officer whose account is open; `reads` when they review applications, too. */
export interface Officer {
  id: string
  name: string
  reads: boolean
}
/** The officers, the one who has been here longest first: given by the floor that keeps accounts. */
export type Officers = (tx: Tx, house: House) => Promise<Officer[]>

/**
 * Who is told of worries: the officer who was named, while their account is open. Without one, the officer who has
 * been here longest and reads no applications, since a reader must not see whose they are. An officer and not the data
 * protection officer: reaching a person is running the panel, and only officers may open names and phones for it.
 */
export async function leadOf(tx: Tx, house: House, officers: Officers): Promise<Officer | undefined> {
  const list = await officers(tx, house)
  const row = await tx.selectFrom('concern_lead').select('lead').executeTakeFirst()
  return list.find(one => one.id === row?.lead) ?? list.find(one => !one.reads) ?? list[0]
}

/** Names the officer who is told of worries; nobody named is the officer who has been here longest. */
export async function nameLead(tx: Tx, house: House, by: Actor, lead: string | undefined): Promise<void> {
  await tx.deleteFrom('concern_lead').execute()
  const at = house.clock.now()
  if (lead) await tx.insertInto('concern_lead').values({ lead, named_at: at, named_by: by.id }).execute()
  await record(tx, {
    actor: by.id,
    role: by.roles[0] ?? 'system',
    purpose: 'administer the panel',
    act: 'lead for worries named',
    detail: { lead: lead ?? null },
    at,
  })
}

/** How many named leads this is: one, or none. */
export async function countLead(tx: Tx, id: string): Promise<number> {
  return (await tx.selectFrom('concern_lead').select('lead').where('lead', '=', id).execute()).length
}

/** A lead leaves: a colleague is named, or nobody. */
export async function passLead(tx: Tx, house: House, by: Actor, from: string, to: string | undefined): Promise<void> {
  if (await countLead(tx, from)) await nameLead(tx, house, by, to)
}
