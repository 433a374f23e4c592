import type { Stream } from './stream.ts'

/** What a draw needs to know of a type: its people in a fixed order, and the home of each where homes count. */
export type Drawable = { people: readonly number[] | Int32Array; homes?: readonly number[] | Int32Array }

/** Draws the panel: the first whose probabilities, summed from the start, exceed a number of the stream. */
export function drawPanel(probabilities: readonly number[], stream: Stream): number {
  const total = probabilities.reduce((sum, p) => sum + p, 0)
  let left = stream.unit() * total
  for (const [index, probability] of probabilities.entries()) {
    left -= probability
    if (left < 0) return index
  }
  return probabilities.length - 1
}

/**
 * Draws the people of a panel, each type's seats evenly among its people. Types of one class of home are made up alike, so
 * leaving out the homes already seated keeps everyone of a type equally likely.
 */
export function drawPeople(
  counts: readonly (readonly [type: number, count: number])[],
  types: readonly Drawable[],
  stream: Stream,
  seatedHomes: Set<number> = new Set(),
): number[] {
  const drawn: number[] = []
  for (const [type, count] of [...counts].sort((a, b) => a[0] - b[0])) {
    const { people, homes } = types[type] ?? { people: [] }
    const left = Array.from(people, (person, i) => ({ person, home: homes?.[i] ?? -1 }))
    for (let seat = 0; seat < count; seat++) {
      const free = homes ? left.filter(({ home }) => home < 0 || !seatedHomes.has(home)) : left
      const taken = free[stream.below(free.length)]
      if (!taken) throw new Error('A panel asks for more people of a type than there are.')
      left.splice(left.indexOf(taken), 1)
      if (taken.home >= 0) seatedHomes.add(taken.home)
      drawn.push(taken.person)
    }
  }
  return drawn
}

/** The reserves, one from each type named, in order, none of them drawn before. */
export function drawReserves(
  types: readonly Drawable[],
  reserveTypes: number[],
  members: number[],
  picks: Stream,
): number[] {
  const drawn = new Set(members)
  return reserveTypes.flatMap(type => {
    const left = Array.from(types[type]?.people ?? []).filter(person => !drawn.has(person))
    if (!left.length) return []
    const person = left[picks.below(left.length)]
    if (person === undefined) return []
    drawn.add(person)
    return [person]
  })
}
