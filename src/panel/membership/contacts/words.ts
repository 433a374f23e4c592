import { z } from 'zod'
import { sayDate } from '#src/platform/calendar/london.ts'

/** How someone was reached, as codes that are kept and words that are shown. */
export const ways = {
  phone: 'Phone',
  email: 'Email',
  post: 'Post',
  'in person': 'In person',
  video: 'Video call',
  web: 'This website',
} as const
export type Way = keyof typeof ways

/** What is sealed of one contact: the day, the way, what about, and what was said would be done next. */
export interface Contact {
  on: string
  way: Way
  topic: string
  next: string
}

const codes = Object.keys(ways) as [Way, ...Way[]] // the checked edge: the keys of the list above
const log = z.record(
  z.string(),
  z.object({ on: z.string(), way: z.enum(codes), topic: z.string(), next: z.string().default('') }),
)

/** Reads the log of a person's record; empty when it holds none. */
export function readLog(text: string | undefined): Record<string, Contact> {
  const parsed = text ? log.safeParse(JSON.parse(text)) : undefined
  return parsed?.success ? parsed.data : {}
}

/** The log as the person reads it, a paragraph a contact, the oldest first. */
export function sayLog(text: string): string {
  return Object.values(readLog(text))
    .sort((a, b) => (a.on < b.on ? -1 : 1))
    .map(
      one => `${sayDate(one.on)}, ${ways[one.way].toLowerCase()}: ${one.topic}${one.next ? `. Next: ${one.next}` : ''}`,
    )
    .join('\n\n')
}
