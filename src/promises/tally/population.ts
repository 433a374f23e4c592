import { randomUUID } from 'node:crypto'
import type { Tx } from '#src/platform/database/database.ts'
import { record } from '../ledger/ledger.ts'
import type { Actor } from '../notice/actor.ts'

declare module '#src/platform/database/tables.ts' {
  interface Tables {
    population: { id: string; name: string; of: string; frozen_at: Date; frozen_by: string; size: number }
    population_member: { population_id: string; dossier_id: string }
  }
}

/** A named group of people as it was at one moment. */
export interface Population {
  id: string
  name: PopulationName
  /** The round that it is of. */
  of: string
  frozenAt: Date
  size: number
}
export const populationNames = ['applicants', 'pool', 'panel'] as const
export type PopulationName = (typeof populationNames)[number]

/** Freezes a group of people so that it can be counted; the same people under the same name are the same population. */
export async function freeze(
  tx: Tx,
  by: Actor,
  named: { name: PopulationName; of: string },
  people: readonly string[],
  at: Date,
): Promise<Population> {
  const wanted = new Set(people)
  for (const before of await populationsOf(tx, named.of)) {
    if (before.name !== named.name || before.size !== wanted.size) continue
    const members = await membersOf(tx, before.id)
    if (members.length === wanted.size && members.every(id => wanted.has(id))) return before
  }
  const id = randomUUID()
  const size = wanted.size
  await tx
    .insertInto('population')
    .values({ id, ...named, frozen_at: at, frozen_by: by.id, size })
    .execute()
  const rows = [...wanted].map(dossier_id => ({ population_id: id, dossier_id }))
  for (let from = 0; from < rows.length; from += 5000)
    await tx
      .insertInto('population_member')
      .values(rows.slice(from, from + 5000))
      .execute()
  await record(tx, {
    actor: by.id,
    role: by.roles[0] ?? 'system',
    purpose: 'representativeness',
    act: 'population frozen',
    count: size,
    detail: { population: id, ...named },
    at,
  })
  return { id, ...named, frozenAt: at, size }
}

/** Whether someone has frozen a group of a round by this name before. */
export async function wasFrozenBy(tx: Tx, by: Actor, named: { name: PopulationName; of: string }): Promise<boolean> {
  const query = tx.selectFrom('population').select('id').where('of', '=', named.of).where('name', '=', named.name)
  return (await query.where('frozen_by', '=', by.id).executeTakeFirst()) !== undefined
}

/** The frozen populations of a round, the newest first. */
export async function populationsOf(tx: Tx, of: string): Promise<Population[]> {
  const rows = await tx
    .selectFrom('population')
    .selectAll()
    .where('of', '=', of)
    .orderBy('frozen_at', 'desc')
    .orderBy('id')
    .execute()
  return rows.map(row => ({
    id: row.id,
    name: row.name as PopulationName, // the checked edge: only `freeze` writes names
    of: row.of,
    frozenAt: row.frozen_at,
    size: row.size,
  }))
}

/** Those of a population who still have a record that may be counted. */
export async function membersOf(tx: Tx, population: string): Promise<string[]> {
  const rows = await tx
    .selectFrom('population_member')
    .select('dossier_id')
    .where('population_id', '=', population)
    .execute()
  return rows.map(row => row.dossier_id)
}
