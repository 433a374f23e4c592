import { serialize } from 'node:v8'
import { type House, within } from '#src/promises/house.ts'
import type { Actor } from '#src/promises/notice/actor.ts'
import { findAside } from '../aside.ts'
import type { Found } from '../select.ts'
import { mendInWords, type Plan } from './plan.ts'
import { type Field, inWords, poseFor } from './pool.ts'
import { note } from './run.ts'
import type { RunType, Trouble } from './tables.ts'

/** Seconds a run may take; then it gives its best answer so far with the proved gap. */
const LIMIT = 600
const BEAT = 5000

/** Runs that this process carries on, so that they can be stopped. */
const carried = new Map<string, AbortController>()

/** Finds and commits to the lottery aside, beating meanwhile; nothing is drawn. */
export async function carry(house: House, by: Actor, id: string, { field, plan }: { field: Field; plan: Plan }) {
  const stop = new AbortController()
  carried.set(id, stop)
  let progress: { step?: string; done?: number; of?: number } = {}
  const beat = setInterval(() => {
    void within(house, { by, for: 'administer the panel' }, async tx => {
      const row = await tx
        .updateTable('selection_run')
        .set({ beat_at: house.clock.now(), progress: JSON.stringify(progress) as unknown as typeof progress })
        .where('id', '=', id)
        .where('state', '=', 'running')
        .returning('cancel_asked')
        .executeTakeFirst()
      if (row?.cancel_asked) stop.abort()
    }).catch(() => {})
  }, BEAT)
  beat.unref()
  try {
    const salt = await saltOf(house, by, id)
    const { problem, faults, files } = poseFor(field, plan.quotas, plan.size)
    if (!problem) return await end(house, by, id, 'infeasible', { trouble: { conflict: faults, mends: [] } })
    const wishes = { salt, timeLimit: LIMIT }
    const found = await findAside({ problem, files, wishes }, told => (progress = told), stop.signal)
    if ('stopped' in found) return await end(house, by, id, 'stopped', {})
    if ('infeasible' in found) {
      const mends = found.suggestions.map(mendInWords)
      return await end(house, by, id, 'infeasible', { trouble: { conflict: found.conflict.map(inWords), mends } })
    }
    await commit(house, by, id, found)
  } catch {
    await end(house, by, id, 'failed', {}).catch(() => {})
  } finally {
    clearInterval(beat)
    carried.delete(id)
  }
}

async function saltOf(house: House, by: Actor, id: string): Promise<string> {
  const row = await within(house, { by, for: 'administer the panel' }, tx =>
    tx.selectFrom('selection_run').select('salt').where('id', '=', id).executeTakeFirst(),
  )
  return row?.salt ?? ''
}

async function end(
  house: House,
  by: Actor,
  id: string,
  state: 'infeasible' | 'stopped' | 'failed',
  { trouble }: { trouble?: Trouble },
): Promise<void> {
  await within(house, { by, for: 'administer the panel' }, async tx => {
    const kept = trouble ? { trouble: JSON.stringify(trouble) as unknown as Trouble } : {}
    const done = await tx
      .updateTable('selection_run')
      .set({ state, ...kept })
      .where('id', '=', id)
      .where('state', '=', 'running')
      .executeTakeFirst()
    if (Number(done.numUpdatedRows)) await note(tx, house, by, `selection run ${state}`, { run: id })
  })
}

/** Keeps the lottery and who has what chance, all at once or not at all. */
async function commit(house: House, by: Actor, id: string, found: Found): Promise<void> {
  const { prepared, lottery } = found
  const { problem } = prepared
  const types: RunType[] = problem.types.map(({ features, people }, t) => ({
    features,
    people: people.length,
    chance: lottery.chance[t] ?? 0,
  }))
  const seated = new Set(problem.confirmed)
  const places = problem.pool.ids.map((dossier_id, person) => {
    const type = problem.typeOf[person] ?? -1
    const place = { run_id: id, dossier_id, type, ticket: prepared.tickets[person] ?? '', position: null }
    return seated.has(person)
      ? { ...place, chance: 1, outcome: 'seated' as const }
      : { ...place, chance: lottery.chance[type] ?? 0, outcome: null }
  })
  await within(house, { by, for: 'administer the panel' }, async tx => {
    const kept = await tx
      .updateTable('selection_run')
      .set({
        state: 'committed',
        types: JSON.stringify(types) as unknown as RunType[],
        lottery: serialize(lottery),
        published: prepared.text,
        pool_digest: prepared.committed.pool,
        commitment: prepared.commitment,
      })
      .where('id', '=', id)
      .where('state', '=', 'running')
      .executeTakeFirst()
    if (!Number(kept.numUpdatedRows)) return
    for (let from = 0; from < places.length; from += 2000)
      await tx
        .insertInto('selection_place')
        .values(places.slice(from, from + 2000))
        .execute()
    const optimal = lottery.certificate.optimal
    await note(tx, house, by, 'selection committed', { run: id, commitment: prepared.commitment, optimal })
  })
}

/** Stops a run that is going on, wherever it is carried. */
export async function cancel(house: House, by: Actor, id: string): Promise<void> {
  await within(house, { by, for: 'administer the panel' }, tx =>
    tx.updateTable('selection_run').set({ cancel_asked: true }).where('id', '=', id).execute(),
  )
  carried.get(id)?.abort()
}
