import type { Tx } from '#src/platform/database/database.ts'
import { unprocessable } from '#src/platform/web/errors.ts'
import { textOf } from '../../recruitment/rounds/desk.ts'
import { acceptedOutcome } from '../../selection/board/outcome.ts'
import { type Decision, decisionsOf } from '../decisions.ts'
import { resultsOf } from '../results.ts'
import { reviewOf } from '../setup.ts'
import { type Rule, readRule, sayRule, shortlisted } from '../shortlist.ts'

/** Sets of applications that an officer can decide about at once. */
const sets = {
  meet: 'who meet the rule',
  miss: 'who have been read and do not meet the rule',
  rest: 'in the pool who were drawn neither as member nor as reserve',
  same: 'who were decided about together and have not been told',
  some: 'chosen by you',
} as const
type SetName = keyof typeof sets

export interface Chosen {
  set: SetName
  says: string
  rule: Rule | undefined
  /** How the set is said in the record: only a rule is kept, hands are not. */
  kept: string | undefined
  rows: { id: string; reference: string }[]
  standing: Map<string, Decision>
}

export async function applicationsOf(tx: Tx, round: string): Promise<{ id: string; reference: string }[]> {
  const query = tx
    .selectFrom('application')
    .select(['dossier_id as id', 'reference'])
    .where('round_id', '=', round)
    .where('state', '!=', 'draft')
  return query.orderBy('reference').execute()
}

/** Exactly the applications that the address or the form names. */
export async function chosenIn(tx: Tx, round: string, fields: { [field: string]: unknown }): Promise<Chosen> {
  const all = await applicationsOf(tx, round)
  const standing = await decisionsOf(tx, round)
  const set = Object.keys(sets).find(one => one === textOf(fields, 'set')) as SetName | undefined // checked by the list
  const rule = readRule(fields)
  const of = (name: SetName, isIn: (id: string) => unknown, kept?: string): Chosen => ({
    set: name,
    says: sets[name],
    rule: name === 'meet' || name === 'miss' ? rule : undefined,
    kept,
    standing,
    rows: all.filter(row => isIn(row.id)),
  })
  if (set === 'some') {
    const ids = new Set([fields.id].flat())
    return of(set, id => ids.has(id))
  }
  if (set === 'same') {
    const act = textOf(fields, 'act')
    return of(set, id => act && standing.get(id)?.act === act && !standing.get(id)?.toldAt)
  }
  if (set === 'rest') {
    const outcome = await acceptedOutcome(tx, round)
    const drawn = new Set([...(outcome?.members ?? []), ...(outcome?.reserves ?? [])])
    const isFree = (id: string) => standing.get(id)?.verdict === 'eligible' && !standing.get(id)?.toldAt
    return of(set, id => outcome && isFree(id) && !drawn.has(id), 'not drawn')
  }
  const review = await reviewOf(tx, round)
  if (!set || !rule || !review)
    throw unprocessable('Say about whom you decide: choose applications, or a shortlist rule.')
  const { results } = await resultsOf(tx, review)
  const meets = new Set(shortlisted(results, rule))
  const read = new Set(results.filter(one => one.readings > 0 && one.waiting === 0).map(one => one.id))
  const isMet = (id: string) => read.has(id) && meets.has(id) === (set === 'meet') && !standing.has(id)
  return of(set, isMet, `${set === 'meet' ? 'meets' : 'does not meet'}: ${sayRule(rule)}`)
}
