import type { Pair } from './spread.ts'

/**
 * Joins groups of readers that share no application, so that everyone can be compared with everyone: two readings of
 * two groups change hands, and nobody's load changes. Works only where applications have two readings or more.
 */
export function connect(pairs: readonly Pair[], barred: (reader: string, application: string) => boolean): Pair[] {
  const now = [...pairs]
  for (let tries = 0; tries < pairs.length; tries++) {
    const groups = groupsOf(now)
    if (new Set(groups.values()).size < 2 || !swap(now, groups, barred)) break
  }
  return now
}

/** Which group each reader is in: readers are together when a chain of shared applications joins them. */
export function groupsOf(pairs: readonly Pair[]): Map<string, string> {
  const parent = new Map<string, string>()
  const root = (one: string): string => {
    const up = parent.get(one) ?? one
    return up === one ? one : root(up)
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

function swap(
  pairs: Pair[],
  groups: Map<string, string>,
  barred: (reader: string, application: string) => boolean,
): boolean {
  const has = new Set(pairs.map(pair => `${pair.reader} ${pair.application}`))
  const times = new Map<string, number>()
  for (const { application } of pairs) times.set(application, (times.get(application) ?? 0) + 1)
  const may = (reader: string, application: string) =>
    !has.has(`${reader} ${application}`) && !barred(reader, application)
  const shared = pairs.filter(pair => (times.get(pair.application) ?? 0) > 1)
  const here = groups.get(shared[0]?.reader ?? '')
  for (const one of shared.filter(pair => groups.get(pair.reader) === here).slice(0, 200))
    for (const other of shared) {
      if (groups.get(other.reader) === here) continue
      if (!may(one.reader, other.application) || !may(other.reader, one.application)) continue
      const [a, b] = [one.reader, other.reader]
      one.reader = b
      other.reader = a
      return true
    }
  return false
}
