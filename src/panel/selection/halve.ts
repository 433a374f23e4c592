import { type Face, sumsOf } from './flight.ts'
import { walkOver } from './walk.ts'

/** With more types moving than this, flights begin from points in which fewer move. */
const FEW = 500

/**
 * Points whose mean is the target, each with so few types moving that a flight from it is short. Flights from all of them in
 * turn have the target for their mean, as flights from itself have; panels may still hold anyone of the face.
 */
export function thinned(face: Face, roll: () => number): Face[] {
  const moving = face.low.reduce((sum, low, t) => sum + (low < face.high[t]! ? 1 : 0), 0)
  // A walk leaves as many types undecided as there are rows: with many rows, halves are no smaller.
  if (moving <= Math.max(FEW, 6 * face.problem.rows.length)) return [face]
  return halve(face, roll).flatMap(half => thinned(startingFrom(half, face), roll))
}

/**
 * Two points whose mean is the target, with the same sum of every row and about half as many types moving in each: what one
 * point gives up the other takes.
 */
function halve(face: Face, roll: () => number): [Float64Array, Float64Array] {
  const { problem, expected, low, high } = face
  const reach = expected.map((x, t) => Math.min(x - low[t]!, high[t]! - x))
  const sums = sumsOf(problem, expected)
  const { x } = walkOver(
    problem,
    {
      from: expected,
      low: expected.map((x, t) => x - reach[t]!),
      high: expected.map((x, t) => x + reach[t]!),
      sums,
      sumLow: sums,
      sumHigh: sums,
    },
    roll,
  )(
    new Float64Array(expected.length),
    Float64Array.from(expected, () => roll() - 0.5),
  )
  const one = x.slice()
  return [one, expected.map((x, t) => 2 * x - one[t]!)]
}

function startingFrom(point: Float64Array, face: Face): Face {
  const expected = point.map(x => (Math.abs(x - Math.round(x)) < 1e-9 ? Math.round(x) : x))
  const low = Int32Array.from(expected, Math.floor)
  return { ...face, expected, low, high: Int32Array.from(expected, Math.ceil) }
}
