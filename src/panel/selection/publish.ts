import { z } from 'zod'
import { type Committed, commitTo, digest, ticketOf } from './commitment.ts'
import type { Drawable } from './draw.ts'
import type { Lottery } from './lottery.ts'
import type { PooledProblem } from './problem.ts'

/** The lottery as anyone may see it: types without features, tickets without names. */
export const publishedLottery = z.object({
  size: z.number().int(),
  types: z.array(z.object({ tickets: z.array(z.string()), homes: z.array(z.number().int()).optional() })),
  panels: z.array(
    z.object({ probability: z.number(), counts: z.array(z.tuple([z.number().int(), z.number().int()])) }),
  ),
  numbered: z.array(z.array(z.string())).optional(),
})
export type PublishedLottery = z.output<typeof publishedLottery>

/** What is published after the draw; with it the commitment made before can be checked. */
export const publishedDraw = z.object({
  seed: z.string(),
  salt: z.string(),
  pool: z.string(),
  quotas: z.string(),
  panel: z.number().int(),
  selected: z.array(z.string()),
  reserveTypes: z.array(z.number().int()),
  reserves: z.array(z.string()),
})
export type PublishedDraw = z.output<typeof publishedDraw>

/** A problem whose people stand in the order of their tickets, and what is published and committed to for it. */
export type Prepared = {
  problem: PooledProblem
  lottery: PublishedLottery
  text: string
  committed: Committed
  commitment: string
  tickets: string[]
}

/** Puts people in ticket order, spells the lottery for the public, and commits to it and to both files. */
export function prepare(
  problem: PooledProblem,
  lottery: Lottery,
  salt: string,
  files: { pool: Uint8Array; quotas: Uint8Array },
  numbered?: number[][],
): Prepared {
  const tickets = problem.pool.ids.map(id => ticketOf(salt, id))
  if (new Set(tickets).size < tickets.length)
    throw new Error('Two people drew the same ticket number: run it again with another salt.')
  const ordered = inTicketOrder(problem, tickets)
  const homes = problem.pool.homes && opaque(problem.pool.homes, tickets)
  const told: PublishedLottery = {
    size: problem.size + problem.confirmed.length,
    types: ordered.types.map(({ people }) => ({
      tickets: Array.from(people, person => tickets[person] ?? ''),
      ...(homes ? { homes: Array.from(people, person => homes[person] ?? -1) } : {}),
    })),
    panels: lottery.panels,
    ...(numbered ? { numbered: numbered.map(panel => panel.map(person => tickets[person] ?? '').sort()) } : {}),
  }
  const text = `${JSON.stringify(told)}\n`
  const committed = {
    lottery: digest(text),
    pool: digest(Buffer.concat([Buffer.from(salt), files.pool])),
    quotas: digest(files.quotas),
  }
  return { problem: ordered, lottery: told, text, committed, commitment: commitTo(salt, committed), tickets }
}

/** The types of a published lottery, ready to draw positions from. */
export function positionsOf(lottery: PublishedLottery): Drawable[] {
  let next = 0
  return lottery.types.map(({ tickets, homes }) => {
    const people = tickets.map(() => next++)
    return homes ? { people, homes } : { people }
  })
}

function inTicketOrder(problem: PooledProblem, tickets: string[]): PooledProblem {
  const types = problem.types.map(type => ({
    ...type,
    people: Int32Array.from([...type.people].sort((a, b) => ((tickets[a] ?? '') < (tickets[b] ?? '') ? -1 : 1))),
  }))
  return { ...problem, types }
}

// Homes get numbers in ticket order, so that a number says nothing but "the same home".
function opaque(homes: Int32Array, tickets: string[]): Int32Array {
  const order = [...homes.keys()].sort((a, b) => ((tickets[a] ?? '') < (tickets[b] ?? '') ? -1 : 1))
  const number = new Map<number, number>()
  for (const person of order) {
    const home = homes[person] ?? -1
    if (home >= 0 && !number.has(home)) number.set(home, number.size)
  }
  return homes.map(home => number.get(home) ?? -1)
}
