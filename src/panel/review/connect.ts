import type { Pair } from './spread.ts'

/** Trades tried for one joining: a round in which conflicts keep readers apart must not take for ever. */
const MOST_TRIES = 300

/**
 * Joins groups of readers that share no application, so that everyone can be compared with everyone: two new readings of
 * two groups change hands, and nobody's load changes. What is `held` already stays where it is. Works only where
 * applications have two readings or more.
 */
export function connect(
  pairs: readonly Pair[],
  barred: (reader: string, application: string) => boolean,
  held: readonly Pair[] = [],
): Pair[] {
  const now = pairs.map(pair => ({ ...pair }))
  const all = [...held, ...now]
  while (joinTwo(now, all, barred));
  return now
}

/** One trade that leaves fewer groups; false when none does. `all` holds the pairs of `now` themselves, and others. */
function joinTwo(now: Pair[], all: readonly Pair[], barred: (reader: string, application: string) => boolean): boolean {
  const groups = groupsOf(all)
  const before = sizeOf(groups)
  if (before < 2) return false
  const had = new Set(all.map(keyOf))
  const mayTake = (reader: string, application: string) =>
    !had.has(keyOf({ reader, application })) && !barred(reader, application)
  const times = new Map<string, number>()
  for (const { application } of all) times.set(application, (times.get(application) ?? 0) + 1)
  const shared = now.filter(pair => (times.get(pair.application) ?? 0) > 1)
  const byGroup = Map.groupBy(shared, pair => groups.get(pair.reader) ?? '')
  let tries = MOST_TRIES
  for (const group of ringed(all, groups))
    for (const one of byGroup.get(group) ?? [])
      for (const [elsewhere, others] of byGroup)
        for (const other of elsewhere === group ? [] : others) {
          if (!mayTake(one.reader, other.application) || !mayTake(other.reader, one.application)) continue
          if (tries-- === 0) return false
          trade(one, other)
          if (sizeOf(groupsOf(all)) < before) return true
          trade(one, other)
        }
  return false
}

/** Groups that stay whole without one of their readings: as many readings as readers and applications, or more. */
function ringed(all: readonly Pair[], groups: ReadonlyMap<string, string>): string[] {
  const of = (pair: Pair) => groups.get(pair.reader) ?? ''
  return [...Map.groupBy(all, of)]
    .filter(([, own]) => {
      const ends = new Set(own.flatMap(pair => [`reader ${pair.reader}`, `application ${pair.application}`]))
      return own.length >= ends.size
    })
    .map(([group]) => group)
}

function trade(one: Pair, other: Pair): void {
  const reader = one.reader
  one.reader = other.reader
  other.reader = reader
}

function keyOf(pair: Pair): string {
  return `${pair.reader} ${pair.application}`
}

function sizeOf(groups: ReadonlyMap<string, string>): number {
  return new Set(groups.values()).size
}

/** Which group each reader is in: readers are together when a chain of shared applications joins them. */
export function groupsOf(pairs: readonly Pair[]): Map<string, string> {
  const parent = new Map<string, string>()
  const root = (one: string): string => {
    const up = parent.get(one) ?? one
    if (up === one) return one
    const top = root(up)
    parent.set(one, top)
    return top
  }
  const first = new Map<string, string>()
  for (const { reader, application } of pairs) {
    if (!parent.has(reader)) parent.set(reader, reader)
    const other = first.get(application)
    if (other === undefined) first.set(application, reader)
    else parent.set(root(reader), root(other))
  }
  return new Map([...parent.keys()].map(reader => [reader, root(reader)]))
}
