import type { Selectable } from 'kysely'
import type { Tx } from '#src/platform/database/database.ts'
import type { Tables } from '#src/platform/database/tables.ts'
import type { House } from '#src/promises/house.ts'
import { type Detail, record } from '#src/promises/ledger/ledger.ts'
import { type Actor, system } from '#src/promises/notice/actor.ts'
import { applicantsOf } from '../recruitment/application.ts'
import { assign, type Impossible } from './assign.ts'
import type { Criterion, Scale } from './tables.ts'

export type ReviewPlan = Selectable<Tables['review_plan']>
export const by = system('review')

/** The values of a scale, the lowest first, with the words of the page. */
export const scales: Record<Scale, { values: number[]; words: string[]; says: string }> = {
  suitable: {
    values: [0, 1, 2],
    words: ['Not suitable', 'Unsure', 'Suitable'],
    says: 'Suitable, unsure, not suitable',
  },
  five: { values: [1, 2, 3, 4, 5], words: ['1', '2', '3', '4', '5'], says: '1 to 5' },
}
const sentences: Record<Scale, string[]> = {
  suitable: [
    'It does not answer the question',
    'It may be, and a second person should say',
    'It answers the question from their own experience',
  ],
  five: [
    'Does not answer',
    'Answers a little',
    'Answers',
    'Answers well, with an example',
    'Answers very well, and speaks for others',
  ],
}

/** The plan of a round's review; undefined when there is none yet. */
export function planOf(tx: Tx, round: string): Promise<ReviewPlan | undefined> {
  return tx.selectFrom('review_plan').selectAll().where('round_id', '=', round).executeTakeFirst()
}

/** The sentence for each value that stands until an officer writes another. */
export function usualCriteria(scale: Scale, questions: readonly { id: string; title: string }[]): Criterion[] {
  return questions.map(({ id, title }) => ({ question: id, name: title, values: sentences[scale] }))
}

/** Saves the set-up. Once reading has begun it is locked, except by a change that raises the version. */
export async function savePlan(
  tx: Tx,
  house: House,
  actor: Actor,
  round: string,
  plan: {
    scale: Scale
    readings: number
    cap: number | null
    deadline: string
    criteria: Criterion[]
    readers: string[]
  },
): Promise<boolean> {
  const before = await planOf(tx, round)
  if (before?.begun_at) return false
  const { readers, criteria, ...rest } = plan
  const kept = { ...rest, criteria: JSON.stringify(criteria) as unknown as Criterion[] } // jsonb takes its text
  await tx
    .insertInto('review_plan')
    .values({ round_id: round, ...kept, begun_at: null, begun_by: null })
    .onConflict(on => on.column('round_id').doUpdateSet(kept))
    .execute()
  await tx
    .deleteFrom('review_reader')
    .where('round_id', '=', round)
    .where('staff_id', 'not in', [...readers, nobody])
    .execute()
  for (const staff_id of readers)
    await tx
      .insertInto('review_reader')
      .values({ round_id: round, staff_id, declared_at: null, left_at: null })
      .onConflict(on => on.doNothing())
      .execute()
  await note(tx, house, actor, 'review planned', { round, readers: readers.length, readings: plan.readings })
  return true
}
const nobody = '00000000-0000-4000-8000-000000000000'

/** A reader says what they should not read; only then is their queue filled. */
export async function declare(
  tx: Tx,
  house: House,
  actor: Actor,
  round: string,
  conflicts: { landlords: string[]; areas: string[] },
): Promise<void> {
  await tx
    .updateTable('review_reader')
    .set({ ...conflicts, declared_at: house.clock.now() })
    .where('round_id', '=', round)
    .where('staff_id', '=', actor.id)
    .execute()
  await note(tx, house, actor, 'conflicts declared', {
    round,
    landlords: conflicts.landlords.length,
    areas: conflicts.areas.length,
  })
}

/** Begins the reading: everyone whose application stands gets their readers. Says why when it cannot be done. */
export async function begin(tx: Tx, house: House, actor: Actor, round: string): Promise<string | undefined> {
  const plan = await planOf(tx, round)
  if (!plan || plan.begun_at) return 'The reading has begun already'
  const silent = await tx
    .selectFrom('review_reader')
    .select('staff_id')
    .where('round_id', '=', round)
    .where('left_at', 'is', null)
    .where('declared_at', 'is', null)
    .execute()
  if (silent.length) return `${silent.length} of the readers have not said yet what they should not read`
  const wanted = new Map((await applicantsOf(tx, round)).map(id => [id, plan.readings]))
  const why = await give(tx, house, round, wanted)
  if (why) return why.why
  await tx
    .updateTable('review_plan')
    .set({ begun_at: house.clock.now(), begun_by: actor.id })
    .where('round_id', '=', round)
    .execute()
  await note(tx, house, actor, 'review begun', { round, applications: wanted.size })
  return undefined
}

