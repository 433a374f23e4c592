import { z } from 'zod'
import { sayDate } from '#src/platform/calendar/london.ts'
import type { Outcome } from './tables.ts'

/** What may have been done about a worry. */
export const outcomes: Record<Outcome, string> = {
  reached: 'We reached the person, and they have what they need',
  'given numbers': 'We told the person who can help them',
  'passed on': 'We told a service that keeps people safe',
  'no need': 'There was no need to do anything',
}

/** What is sealed of one worry: the day, what someone saw, and what was done. */
const kept = z.record(z.string(), z.object({ on: z.string(), words: z.string(), done: z.string().default('') }))
export type Words = z.output<typeof kept>

/** Reads the worries of a person's record; empty when it holds none. */
export function readWords(text: string | undefined): Words {
  const parsed = text ? kept.safeParse(JSON.parse(text)) : undefined
  return parsed?.success ? parsed.data : {}
}

/** The worries as the person reads them, a paragraph each. */
export function sayConcerns(text: string): string {
  return Object.values(readWords(text))
    .map(one => `${sayDate(one.on)}: ${one.words}${one.done ? `. What we did: ${one.done}` : ''}`)
    .join('\n\n')
}
