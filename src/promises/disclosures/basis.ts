import { z } from 'zod'
import { clean } from '#src/platform/web/form.ts'
import type { Wrong } from './disclosure.ts'
import type { DisclosureType } from './kinds.ts'

/** What a legal request rests on: one of these is at hand before it is decided. */
export const proofs = {
  order: 'A court order, or a law that requires it',
  authority: 'The person’s written authority',
  necessity: 'A note of why it is needed for a claim or for advice',
} as const

/** Whom safeguarding protects (Data Protection Act 2018, Schedule 1 paragraph 18). */
export const atRisk = { child: 'A person under 18', adult: 'An adult at risk' } as const

/** Why it is done without the consent of the person (the same, sub-paragraph 2). */
export const noConsent = {
  cannot: 'They cannot give it',
  unreasonable: 'Nobody can reasonably be expected to obtain it',
  prejudice: 'Asking for it would prejudice their protection',
} as const

/** What is asked in words of a request of each type. */
export const whyAsked: Record<DisclosureType, { asks: string; empty: string }> = {
  'law enforcement': {
    asks: 'Why each of these is needed for it, and is in proportion',
    empty: 'Say why it is needed, and is in proportion',
  },
  legal: {
    asks: 'Which order or authority, or why it is needed',
    empty: 'Say which order or authority it is, or why it is needed',
  },
  safeguarding: { asks: 'Which harm is feared', empty: 'Say which harm is feared' },
  other: {
    asks: 'Why each of these is needed for it, and is in proportion',
    empty: 'Say why it is needed, and is in proportion',
  },
}

export const basis = z.object({
  proof: z.enum(['order', 'authority', 'necessity']).optional().catch(undefined),
  atRisk: z.enum(['child', 'adult']).optional().catch(undefined),
  noConsent: z.enum(['cannot', 'unreasonable', 'prejudice']).optional().catch(undefined),
  /** Which order or authority, why it is needed, or which harm is feared. */
  why: z
    .string()
    .transform(text => clean(text).slice(0, 5000))
    .catch(''),
})
export type Basis = z.output<typeof basis>

/** What is missing for a request of this type to be decided on what it rests on, by question. */
export function unfounded(type: DisclosureType, { proof, atRisk, noConsent, why }: Basis): Wrong {
  return {
    ...(type === 'legal' && !proof
      ? { proof: 'Select what the request rests on: an order, an authority, or why it is needed' }
      : {}),
    ...(type === 'safeguarding' && !atRisk ? { atRisk: 'Select whether a child or an adult is at risk' } : {}),
    ...(type === 'safeguarding' && !noConsent ? { noConsent: 'Select why it is done without their consent' } : {}),
    ...(why ? {} : { needed: whyAsked[type].empty }),
  }
}
