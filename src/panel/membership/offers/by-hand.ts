import type { Tx } from '#src/platform/database/database.ts'
import { clean } from '#src/platform/web/form.ts'
import type { House } from '#src/promises/house.ts'
import type { Actor } from '#src/promises/notice/actor.ts'
import type { Round } from '../../recruitment/round.ts'
import { textOf } from '../../recruitment/rounds/desk.ts'
import { poolOf } from '../../review/decisions.ts'
import { NotPossible } from '../not-possible.ts'
import { begin } from './batch.ts'
import { freeFor, offersOf, standing } from './offers.ts'
import { noteWhy } from './why-picked.ts'

const mostWords = 1000

/** Reads who is picked by hand, by their references, and why; proposes them to a second person. */
export async function pickByHand(
  tx: Tx,
  house: House,
  by: Actor,
  round: Round,
  fields: { [field: string]: unknown },
): Promise<void> {
  const because = clean(textOf(fields, 'because'))
  const wanted = [
    ...new Set(
      clean(textOf(fields, 'references'))
        .toUpperCase()
        .split(/[\s,;]+/)
        .filter(Boolean),
    ),
  ]
  if (!because) throw new NotPossible('Enter why these people are picked by hand')
  if (because.length > mostWords) throw new NotPossible('Enter why in 1,000 characters or fewer')
  if (!wanted.length) throw new NotPossible('Enter references of people in the pool, one a line')
  const pool = new Set(await poolOf(tx, round.id))
  const rows = await tx
    .selectFrom('application')
    .select(['dossier_id', 'reference'])
    .where('round_id', '=', round.id)
    .where('reference', 'in', wanted)
    .execute()
  const known = new Map(rows.filter(row => pool.has(row.dossier_id)).map(row => [row.reference, row.dossier_id]))
  const unknown = wanted.filter(one => !known.has(one))
  if (unknown.length)
    throw new NotPossible(
      `Enter references of people in the pool, one a line. Not in the pool: ${unknown.slice(0, 5).join(', ')}`,
    )
  await proposeByHand(tx, house, by, round, [...known.values()], because)
}

/**
 * Proposes people of the pool who were picked by hand: why is sealed in each one's record, where they can read it, and
 * is taken out again if the offers do not go. A second person confirms.
 */
async function proposeByHand(
  tx: Tx,
  house: House,
  actor: Actor,
  round: Round,
  people: readonly string[],
  because: string,
): Promise<void> {
  const offers = await offersOf(tx, round.id)
  if (offers.some(one => people.includes(one.dossier_id)))
    throw new NotPossible('One of these people has had an offer already: open it in the list to offer the place again')
  const may = await standing(tx, people)
  if (!people.length || people.some(id => !may.has(id)))
    throw new NotPossible('One of these people cannot be offered a place: their application does not stand')
  const free = freeFor(round, offers).length
  if (people.length > free)
    throw new NotPossible(
      free ? `Only ${free} ${free === 1 ? 'place is' : 'places are'} free: pick fewer people` : 'No place is free',
    )
  const at = await begin(tx, house, actor, round, 'hand', people)
  await noteWhy(tx, house, actor, people, at, because)
}
