import type { Claim } from './claim.ts'
import { TOLERANCE } from './file.ts'
import { checkBalance } from './goldilocks.ts'
import { type Programme, programmeOver } from './programme.ts'
import type { Row } from './rows.ts'

/** By how much anyone could be raised; more is a claim that does not hold. */
const RAISE = 5e-5
/** What rounding may have taken from the seats of a type. */
const SLACK = 1e-10

/**
 * Checks the claim that no lottery is better, each objective by its own proof. Returns how far from best the lottery may be:
 * for leximin, maximin and goldilocks the most that anyone’s chance can go up, for nash the mean logarithm of the chances;
 * undefined where nothing is claimed, or nothing can be said here.
 */
export async function checkBest(claim: Claim, rows: Row[], chance: Float64Array): Promise<number | undefined> {
  const { selection, complain } = claim
  const { objective, certificate, cap, types } = selection
  const level = Float64Array.from(chance, (c, t) => c / (types[t]?.weight ?? 1))
  const lowest = Math.min(...level)
  if (objective !== 'nash' && lowest > certificate.bound + TOLERANCE)
    complain(`The lowest chance is ${lowest}, above the bound ${certificate.bound} that nobody can pass.`)
  if (!certificate.optimal) return undefined
  if (objective !== 'nash') {
    if (certificate.bound - lowest > TOLERANCE)
      complain(`The lowest chance is ${lowest}, below the bound ${certificate.bound} that the file claims to reach.`)
    checkStages(claim, level)
  }
  const priced = certificate.proof === 'pricing'
  // A cap holds for chances, not for panels, so panels priced one by one under a cap prove nothing here.
  if (priced && cap < 1) return undefined
  // Goldilocks is the leximin under a cap of its own, which the highest chance shows.
  const most = objective === 'goldilocks' ? Math.max(...chance) : cap
  const upper = Float64Array.from(types, ({ people }) => people.length * most)
  const programme = await programmeOver(rows, upper, priced)
  if (objective === 'nash') return nashGap(claim, programme, chance)
  if (objective === 'goldilocks') checkBalance(claim, programme, chance)
  const raise = priced
    ? raiseOverPanels(claim, programme, chance, level)
    : raiseByLevels(claim, programme, chance, level, upper)
  programme.end()
  return raise
}

// The stages are the levels of the lottery, each with how many types it holds.
function checkStages({ selection, complain }: Claim, level: Float64Array): void {
  const told = selection.certificate.stages.flatMap(([at, types]) => Array<number>(types).fill(at))
  const held = [...level].sort((a, b) => a - b)
  if (told.length !== held.length || told.sort((a, b) => a - b).some((at, i) => Math.abs(at - held[i]!) > 1e-6))
    complain('The stages in the file are not the levels of the lottery.')
}

// For the types of each level, a programme raises their chances while nobody at or below goes down.
function raiseByLevels(
  { complain, selection }: Claim,
  programme: Programme,
  chance: Float64Array,
  level: Float64Array,
  upper: Float64Array,
): number {
  const sizes = selection.types.map(({ people }) => people.length)
  const order = [...level.keys()].sort((a, b) => level[a]! - level[b]!)
  const raised = (own: number[]) => {
    const gain = new Float64Array(level.length)
    for (const t of own) gain[t] = 1 / sizes[t]!
    const most = programme.most(gain)
    if (typeof most === 'number') return most - own.reduce((sum, t) => sum + chance[t]!, 0)
    complain(`The raise check at the chance ${level[own[0] ?? 0]} could not be solved.`)
    return 0
  }
  let worst = 0
  for (let from = 0; from < order.length; ) {
    let to = from
    while (to < order.length && level[order[to]!]! < level[order[from]!]! + 1e-6) to++
    const own = order.slice(from, to)
    for (const t of own) programme.bound(t, Math.min(upper[t]!, Math.max(0, chance[t]! * sizes[t]! - SLACK)), upper[t]!)
    // What all of a level gain bounds what one of them gains.
    let most = raised(own)
    if (most > RAISE) most = Math.max(...own.map(t => raised([t])))
    if (most > RAISE)
      complain(`A chance near ${level[order[from]!]} can be raised by ${most} without lowering anyone at or below.`)
    worst = Math.max(worst, most)
    from = to
  }
  return worst
}

// Weights of a stage prove that its types cannot be raised: no panel, so no lottery, takes their weighted chances higher
// than this one, and all of them are at or below the level. The greatest over whole panels is found here again.
function raiseOverPanels(
  { selection, complain }: Claim,
  programme: Programme,
  chance: Float64Array,
  level: Float64Array,
): number {
  const raise = Array.from(chance, c => (c > 1 - TOLERANCE ? 0 : Infinity))
  for (const weights of selection.certificate.weights) {
    const gain = new Float64Array(level.length)
    let now = 0
    let highest = 0
    for (const [t, weight] of weights) {
      const type = selection.types[t]
      if (!type) continue
      gain[t] = weight / (type.people.length * (type.weight ?? 1))
      now += weight * level[t]!
      if (weight > 1e-6) highest = Math.max(highest, level[t]!)
      else if (weight < -1e-9) now = -Infinity
    }
    const most = programme.most(gain)
    if (typeof most !== 'number') continue
    const room = Math.max(0, most - now)
    for (const [t, weight] of weights)
      if (weight > 1e-6 && level[t]! > highest - 1e-6) raise[t] = Math.min(raise[t]!, room / weight)
  }
  const worst = Math.max(0, ...raise)
  if (worst > RAISE) complain('The weights in the file do not prove that nobody’s chance can be raised.')
  return worst
}

// The product of chances is greatest where no panel has a greater sum of seats over chances: the logarithm is concave.
function nashGap({ selection, complain }: Claim, programme: Programme, chance: Float64Array): number | undefined {
  const reachable = (t: number) => chance[t]! > 1e-9
  const most = programme.most(chance.map((c, t) => (reachable(t) ? 1 / c : 0)))
  programme.end()
  if (typeof most !== 'number') {
    complain('The product of chances could not be checked.')
    return undefined
  }
  const people = selection.types.reduce((sum, type, t) => sum + (reachable(t) ? type.people.length : 0), 0)
  const gap = Math.max(0, most / people - 1)
  if (gap > RAISE) complain(`The product of chances can be greater: their mean logarithm by up to ${gap}.`)
  return gap
}
