import { createHash } from 'node:crypto'

/** An application to be read, and the readers who may not. */
export interface ToRead {
  id: string
  /** Readers who declared a conflict, typed it in, or have read it. */
  not: ReadonlySet<string>
  /** How many more readings it needs. */
  wants: number
}
export interface Reader {
  id: string
  /** What they have to read already. */
  load: number
  cap: number
}

/** Why it cannot be done, and what would make it possible. */
export interface Impossible {
  why: string
}

/**
 * Gives each application its readers, no one twice, nobody over their cap, conflicts kept. First the least loaded who may;
 * then work moves along chains of readers for as long as that makes the loads more even, which ends at the most even
 * there is (optimal semi-matchings, Harvey et al., 2006). Ties are broken by the seed, the same each time.
 */
export function assign(
  applications: readonly ToRead[],
  readers: readonly Reader[],
  seed: string,
): { pairs: { application: string; reader: string }[] } | Impossible {
  const load = new Map(readers.map(reader => [reader.id, reader.load]))
  const cap = new Map(readers.map(reader => [reader.id, reader.cap]))
  const held = new Map<string, Set<string>>(applications.map(one => [one.id, new Set<string>()]))
  const byId = new Map(applications.map(one => [one.id, one]))
  const dice = (text: string) => createHash('sha256').update(`${seed}/${text}`).digest('hex')
  const may = (application: ToRead) => readers.filter(reader => !application.not.has(reader.id))
  const order = [...applications].sort((a, b) => may(a).length - may(b).length || (dice(a.id) < dice(b.id) ? -1 : 1))
  for (const application of order) {
    const open = may(application)
    if (open.length < application.wants)
      return {
        why: `An application needs ${application.wants} readings, and only ${open.length} of the readers may read it: add a reader without a conflict, or ask for fewer readings`,
      }
    const own: Set<string> = held.get(application.id) ?? new Set()
    for (let reading = 0; reading < application.wants; reading++) {
      const free = open.filter(reader => !own.has(reader.id) && (load.get(reader.id) ?? 0) < (cap.get(reader.id) ?? 0))
      const taken: Reader | undefined =
        least(free, load, reader => dice(`${application.id}/${reader.id}`)) ?? chain(application, own)
      if (!taken) return { why: tooLittle(applications, readers) }
      own.add(taken.id)
      load.set(taken.id, (load.get(taken.id) ?? 0) + 1)
    }
  }
  while (evenOut()) {}
  const pairs = [...held].flatMap(([application, own]) => [...own].map(reader => ({ application, reader })))
  return { pairs }

  /** Frees a reader who is full by moving what they hold to someone who is not; returns that reader. */
  function chain(application: ToRead, own: ReadonlySet<string>): Reader | undefined {
    for (const reader of may(application)) {
      if (own.has(reader.id)) continue
      const path = pathFrom(reader.id, to => (load.get(to) ?? 0) < (cap.get(to) ?? 0))
      if (!path) continue
      move(path)
      return reader
    }
    return undefined
  }

  /** Moves one reading from the fullest to one at least two below, along a chain; false when none does. */
  function evenOut(): boolean {
    const full = [...readers].sort((a, b) => (load.get(b.id) ?? 0) - (load.get(a.id) ?? 0))
    for (const from of full) {
      const high = load.get(from.id) ?? 0
      const path = pathFrom(from.id, to => (load.get(to) ?? 0) <= high - 2 && (load.get(to) ?? 0) < (cap.get(to) ?? 0))
      if (!path) continue
      move(path)
      return true
    }
    return false
  }

  /** The shortest chain of readings that can move on, from one reader to one that `ends` holds for. */
  function pathFrom(start: string, ends: (reader: string) => boolean) {
    const came = new Map<string, { from: string; application: string } | undefined>([[start, undefined]])
    const queue = [start]
    for (let at = queue.shift(); at !== undefined; at = queue.shift()) {
      if (at !== start && ends(at)) {
        const path: { from: string; to: string; application: string }[] = []
        for (let to = at, step = came.get(to); step; to = step.from, step = came.get(to)) path.unshift({ ...step, to })
        return path
      }
      for (const [application, own] of held) {
        if (!own.has(at)) continue
        for (const next of readers)
          if (!came.has(next.id) && !own.has(next.id) && !byId.get(application)?.not.has(next.id)) {
            came.set(next.id, { from: at, application })
            queue.push(next.id)
          }
      }
    }
    return undefined
  }

  function move(path: readonly { from: string; to: string; application: string }[]): void {
    for (const { from, to, application } of path) {
      held.get(application)?.delete(from)
      held.get(application)?.add(to)
      load.set(from, (load.get(from) ?? 0) - 1)
      load.set(to, (load.get(to) ?? 0) + 1)
    }
  }
}

function least(free: readonly Reader[], load: ReadonlyMap<string, number>, tie: (reader: Reader) => string) {
  let best: Reader | undefined
  for (const reader of free) {
    const [mine, theirs] = [load.get(reader.id) ?? 0, best ? (load.get(best.id) ?? 0) : Infinity]
    if (!best || mine < theirs || (mine === theirs && tie(reader) < tie(best))) best = reader
  }
  return best
}

function tooLittle(applications: readonly ToRead[], readers: readonly Reader[]): string {
  const wanted = applications.reduce((sum, one) => sum + one.wants, 0)
  const room = readers.reduce((sum, reader) => sum + Math.max(0, reader.cap - reader.load), 0)
  return wanted > room
    ? `${wanted} readings are needed and the readers have room for ${room}: add readers, raise the cap, or ask for fewer readings`
    : 'Conflicts and caps together leave an application without a reader: add a reader, or raise the cap'
}
