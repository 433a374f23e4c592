import { randomBytes } from 'node:crypto'
import { commit } from './commitment.ts'
import { type Drawable, drawPanel, drawPeople } from './draw.ts'
import { findLottery, type Lottery, type Objective, type Progress } from './lottery.ts'
import { type Mend, mendsOf } from './mend.ts'
import type { PooledProblem } from './problem.ts'
import { chooseReserves } from './reserves.ts'
import { hardToReach, type Selection } from './result.ts'
import { streamFrom } from './stream.ts'

export type SelectionWishes = {
  objective?: Objective
  cap?: number
  reserves?: number
  panels?: number
  seed?: string
  salt?: string
  timeLimit?: number
  onProgress?: (progress: Progress) => void
  isCancelled?: () => boolean
}

/** Quotas that cannot all be met: which conflict, and what would mend it. */
export type Infeasible = { infeasible: true; conflict: string[]; suggestions: Mend[] }

/** Finds the lottery, shows who is hard to reach, commits, and draws panel and reserves from the seed. */
export async function select(problem: PooledProblem, wishes: SelectionWishes = {}): Promise<Selection | Infeasible> {
  const started = performance.now()
  const lottery = await findLottery(problem, wishes)
  if ('conflict' in lottery) {
    const conflict = lottery.conflict.flatMap(({ row, price }) => {
      const { kind, name, lower, upper } = problem.rows[row]!
      if (kind === 'size') return []
      if (kind !== 'quota') return ['one person a home or pair']
      return [price > 0 ? `${name}: at least ${lower}` : `${name}: at most ${upper}`]
    })
    return { infeasible: true, conflict: [...new Set(conflict)], suggestions: await mendsOf(problem) }
  }
  return drawFrom(problem, lottery, wishes, started)
}

/** Draws panel and reserves from a lottery already found; the same seed gives the same people. */
export function drawFrom(
  problem: PooledProblem,
  lottery: Lottery,
  wishes: SelectionWishes,
  started: number,
): Selection {
  const { pool } = problem
  const seed = wishes.seed ?? randomBytes(16).toString('hex')
  const types = drawables(problem)
  const probabilities = lottery.panels.map(panel => panel.probability)
  const number = drawPanel(probabilities, streamFrom(seed, 'panel'))
  const counts = lottery.panels[number]!.counts
  const homes = new Set<number>()
  const panel = drawPeople(counts, types, streamFrom(seed, 'people'), homes)
  const picks = streamFrom(seed, 'reserves')
  const seats = new Int32Array(problem.count.length)
  for (const [type, count] of counts) seats[type] = count
  const drawn = new Set(panel)
  const reserves: number[] = []
  for (const type of chooseReserves(problem, seats, wishes.reserves ?? 0, below => picks.below(below))) {
    const left = Array.from(types[type]!.people).filter(person => !drawn.has(person))
    const person = left[picks.below(left.length)]!
    drawn.add(person)
    reserves.push(person)
  }
  const id = (person: number) => pool.ids[person]!
  const selection: Selection = {
    objective: lottery.objective,
    size: problem.size,
    seed,
    seconds: { read: 0, ...lottery.seconds, total: (performance.now() - started) / 1000 },
    types: problem.types.map(({ features, people }, type) => ({
      features,
      people: Array.from(people, id),
      probability: lottery.chance[type]!,
      ...(problem.weight[type]! > 1 ? { weight: problem.weight[type]! } : {}),
    })),
    lottery: lottery.panels,
    selected: panel.map(id),
    reserves: reserves.map(id),
    certificate: {
      ...lottery.certificate,
      stages: lottery.certificate.stages.map(stage => [stage.chance, stage.types.length]),
    },
    ...hardToReach(problem, lottery),
    commitment: '',
  }
  selection.commitment = commit(selection, wishes.salt ?? '')
  return selection
}

/** The people of each type, with their homes where homes or pairs keep people apart. */
export function drawables(problem: PooledProblem): Drawable[] {
  const { homes } = problem.pool
  return problem.types.map(({ people }) =>
    homes ? { people, homes: people.map(person => homes[person]!) } : { people },
  )
}
