import { deserialize } from 'node:v8'
import type { Tx } from '#src/platform/database/database.ts'
import { type House, within } from '#src/promises/house.ts'
import type { Actor } from '#src/promises/notice/actor.ts'
import { checkAside } from '../check/aside.ts'
import type { Lottery } from '../lottery.ts'
import { prepare } from '../publish.ts'
import { drawFrom } from '../select.ts'
import { fieldOf } from './field.ts'
import { poseFor } from './pool.ts'
import { CannotRun, note } from './run.ts'

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
