import { randomBytes, randomUUID } from 'node:crypto'
import { deserialize, serialize } from 'node:v8'
import type { Selectable } from 'kysely'
import type { Tx } from '#src/platform/database/database.ts'
import type { Tables } from '#src/platform/database/tables.ts'
import { type House, within } from '#src/promises/house.ts'
import { type Detail, record } from '#src/promises/ledger/ledger.ts'
import type { Actor } from '#src/promises/notice/actor.ts'
import type { Round } from '../../recruitment/round.ts'
import { findAside } from '../aside.ts'
import { checkAside } from '../check/aside.ts'
import type { Lottery } from '../lottery.ts'
import { prepare } from '../publish.ts'
import { drawFrom, type Found } from '../select.ts'
import { fieldOf, type Sources, startOf } from './field.ts'
import { mendInWords, type Plan } from './plan.ts'
import { type Field, inWords, poseFor } from './pool.ts'
import type { RunState, RunType, Trouble } from './tables.ts'

export type Run = Selectable<Tables['selection_run']>

/** Seconds a run may take; then it gives its best answer so far with the proved gap. */
const LIMIT = 600
/** A run that has not been heard of for this long was killed with its process: seconds. */
const SILENT = 45
const BEAT = 5000

/** Runs that this process carries on, so that they can be stopped. */
const carried = new Map<string, AbortController>()

/** A run cannot begin, in one sentence. */
export class CannotRun extends Error {}

/**
 * Begins a run over the pool as it is now: it goes on aside, and is kept whatever comes of it. Another one needs a reason
 * that the public will read, so that nobody can shop for a panel. Once a selection was accepted, a run fills the places
 * that fell free, if no reserve is left for them. Returns its id.
 */
export async function begin(
  house: House,
  by: Actor,
  round: Round,
  plan: Plan,
  because: string,
  sources: Sources = {},
): Promise<string> {
  const id = randomUUID()
  const now = house.clock.now()
  const order = await within(house, { by, for: 'administer the panel' }, async tx => {
    await tx.selectFrom('round').select('id').where('id', '=', round.id).forUpdate().execute() // one at a time
    const before = sinceAccepted(await runsOf(tx, house, round.id))
    if (before.some(run => run.state === 'running')) throw new CannotRun('A run is going on: wait for it, or stop it')
    if (before.some(run => run.state === 'drawn' || run.state === 'committed'))
      throw new CannotRun('Decide on the run before first: draw it, accept it or set it aside')
    const drawn = before.some(run => run.drawn_at)
    if (drawn && !because) throw new CannotRun('Enter why the draw is run again: the public will read it')
    const start = await startOf(tx, house, by, round, plan.size, sources)
    if (!start.open) throw new CannotRun('A selection of this round was accepted, and there is no place to draw for')
    const size = start.seated.size + start.open
    await tx
      .insertInto('selection_run')
      .values({
        ...emptyRun,
        id,
        round_id: round.id,
        state: 'running',
        started_at: now,
        started_by: by.id,
        because: because || null,
        ...plan,
        size,
        quotas: JSON.stringify(plan.quotas) as unknown as Plan['quotas'], // jsonb takes its text
        pool_size: start.candidates.size,
        seated: start.seated.size,
        beat_at: now,
        salt: randomBytes(16).toString('hex'),
      })
      .execute()
    await note(tx, house, by, 'selection run begun', { run: id, round: round.id, pool: start.candidates.size })
    return { field: start, plan: { ...plan, size } }
  })
  void carry(house, by, id, order)
  return id
}

/** The runs of a round, newest first, that came after the selection accepted last. */
export function sinceAccepted(runs: readonly Run[]): Run[] {
  const accepted = runs.findIndex(run => run.state === 'accepted')
  return runs.slice(0, accepted < 0 ? runs.length : accepted)
}

const emptyRun = {
  trouble: null,
  types: null,
  lottery: null,
  published: null,
  pool_digest: null,
  commitment: null,
  draw: null,
  checked_at: null,
  drawn_at: null,
  decision: null,
  decided_at: null,
  decided_by: null,
  decided_because: null,
  confirmed_at: null,
  confirmed_by: null,
}

