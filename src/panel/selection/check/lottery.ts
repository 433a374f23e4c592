import type { Claim } from './claim.ts'
import { TOLERANCE } from './file.ts'
import { broken, type Row } from './rows.ts'

/** Checks every panel of the lottery and what it is said to give. Returns the chance of a person of each type. */
export function checkLottery(
  { selection, person, complain }: Claim,
  rows: Row[],
  typeOf: ReadonlyMap<number, number>,
): Float64Array {
  const chance = new Float64Array(selection.types.length)
  let total = 0
  for (const [i, { probability, counts }] of selection.lottery.entries()) {
    total += probability
    if (!(probability >= 0)) complain(`Panel ${i} has the probability ${probability}.`)
    const seats = new Map<number, number>()
    for (const [t, n] of counts) {
      const type = selection.types[t]
      if (!type || n < 1 || n > type.people.length || seats.has(t)) complain(`Panel ${i} counts ${n} of type ${t}.`)
      else chance[t]! += (probability * n) / type.people.length
      seats.set(t, n)
    }
    for (const fault of broken(rows, seats)) complain(`Panel ${i} ${fault}`)
  }
  if (Math.abs(total - 1) > TOLERANCE) complain(`The probabilities sum to ${total}, not 1.`)
  // Numbered panels round the lottery, so they are panels of their own.
  for (const [i, ids] of (selection.panels ?? []).entries()) {
    const seats = new Map<number, number>()
    for (const id of ids) {
      const type = typeOf.get(person.get(id) ?? -1) ?? -1
      seats.set(type, (seats.get(type) ?? 0) + 1)
    }
    if (seats.has(-1) || new Set(ids).size < ids.length) complain(`Numbered panel ${i + 1} names nobody, or one twice.`)
    for (const fault of broken(rows, seats)) complain(`Numbered panel ${i + 1} ${fault}`)
  }
  return chance
}

/** Checks the chances that the file tells: of each type, under the cap, and of those who have none. */
export function checkChances({ selection, complain }: Claim, chance: Float64Array): void {
  const never = new Set(selection.unreachable.map(({ type }) => type))
  for (const [t, { probability }] of selection.types.entries()) {
    const own = chance[t]!
    if (Math.abs(probability - own) > TOLERANCE)
      complain(`Type ${t} is said to have the chance ${probability}; the lottery gives ${own}.`)
    if (own > selection.cap + TOLERANCE) complain(`Type ${t} has the chance ${own}, above the cap of ${selection.cap}.`)
    if (own < 1e-9 && !never.has(t)) complain(`Type ${t} cannot be selected, and the file does not say so.`)
    if (own >= 1e-9 && never.has(t)) complain(`Type ${t} is said to be unreachable and has a chance.`)
  }
}
