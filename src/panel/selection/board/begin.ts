import { randomBytes, randomUUID } from 'node:crypto'
import { type House, within } from '#src/promises/house.ts'
import type { Actor } from '#src/promises/notice/actor.ts'
import type { Round } from '../../recruitment/round.ts'
import { carry } from './carry.ts'
import { type Sources, startOf } from './field.ts'
import type { Plan } from './plan.ts'
import { CannotRun, note, runsOf, sinceAccepted } from './run.ts'

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