/** Finds and commits to the lottery aside, beating meanwhile; nothing is drawn. */
async function carry(house: House, by: Actor, id: string, { field, plan }: { field: Field; plan: Plan }) {
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

/**
 * Draws members and reserves from the lottery committed to, with the seed given, and has it checked by the separate program
 * before anything is kept. The pool must be what was committed to: when someone has left it or an answer has changed, the
 * run is to be made again.
 */
export async function draw(house: House, by: Actor, id: string, seed: string): Promise<void> {
  const inTx = <T>(work: (tx: Tx) => Promise<T>) => within(house, { by, for: 'administer the panel' }, work)
  const drawn = await inTx(tx => drawnBy(tx, house, by, id, seed))
  const { text: lottery, commitment } = drawn.prepared
  const published = { lottery, commitment, draw: JSON.stringify(drawn.published) }
  const { wrong } = await checkAside(drawn.selection, drawn.files, drawn.columns, published)
  if (wrong.length) throw new CannotRun(`Nobody was drawn: the check found that ${wrong[0]}`)
  const checked = house.clock.now()
  await inTx(async tx => {
    const { selection, published } = await drawnBy(tx, house, by, id, seed)
    for (const [outcome, ids] of [
      ['member', selection.selected],
      ['reserve', selection.reserves],
    ] as const)
      for (const [position, dossier] of ids.entries())
        await tx
          .updateTable('selection_place')
          .set({ outcome, position: position + 1 })
          .where('run_id', '=', id)
          .where('dossier_id', '=', dossier)
          .execute()
    await tx
      .updateTable('selection_run')
      .set({
        state: 'drawn',
        drawn_at: house.clock.now(),
        checked_at: checked,
        draw: JSON.stringify(published) as unknown as typeof published,
      })
      .where('id', '=', id)
      .execute()
    await note(tx, house, by, 'selection drawn', { run: id, members: selection.selected.length })
  })
}

// What the seed draws from the pool as it stands; the same seed and pool always give the same.
async function drawnBy(tx: Tx, house: House, by: Actor, id: string, seed: string) {
  const run = await tx.selectFrom('selection_run').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
  if (run?.state !== 'committed' || !run.lottery || !run.salt) throw new CannotRun('This run was drawn already')
  const places = await tx
    .selectFrom('selection_place')
    .select(['dossier_id', 'outcome'])
    .where('run_id', '=', id)
    .execute()
  const of = (isSeated: boolean) =>
    places.filter(one => (one.outcome === 'seated') === isSeated).map(one => one.dossier_id)
  const field = await fieldOf(tx, house, by, run.round_id, of(false), of(true))
  const { problem, files, columns } = poseFor(field, run.quotas, run.size)
  const lottery: Lottery = deserialize(run.lottery)
  const prepared = problem && prepare(problem, lottery, run.salt, files)
  if (!prepared || prepared.commitment !== run.commitment)
    throw new CannotRun('The pool has changed since the lottery was committed to: set this run aside and run it again')
  const wishes = { seed, reserves: run.reserves }
  const { selection, draw: published } = drawFrom({ lottery, prepared, salt: run.salt }, wishes, performance.now())
  return { selection, published, prepared, files, columns }
}

/** An officer's decision on what was drawn; accepting it waits for a second person. */
export async function decide(
  tx: Tx,
  house: House,
  by: Actor,
  id: string,
  decision: 'accept' | 'set aside',
  because: string,
): Promise<boolean> {
  const query = tx
    .updateTable('selection_run')
    .set({
      decision,
      decided_at: house.clock.now(),
      decided_by: by.id,
      decided_because: because || null,
      ...(decision === 'set aside' ? { state: 'set aside' as const } : {}),
    })
    .where('id', '=', id)
    .where('decision', 'is', null)
    .where('state', 'in', decision === 'accept' ? ['drawn'] : ['drawn', 'committed'])
  if (!Number((await query.executeTakeFirst()).numUpdatedRows)) return false
  await note(tx, house, by, decision === 'accept' ? 'selection accepted' : 'selection set aside', { run: id })
  return true
}

/** The second person confirms the acceptance, or sends it back; nobody confirms their own. */
export async function confirm(tx: Tx, house: House, by: Actor, id: string, yes: boolean): Promise<boolean> {
  const at = house.clock.now()
  const changed = yes
    ? { state: 'accepted' as const, confirmed_at: at, confirmed_by: by.id }
    : { decision: null, decided_at: null, decided_by: null, decided_because: null }
  const query = tx
    .updateTable('selection_run')
    .set(changed)
    .where('id', '=', id)
    .where('state', '=', 'drawn')
    .where('decision', '=', 'accept')
    .where('decided_by', '!=', by.id)
  if (!Number((await query.executeTakeFirst()).numUpdatedRows)) return false
  await note(tx, house, by, yes ? 'selection confirmed' : 'selection sent back', { run: id })
  return true
}

/** The runs of a round, the newest first. One whose process was killed is marked as interrupted. */
export async function runsOf(tx: Tx, house: House, round: string): Promise<Run[]> {
  await interrupt(tx, house)
  const query = tx.selectFrom('selection_run').selectAll().where('round_id', '=', round)
  return query.orderBy('started_at', 'desc').execute()
}

/** A run; undefined when there is none of this id. */
export async function runById(tx: Tx, house: House, id: string): Promise<Run | undefined> {
  await interrupt(tx, house)
  return tx.selectFrom('selection_run').selectAll().where('id', '=', id).executeTakeFirst()
}

async function interrupt(tx: Tx, house: House): Promise<void> {
  const silent = new Date(house.clock.now().getTime() - SILENT * 1000)
  await tx
    .updateTable('selection_run')
    .set({ state: 'interrupted' satisfies RunState })
    .where('state', '=', 'running')
    .where('beat_at', '<', silent)
    .execute()
}

function note(tx: Tx, house: House, by: Actor, act: string, detail: Detail): Promise<void> {
  const role = by.roles[0] ?? 'system'
  return record(tx, { actor: by.id, role, purpose: 'administer the panel', act, detail, at: house.clock.now() })
}
