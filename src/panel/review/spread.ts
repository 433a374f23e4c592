import { createHash } from 'node:crypto'

/** What is to be read, by whom, and who may not read what. */
export interface Panel {
  /** How many more readings each application needs. */
  needs: ReadonlyMap<string, number>
  /** Each reader with how much they hold already. */
  readers: ReadonlyMap<string, number>
  /** The most that one reader holds. */
  cap: number
  /** Whether this reader may not have this application: a conflict, or they had it before. */
  barred(reader: string, application: string): boolean
}

export interface Pair {
  application: string
  reader: string
}

/**
 * Gives every application its readers, as evenly as conflicts and the cap allow: nobody could take one from someone who
 * holds two more. Augmenting paths, as in bipartite matching: what cannot be placed here can be placed by nobody, and
 * comes back in `short`. The same seed gives the same answer.
 */
export function spread(panel: Panel, seed: string): { pairs: Pair[]; short: Map<string, number> } {
  const readers = [...panel.readers.keys()].sort(by(seed))
  const load = new Map(panel.readers)
  const held = new Map(readers.map(reader => [reader, new Set<string>()]))
  const short = new Map<string, number>()
  const takes = (reader: string, application: string) =>
    !held.get(reader)?.has(application) && !panel.barred(reader, application)
  const give = (reader: string, application: string, by: 1 | -1) => {
    load.set(reader, (load.get(reader) ?? 0) + by)
    if (by === 1) held.get(reader)?.add(application)
    else held.get(reader)?.delete(application)
  }
  const of = (reader: string) => load.get(reader) ?? 0
  const mix = mixing(seed)

  /** Moves one application along each step of the shortest way from these readers to one that holds fewer than `below`. */
  const shift = (from: readonly string[], below: number): string | undefined => {
    const way = new Map<string, { reader: string; application: string } | undefined>(from.map(one => [one, undefined]))
    const queue = [...from]
    for (let reader = queue.shift(); reader !== undefined; reader = queue.shift()) {
      if (of(reader) < below) return follow(way, reader)
      for (const next of readers) {
        if (way.has(next)) continue
        for (const application of held.get(reader) ?? [])
          if (takes(next, application)) {
            way.set(next, { reader, application })
            queue.push(next)
            break
          }
      }
    }
    return undefined
  }
  const follow = (way: Map<string, { reader: string; application: string } | undefined>, end: string): string => {
    let at = end
    for (let step = way.get(at); step; step = way.get(at)) {
      give(step.reader, step.application, -1)
      give(at, step.application, 1)
      at = step.reader
    }
    return at
  }

  for (const application of [...panel.needs.keys()].sort(by(seed)))
    for (let still = panel.needs.get(application) ?? 0; still > 0; still--) {
      const able = readers.filter(reader => takes(reader, application))
      const isBefore = (one: string, best: string) =>
        of(one) < of(best) || (of(one) === of(best) && mix(one, application) < mix(best, application))
      const least = able.reduce<string | undefined>(
        (best, one) => (of(one) < panel.cap && (best === undefined || isBefore(one, best)) ? one : best),
        undefined,
      )
      const reader = least ?? shift(able, panel.cap)
      if (reader === undefined) {
        short.set(application, still)
        break
      }
      give(reader, application, 1)
    }
  level(readers, of, shift)
  const pairs = readers.flatMap(reader => [...(held.get(reader) ?? [])].map(application => ({ reader, application })))
  return { pairs, short }
}

/** Evens out: while someone can pass one on, by whatever way, to someone who holds two fewer. */
function level(
  readers: readonly string[],
  of: (reader: string) => number,
  shift: (from: readonly string[], below: number) => string | undefined,
): void {
  for (let moved = true; moved; ) {
    moved = false
    for (const reader of [...readers].sort((a, b) => of(b) - of(a)))
      while (shift([reader], of(reader) - 1) !== undefined) moved = true
  }
}

/**
 * A number for a pair that looks random: among readers with as much to read, it decides. So everyone shares applications
 * with many others, and not always with the same.
 */
function mixing(seed: string): (reader: string, application: string) => number {
  const numbers = new Map<string, number>()
  const of = (one: string) => {
    const known = numbers.get(one) ?? createHash('sha256').update(`${seed}\n${one}`).digest().readUInt32LE()
    numbers.set(one, known)
    return known
  }
  return (reader, application) => {
    const mixed = Math.imul(of(reader) ^ of(application), 0x9e3779b1)
    return Math.imul(mixed ^ (mixed >>> 15), 0x85ebca6b) >>> 0
  }
}

/** An order that looks random, and is the same for the same seed. */
export function by(seed: string): (a: string, b: string) => number {
  const keys = new Map<string, string>()
  const key = (one: string) => {
    const known = keys.get(one) ?? createHash('sha256').update(`${seed}\n${one}`).digest('hex')
    keys.set(one, known)
    return known
  }
  return (a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0)
}
