import type { Question } from '../recruitment/round.ts'
import type { Review } from './setup.ts'

/** Five invented answers that everyone scores first: none is an applicant's. Plain, long, short, angry, off the point. */
export const samples = [
  'I done caretaking 20 years in our block. People tell me things. I would say what they say.',
  'Drawing on extensive stakeholder engagement experience, I would leverage my skills to drive positive outcomes for residents across the sector.',
  'I complain when it is wrong and say so when it is right. My neighbours ask me to write their letters.',
  'They never listen. Six years of damp. I want to tell the Ombudsman to get my money back and sack the manager.',
  'I care for my son, so I can do evenings only. I set up a repairs group with four other mums and we got the lift fixed.',
] as const

export interface Sample {
  number: number
  text: string
  /** The question that it answers, where an officer wrote it for this round. */
  question: string | undefined
}

/** The samples of a round: those that an officer wrote, each to a question in turn, or the usual ones. */
export function samplesOf(review: Review, questions: readonly Question[]): Sample[] {
  return samples.map((usual, at) => {
    const own = review.samples[at]
    return { number: at + 1, text: own ?? usual, question: own === undefined ? undefined : questionOf(questions, at) }
  })
}

/** The question that the sample at a place answers: each question has its turn. */
export function questionOf(questions: readonly Question[], at: number): string | undefined {
  return questions[at % Math.max(1, questions.length)]?.title
}