/**
 * Gives applications readers, besides those they have: nobody who declared their landlord or area, who typed them in, or
 * who has read them or given them back.
 */
export async function give(
  tx: Tx,
  house: House,
  round: string,
  wanted: ReadonlyMap<string, number>,
): Promise<Impossible | undefined> {
  const plan = await planOf(tx, round)
  if (!plan || !wanted.size) return undefined
  const readers = await tx
    .selectFrom('review_reader')
    .selectAll()
    .where('round_id', '=', round)
    .where('left_at', 'is', null)
    .execute()
  const readings = await tx
    .selectFrom('review_reading')
    .select(['dossier_id', 'staff_id', 'state'])
    .where('round_id', '=', round)
    .execute()
  const entered = await tx
    .selectFrom('application')
    .select(['dossier_id', 'entered_by'])
    .where('round_id', '=', round)
    .execute()
  const typedBy = new Map(entered.map(row => [row.dossier_id, row.entered_by]))
  const homes = new Map<string, { landlord?: string | undefined; area?: string | undefined }>()
  const ask = { by, for: 'review applications', fields: ['landlord', 'area'] } as const
  await house.vault.search(tx, 'panel', ask, [...wanted.keys()], ({ id, landlord, area }) => {
    homes.set(id, { landlord, area })
    return false
  })
  const result = assign(
    [...wanted].map(([id, wants]) => ({ id, wants, not: notFor(id) })),
    readers.map(one => ({
      id: one.staff_id,
      load: readings.filter(row => row.staff_id === one.staff_id && row.state !== 'ended').length,
      cap: plan.cap ?? Number.MAX_SAFE_INTEGER,
    })),
    round,
  )
  if ('why' in result) return result
  const at = house.clock.now()
  const rows = result.pairs.map(({ application, reader }) => ({
    id: crypto.randomUUID() as string,
    round_id: round,
    dossier_id: application,
    staff_id: reader,
    assigned_at: at,
    state: 'open' as const,
    ended_because: null,
    done_at: null,
  }))
  for (let from = 0; from < rows.length; from += 2000)
    await tx
      .insertInto('review_reading')
      .values(rows.slice(from, from + 2000))
      .execute()
  return undefined

  function notFor(id: string): Set<string> {
    const home = homes.get(id)
    const out = new Set(readings.filter(row => row.dossier_id === id).map(row => row.staff_id))
    const typed = typedBy.get(id)
    if (typed) out.add(typed)
    for (const reader of readers)
      if (
        (home?.landlord && reader.landlords.includes(home.landlord)) ||
        (home?.area && reader.areas.includes(home.area))
      )
        out.add(reader.staff_id)
    return out
  }
}

/** A reader leaves or has gone quiet: what they have not read goes to the others. */
export async function leave(
  tx: Tx,
  house: House,
  actor: Actor,
  round: string,
  reader: string,
): Promise<Impossible | undefined> {
  const at = house.clock.now()
  await tx
    .updateTable('review_reader')
    .set({ left_at: at })
    .where('round_id', '=', round)
    .where('staff_id', '=', reader)
    .execute()
  const open = await tx
    .updateTable('review_reading')
    .set({ state: 'ended', ended_because: 'left' })
    .where('round_id', '=', round)
    .where('staff_id', '=', reader)
    .where('state', '=', 'open')
    .returning('dossier_id')
    .execute()
  await note(tx, house, actor, 'reader left', { round, readings: open.length })
  return give(tx, house, round, new Map(open.map(row => [row.dossier_id, 1])))
}

export function note(tx: Tx, house: House, actor: Actor, act: string, detail: Detail, subject?: string): Promise<void> {
  return record(tx, {
    actor: actor.id,
    role: actor.roles[0] ?? 'system',
    purpose: 'review applications',
    act,
    detail,
    at: house.clock.now(),
    ...(subject ? { subject } : {}),
  })
}
