import { z } from 'zod'

/** How a transfer to another body went. */
export const transferOutcomes = {
  taken: 'They have it',
  'not taken': 'They did not take it while the link worked',
  refused: 'They did not want it',
} as const
export type TransferOutcome = keyof typeof transferOutcomes

/** To whom someone's data is sent on at their wish, and how that went. */
export const transfer = z.object({
  to: z.string(),
  reach: z.string(),
  outcome: z.enum(['taken', 'not taken', 'refused']).optional(),
  /** What else there is to say of it; the person is told. */
  words: z.string().default(''),
})
export type Transfer = z.output<typeof transfer>
