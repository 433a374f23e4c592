import { randomBytes } from 'node:crypto'
import { drawPanel, drawPeople, drawReserves } from './draw.ts'
import { findLottery, type Lottery, type Objective, type Progress } from './lottery.ts'
import { type Mend, mendsOf } from './mend.ts'
import { numberedPanels } from './numbered.ts'
import type { PooledProblem } from './problem.ts'
import { type Prepared, type PublishedDraw, prepare } from './publish.ts'
import { chooseReserves } from './reserves.ts'
import { hardToReach, type Selection } from './result.ts'
import { streamFrom } from './stream.ts'

export type SelectionWishes = {
  objective?: Objective
  cap?: number
  reserves?: number
  /** How many numbered panels to make for a draw with dice or balls. */
  panels?: number
  /** Public randomness; without it a secret seed is made and shown. */
  seed?: string
  /** The number of the numbered panel that dice or balls gave, from 1. */
  number?: number
  salt?: string
  timeLimit?: number
  onProgress?: (progress: Progress) => void
  isCancelled?: () => boolean
}

/** Quotas that cannot all be met: which conflict, and what would mend it. */
export type Infeasible = { infeasible: true; conflict: string[]; suggestions: Mend[] }

/** Stopped before there was any lottery to draw from. */
export type Stopped = { stopped: true }

export type Found = { lottery: Lottery; prepared: Prepared; numbered?: number[][]; salt: string }

/** Finds the lottery and commits to it; nobody is drawn. */
export async function findAndCommit(
  problem: PooledProblem,
  files: { pool: Uint8Array; quotas: Uint8Array },
  wishes: SelectionWishes = {},
): Promise<Found | Infeasible | Stopped> {
  const lottery = await findLottery(problem, wishes)
  if ('conflict' in lottery) {
    if (Number.isNaN(lottery.breach)) return { stopped: true }
    const mends = wishes.isCancelled?.() ? [] : await mendsOf(problem, Math.min(20, wishes.timeLimit ?? 20))
    const suggestions = mends.filter(mend => mend.changes.length)
    const conflict = conflictOf(problem, lottery.conflict)
    // Quotas that need no mending can be met: then it is the cap that they cannot be met under.
    if (mends.length > suggestions.length && wishes.cap) conflict.push(`nobody’s chance above ${wishes.cap}`)
    return { infeasible: true, conflict, suggestions }
  }
  const salt = wishes.salt ?? randomBytes(16).toString('hex')
  const numbered = wishes.panels ? numberedPanels(problem, lottery, wishes.panels) : undefined
  return {
    lottery,
    prepared: prepare(problem, lottery, salt, files, numbered),
    salt,
    ...(numbered ? { numbered } : {}),
  }
}

/** Finds the lottery, shows who is hard to reach, commits, and draws panel and reserves from the seed. */
export async function select(
  problem: PooledProblem,
  files: { pool: Uint8Array; quotas: Uint8Array },
  wishes: SelectionWishes = {},
): Promise<Selection | Infeasible | Stopped> {
  const started = performance.now()
  const found = await findAndCommit(problem, files, wishes)
  if ('infeasible' in found || 'stopped' in found) return found
  return drawFrom(found, wishes, started).selection
}

/** Draws panel and reserves from a lottery committed to; the same seed gives the same people. */
export function drawFrom(
  found: Found,
  wishes: SelectionWishes,
  started: number,
): { selection: Selection; draw: PublishedDraw } {
  const { lottery, prepared, numbered, salt } = found
  const { problem } = prepared
  const seed = wishes.seed ?? randomBytes(16).toString('hex')
  const { number, people } = drawMembers(problem, lottery, numbered, seed, wishes.number)
  const seats = new Int32Array(problem.count.length)
  for (const person of people) seats[problem.typeOf[person] ?? 0]! += 1
  const picks = streamFrom(seed, 'reserves')
  const order = streamFrom(seed, 'reserve types')
  const reserveTypes = chooseReserves(problem, seats, wishes.reserves ?? 0, below => order.below(below))
  const reserves = drawReserves(problem.types, reserveTypes, people, picks)
  const id = (person: number) => problem.pool.ids[person] ?? ''
  const ticket = (person: number) => prepared.tickets[person] ?? ''
  const selection: Selection = {
    objective: lottery.objective,
    size: problem.size + problem.confirmed.length,
    seed,
    seconds: { read: 0, ...lottery.seconds, total: (performance.now() - started) / 1000 },
    types: problem.types.map(({ features, people: own }, type) => ({
      features,
      people: Array.from(own, id),
      probability: lottery.chance[type] ?? 0,
      ...((problem.weight[type] ?? 1) > 1 ? { weight: problem.weight[type] ?? 1 } : {}),
    })),
    lottery: lottery.panels,
    selected: people.map(id),
    reserves: reserves.map(id),
    certificate: {
      ...lottery.certificate,
      stages: lottery.certificate.stages.map(stage => [stage.chance, stage.types.length]),
    },
    ...hardToReach(problem, lottery),
    commitment: prepared.commitment,
    ...(wishes.cap === undefined ? {} : { cap: wishes.cap }),
    ...(problem.confirmed.length ? { confirmed: problem.confirmed.map(id) } : {}),
    ...(numbered ? { panels: numbered.map(panel => panel.map(id)), panel: number + 1 } : {}),
  }
  const { pool, quotas } = prepared.committed
  const draw = {
    seed,
    salt,
    pool,
    quotas,
    panel: number,
    selected: people.map(ticket),
    reserveTypes,
    reserves: reserves.map(ticket),
  }
  return { selection, draw }
}

function drawMembers(
  problem: PooledProblem,
  lottery: Lottery,
  numbered: number[][] | undefined,
  seed: string,
  given?: number,
) {
  const stream = streamFrom(seed, 'panel')
  if (numbered) {
    const number = given === undefined ? stream.below(numbered.length) : given - 1
    const people = numbered[number]
    if (!people) throw new RangeError(`There is no panel ${given}: they are numbered from 1 to ${numbered.length}.`)
    return { number, people }
  }
  const probabilities = lottery.panels.map(panel => panel.probability)
  const number = drawPanel(probabilities, stream)
  const { homes } = problem.pool
  const types = problem.types.map(({ people }) =>
    homes ? { people, homes: people.map(person => homes[person] ?? -1) } : { people },
  )
  return { number, people: drawPeople(lottery.panels[number]?.counts ?? [], types, streamFrom(seed, 'people')) }
}

function conflictOf(problem: PooledProblem, pressed: { row: number; price: number }[]): string[] {
  const told = pressed.flatMap(({ row, price }) => {
    const bound = problem.rows[row]
    if (!bound || bound.kind === 'size') return []
    if (bound.kind !== 'quota') return ['one person a home or pair']
    return [price > 0 ? `${bound.name}: at least ${bound.lower}` : `${bound.name}: at most ${bound.upper}`]
  })
  return [...new Set(told)]
}
