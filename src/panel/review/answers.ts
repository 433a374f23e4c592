import type { Tx } from '#src/platform/database/database.ts'
import { type House, within } from '#src/promises/house.ts'
import { type Actor, system } from '#src/promises/notice/actor.ts'
import { type Question, questionsOf } from '../recruitment/round.ts'
import { addressValue, answersValue } from '../recruitment/values.ts'
import { assignIn } from './assign.ts'
import { barPairs, endBarred } from './bars.ts'
import { mask, type Self } from './mask.ts'
import type { Reading } from './reading.ts'

const self = system('review')
const mine = { by: self, for: 'administer the panel' } as const
const hidden = ['name', 'landlord', 'email', 'phone', 'address', 'hiddenWords'] as const

export interface Shown {
  questions: Question[]
  answers: Map<string, string>
}

/**
 * Ends a pair that has become one of conflict since it was made, and says so. Details are put right at any time: whose
 * landlord or area is one that the reader declared is taken away before it is seen or scored.
 */
export function isBarredNow(
  house: House,
  by: Actor,
  { dossier_id: dossier, round_id: round }: Reading,
): Promise<boolean> {
  return within(house, mine, async tx => {
    await barPairs(tx, house, round, [dossier])
    const barred = await tx
      .selectFrom('review_conflict')
      .select('how')
      .where('dossier_id', '=', dossier)
      .where('reader', '=', by.id)
      .executeTakeFirst()
    if (!barred) return false
    await endBarred(tx, round)
    await assignIn(tx, house, self, round, dossier)
    return true
  })
}

/** The answers of an application as a reviewer reads them: nothing else, and masked. */
export async function answersIn(house: House, by: Actor, reading: Reading): Promise<Shown> {
  const { dossier_id: dossier, round_id: round } = reading
  const whose = await within(house, mine, tx => selfOf(tx, house, dossier))
  return within(house, { by, for: 'review applications' }, async tx => {
    const ask = { by, for: 'review applications', fields: ['answers'], related: [dossier] } as const
    const [one] = await house.vault.open(tx, 'panel', ask, [dossier])
    const said = answersValue.read(one?.answers) ?? {}
    const questions = await questionsOf(tx, round)
    return { questions, answers: new Map(questions.map(({ id }) => [id, mask(said[id] ?? '', whose)])) }
  })
}

/** What must not be read in someone's answers. */
export async function selfOf(tx: Tx, house: House, dossier: string): Promise<Self> {
  const [one] = await house.vault.open(tx, 'panel', { ...mine, fields: hidden }, [dossier])
  const address = addressValue.read(one?.address)
  return {
    name: one?.name,
    landlord: one?.landlord,
    email: one?.email,
    phone: one?.phone,
    lines: address?.lines ?? [],
    hidden: one?.hiddenWords?.split('\n') ?? [],
  }
}
