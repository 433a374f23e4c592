import type { Selectable } from 'kysely'
import { z } from 'zod'
import { sayInstant } from '#src/platform/calendar/london.ts'
import type { Tx } from '#src/platform/database/database.ts'
import type { Tables } from '#src/platform/database/tables.ts'
import type { House } from '#src/promises/house.ts'
import type { Actor } from '#src/promises/notice/actor.ts'
import { note } from '../setup.ts'
import type { Alone } from '../tables.ts'
import { CannotDecide, takeEffect } from './decide.ts'
import { dropWords } from './words.ts'

export type Act = Selectable<Tables['decision_act']>

const aloneAfter = 24 * 60 * 60_000
/** Why someone confirms what they proposed themselves. */
export const aloneReasons: Record<Alone, string> = {
  'nobody else here': 'Nobody else who may confirm it is here',
  'others still read': 'The others still read answers of this round',
  'cannot wait': 'The next step of the round cannot wait',
}

/** From when whoever proposed a decision may confirm it alone, with a reason. */
export function aloneFrom(act: Pick<Act, 'decided_at'>): Date {
  return new Date(act.decided_at.getTime() + aloneAfter)
}

/** An act of deciding. */
export async function actOf(tx: Tx, id: string): Promise<Act | undefined> {
  if (!z.uuid().safeParse(id).success) return undefined
  return tx.selectFrom('decision_act').selectAll().where('id', '=', id).executeTakeFirst()
}

/** Decisions about many that wait for a second person. */
export function waitingActs(tx: Tx, round?: string): Promise<Act[]> {
  const query = tx.selectFrom('decision_act').selectAll().where('state', '=', 'waiting').orderBy('decided_at')
  return (round ? query.where('round_id', '=', round) : query).execute()
}

/** Whom a waiting decision still fits: who has withdrawn, was decided about since or was told is left out. */
export async function fitting(tx: Tx, act: Act): Promise<{ id: string; reference: string }[]> {
  return tx
    .selectFrom('decision as own')
    .innerJoin('application', 'application.dossier_id', 'own.dossier_id')
    .select(['own.dossier_id as id', 'application.reference'])
    .where('own.act', '=', act.id)
    .where(eb => (act.verdict === 'withdrawn' ? eb.lit(true) : eb('application.state', '=', 'sent')))
    .where(eb =>
      eb.not(
        eb.exists(
          eb
            .selectFrom('decision as later')
            .innerJoin('decision_act', 'decision_act.id', 'later.act')
            .select('later.id')
            .whereRef('later.dossier_id', '=', 'own.dossier_id')
            .where('decision_act.state', '=', 'stands')
            .where(either =>
              either.or([
                either('later.seq', '>', either.ref('own.seq')),
                either('decision_act.ended_at', '>', act.decided_at),
                either('later.told_at', 'is not', null),
              ]),
            ),
        ),
      ),
    )
    .orderBy('application.reference')
    .execute()
}

/**
 * A second person confirms a decision about many: it is in force for those whom it still fits, and they are as many as
 * were seen. Whoever proposed it may do so alone after a day, with a reason. Throws CannotDecide.
 */
export async function confirm(
  tx: Tx,
  house: House,
  by: Actor,
  id: string,
  seen: (ids: readonly string[]) => boolean,
  alone?: Alone,
): Promise<void> {
  const act = await waiting(tx, id)
  const now = house.clock.now()
  const own = act.decided_by === by.id
  if (own && now < aloneFrom(act))
    throw new CannotDecide(
      `You proposed this: someone else confirms it, or you alone from ${sayInstant(aloneFrom(act))}`,
    )
  if (own && !alone) throw new CannotDecide('Select why nobody else could confirm it')
  const rows = await fitting(tx, act)
  const ids = rows.map(row => row.id)
  if (!ids.length) throw new CannotDecide('This fits nobody any more: drop it')
  await tx
    .selectFrom('application')
    .select('dossier_id')
    .where('dossier_id', 'in', ids)
    .orderBy('dossier_id')
    .forUpdate()
    .execute()
  if (!seen(ids)) throw new CannotDecide('Something has changed since you opened the page. Look again')
  await tx.deleteFrom('decision').where('act', '=', act.id).where('dossier_id', 'not in', ids).execute()
  const end = { ended_by: by.id, ended_at: now, alone: own ? (alone ?? null) : null }
  await tx
    .updateTable('decision_act')
    .set({ ...end, state: 'stands', count: ids.length })
    .where('id', '=', act.id)
    .execute()
  await takeEffect(tx, house, by, act.round_id, ids, act.verdict)
  await note(tx, house, by, own ? 'decisions confirmed alone' : 'decisions confirmed', act.round_id, {
    act: act.id,
    verdict: act.verdict,
    count: ids.length,
    ...(own && alone ? { alone } : {}),
  })
}

/** Drops a decision that waits: it never was in force, and its words go. Throws CannotDecide. */
export async function drop(tx: Tx, house: House, by: Actor, id: string): Promise<void> {
  const act = await waiting(tx, id)
  const rows = await tx.selectFrom('decision').select('dossier_id').where('act', '=', act.id).execute()
  await dropWords(
    tx,
    house,
    by,
    rows.map(row => row.dossier_id),
    act.decided_at,
  )
  await tx.deleteFrom('decision').where('act', '=', act.id).execute()
  const end = { state: 'dropped' as const, ended_by: by.id, ended_at: house.clock.now() }
  await tx.updateTable('decision_act').set(end).where('id', '=', act.id).execute()
  await note(tx, house, by, 'decisions dropped', act.round_id, { act: act.id, count: act.count })
}

async function waiting(tx: Tx, id: string): Promise<Act> {
  const held = await tx.selectFrom('decision_act').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
  if (held?.state !== 'waiting') throw new CannotDecide('This has been confirmed or dropped already')
  return held
}
