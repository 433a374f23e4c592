/** Applications that may be one person's, and what they have in common. */
export interface Likely {
  ids: string[]
  because: string[]
}

/** Those who share a mark; a pair that an officer told apart shares nothing. */
export interface Shared {
  because: string
  ids: readonly string[]
}

/** Applications that share anything, directly or through a third, are one group. */
export function together(shared: Iterable<Shared>, apart: ReadonlySet<string>): Likely[] {
  const told = new Set([...apart].flatMap(pair => pair.split(' ')))
  const groupOf = new Map<string, Likely>()
  const join = (because: string, one: string, other: string) => {
    const [mine, theirs] = [groupOf.get(one), groupOf.get(other)]
    if (mine && mine === theirs) {
      if (!mine.because.includes(because)) mine.because.push(because)
      return
    }
    const joined = {
      ids: [...(mine?.ids ?? [one]), ...(theirs?.ids ?? [other])],
      because: [...new Set([...(mine?.because ?? []), ...(theirs?.because ?? []), because])],
    }
    for (const id of joined.ids) groupOf.set(id, joined)
  }
  for (const { because, ids } of shared) {
    // Whoever was never told apart from anyone is like the first such; the others are compared one by one.
    const plain = ids.filter(id => !told.has(id))
    for (const id of plain.slice(1)) join(because, plain[0] ?? id, id)
    const compared = ids.filter(id => told.has(id))
    for (const [at, id] of compared.entries())
      for (const other of [...plain.slice(0, 1), ...compared.slice(at + 1)])
        if (!apart.has(pairOf(id, other))) join(because, other, id)
  }
  return [...new Set(groupOf.values())].map(({ ids, because }) => ({ ids, because: because.sort() }))
}

/** Names a pair, whichever of the two comes first. */
export function pairOf(one: string, other: string): string {
  return [one, other].sort().join(' ')
}
