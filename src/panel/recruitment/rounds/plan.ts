import { z } from 'zod'
import { londonDate } from '#src/platform/calendar/london.ts'

const rule = z.object({ on: z.boolean(), words: z.string() })
/** The eligibility rules of a round: each on or off, in the officer's words or the usual ones. */
export const rulesSchema = z.object({
  landlord: rule.default({ on: true, words: 'Do you live in a home of a social landlord?' }),
  england: rule.default({ on: true, words: 'Do you live in England?' }),
  terms: rule.default({ on: true, words: 'How many terms have you served on the panel before?' }),
  /** Applications from one postal address are shown to the officer. Off unless an officer says otherwise. */
  household: z.boolean().default(false),
})
export const wordsSchema = z.object({ start: z.string().default('') })
export type Rules = z.output<typeof rulesSchema>

/** The rules that are on when nobody has said otherwise. */
export const usualRules: Rules = rulesSchema.parse({})

/** What an officer decides about a round before it is published. */
export interface RoundPlan {
  name: string
  opensAt: Date
  closesAt: Date
  termStartsOn: string
  targetSize: number
  reserveSize: number
  rules: Rules
  startWords: string
  questions: { title: string; hint: string; mostCharacters: number }[]
}

export const NO_QUESTION = 'Enter at least one question about skills and experience'

/** What is wrong with a plan, one sentence a field; empty when nothing is. */
export function faultsOf(plan: RoundPlan, now: Date): { [field: string]: string } {
  const faults: { [field: string]: string } = {}
  if (plan.closesAt <= plan.opensAt)
    faults.closesOn = 'The closing date and time must be after the opening date and time'
  else if (plan.closesAt <= now) faults.closesOn = 'The closing date and time must be in the future'
  if (plan.termStartsOn <= londonDate(plan.closesAt)) faults.termStartsOn = 'The term must start after the round closes'
  if (!plan.questions.length) faults.question1 = NO_QUESTION
  return faults
}
