import type { Tx } from '#src/platform/database/database.ts'
import { insertJobs } from '#src/platform/jobs/jobs.ts'
import type { House } from '#src/promises/house.ts'
import { record } from '#src/promises/ledger/ledger.ts'
import type { Actor } from '#src/promises/notice/actor.ts'
import { isLetter } from './letters.ts'
import { lettersQueue } from './queue.ts'
import { wordsInForce } from './words/versions.ts'
import './tables.ts'

/** For how long letters that were marked as posted by mistake can be put back. */
const RETURNABLE = 24 * 60 * 60_000

/** Marks letters as posted, calls as made. Returns how many were still waiting; pressing twice marks nothing twice. */
export async function markDelivered(tx: Tx, house: House, by: Actor, ids: readonly string[]): Promise<number> {
  if (!ids.length) return 0
  const done = await tx
    .updateTable('message')
    .set({ state: 'sent', sent_at: house.clock.now(), error: null })
    .where('id', 'in', [...ids])
    .where('state', '!=', 'sent')
    .returning(['id', 'dossier_id', 'template'])
    .execute()
  for (const template of new Set(done.map(row => row.template).filter(isLetter)))
    await tx
      .updateTable('message')
      .set({ worded: (await wordsInForce(tx, template)).version })
      .where('template', '=', template)
      .where(
        'id',
        'in',
        done.map(row => row.id),
      )
      .execute()
  if (done.length) await note(tx, house, by, 'letter posted or call made', done)
  return done.length
}

/** Batches of letters that were marked as posted within a day, the latest first. */
export async function postedLately(tx: Tx, house: House): Promise<{ at: Date; count: number }[]> {
  const rows = await tx
    .selectFrom('message')
    .select(({ fn }) => ['sent_at', fn.countAll<number>().as('count')])
    .where('channel', '=', 'letter')
    .where('state', '=', 'sent')
    .where('sent_at', '>', new Date(house.clock.now().getTime() - RETURNABLE))
    .groupBy('sent_at')
    .orderBy('sent_at', 'desc')
    .limit(5)
    .execute()
  return rows.flatMap(({ sent_at, count }) => (sent_at ? { at: sent_at, count } : []))
}

/** Puts a batch back that was marked by mistake: the printer jammed, the post was missed. Returns how many wait again. */
export async function putBack(tx: Tx, house: House, by: Actor, at: Date): Promise<number> {
  const back = await tx
    .updateTable('message')
    .set({ state: 'waiting', sent_at: null })
    .where('channel', '=', 'letter')
    .where('state', '=', 'sent')
    .where('sent_at', '=', at)
    .where('sent_at', '>', new Date(house.clock.now().getTime() - RETURNABLE))
    .returning('dossier_id')
    .execute()
  if (back.length) await note(tx, house, by, 'letters put back', back)
  return back.length
}

/** Sends a refused e-mail once more, to the address that the person has now. False when it is not one. */
export async function tryAgain(tx: Tx, house: House, by: Actor, id: string): Promise<boolean> {
  const again = await tx
    .updateTable('message')
    .set({ state: 'waiting', error: null })
    .where('id', '=', id)
    .where('state', '=', 'stuck')
    .where('error', 'is distinct from', 'died')
    .where('channel', '=', 'email')
    .returning('dossier_id')
    .execute()
  if (!again.length) return false
  await insertJobs(tx, lettersQueue, [id])
  await note(tx, house, by, 'letter tried again', again)
  return true
}

function note(tx: Tx, house: House, by: Actor, act: string, of: readonly { dossier_id: string }[]): Promise<void> {
  const [one] = of
  return record(tx, {
    actor: by.id,
    role: by.roles[0] ?? 'officer',
    purpose: 'administer the panel',
    act,
    count: of.length,
    ...(one && of.length === 1 ? { subject: one.dossier_id } : {}),
    at: house.clock.now(),
  })
}
