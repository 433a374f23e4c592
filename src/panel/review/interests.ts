import { z } from 'zod'
import type { Tx } from '#src/platform/database/database.ts'
import type { House } from '#src/promises/house.ts'
import { system } from '#src/promises/notice/actor.ts'
import { asReview } from './as-system.ts'

export interface Interests {
  landlords: string[]
  areas: string[]
}

/** By round. */
const kept = z.record(z.string(), z.object({ landlords: z.array(z.string()), areas: z.array(z.string()) }))
const ask = { by: system('review'), for: 'administer the panel', fields: ['interests'] } as const

/** What each of these reviewers has declared for a round. */
export async function heldInterests(
  tx: Tx,
  house: House,
  round: string,
  readers: readonly string[],
): Promise<Map<string, Interests>> {
  const opened = await asReview(tx, () => house.vault.open(tx, 'staff', ask, readers))
  return new Map(opened.flatMap(one => entryOf(one.id, readHeld(one.interests)[round])))
}

function entryOf(id: string, own: Interests | undefined): [string, Interests][] {
  return own ? [[id, own]] : []
}

/** What one reviewer has declared, by round. */
export async function interestsByRound(tx: Tx, house: House, reader: string): Promise<z.output<typeof kept>> {
  const [one] = await house.vault.open(tx, 'staff', ask, [reader])
  return readHeld(one?.interests)
}

function readHeld(text: string | undefined): z.output<typeof kept> {
  const parsed = text ? kept.safeParse(JSON.parse(text)) : undefined
  return parsed?.success ? parsed.data : {}
}
