import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { connect, groupsOf } from './connect.ts'
import { type Panel, spread } from './spread.ts'

const panels = fc
  .record({
    applications: fc.integer({ min: 1, max: 24 }),
    readers: fc.integer({ min: 1, max: 7 }),
    readings: fc.integer({ min: 1, max: 3 }),
    spare: fc.integer({ min: 0, max: 3 }),
    bars: fc.array(fc.tuple(fc.nat(6), fc.nat(23)), { maxLength: 30 }),
    seed: fc.string(),
  })
  .map(one => {
    const bars = new Set(one.bars.map(([reader, application]) => `r${reader} a${application}`))
    const needs = new Map(Array.from({ length: one.applications }, (_, at) => [`a${at}`, one.readings]))
    const readers = new Map(Array.from({ length: one.readers }, (_, at) => [`r${at}`, 0]))
    const cap = Math.ceil((one.applications * one.readings) / one.readers) + one.spare
    const panel: Panel = { needs, readers, cap, barred: (r, a) => bars.has(`${r} ${a}`) }
    return { ...one, panel, free: bars.size === 0 }
  })

/** Counts what can be placed at most with this cap: Ford and Fulkerson's way, written without a look at `spread`. */
function most(panel: Panel, cap: number): number {
  const held: Record<string, string[]> = Object.fromEntries([...panel.readers.keys()].map(reader => [reader, []]))
  let placed = 0
  const place = (application: string, tried: Set<string>): boolean => {
    for (const reader of panel.readers.keys()) {
      const own = held[reader]
      if (!own || tried.has(reader) || own.includes(application) || panel.barred(reader, application)) continue
      tried.add(reader)
      if (own.length < cap) return own.push(application) > 0
      for (const other of [...own]) {
        if (other === application) continue
        own.splice(own.indexOf(other), 1)
        if (place(other, tried)) return own.push(application) > 0
        own.push(other)
      }
    }
    return false
  }
  for (const [application, times] of panel.needs)
    for (let at = 0; at < times; at++) if (place(application, new Set())) placed++
  return placed
}

test('1,000 random panels: nobody reads what they must not, nobody holds more than the cap, nothing is left that could be placed, and loads differ by one where conflicts allow', () => {
  fc.assert(
    fc.property(panels, ({ panel, seed, readings, readers, free }) => {
      const { pairs, short } = spread(panel, seed)
      const wanted = [...panel.needs.values()].reduce((sum, one) => sum + one, 0)
      const missing = [...short.values()].reduce((sum, one) => sum + one, 0)
      assert.equal(pairs.length, wanted - missing)
      assert.equal(new Set(pairs.map(one => `${one.reader} ${one.application}`)).size, pairs.length)
      assert.ok(pairs.every(one => !panel.barred(one.reader, one.application)))
      const loads = [...panel.readers.keys()].map(reader => pairs.filter(one => one.reader === reader).length)
      assert.ok(loads.every(load => load <= panel.cap))
      assert.equal(pairs.length, most(panel, panel.cap))
      const spreadOf = Math.max(...loads) - Math.min(...loads)
      if (free && readings <= readers) assert.ok(spreadOf <= 1)
      else if (spreadOf > 1 && pairs.length === wanted) assert.ok(cannotLevel(panel, pairs, loads))
      assert.deepEqual(spread(panel, seed).pairs, pairs)
    }),
    { numRuns: 1000 },
  )
})

/** Everyone whom the fullest reader can reach by passing on is at most one below: a proof that no better exists. */
function cannotLevel(panel: Panel, pairs: { reader: string; application: string }[], loads: number[]): boolean {
  const names = [...panel.readers.keys()]
  const full = Math.max(...loads)
  const reached = new Set(names.filter((_, at) => loads[at] === full))
  for (const from of reached)
    for (const { application } of pairs.filter(one => one.reader === from))
      for (const to of names)
        if (!panel.barred(to, application) && !pairs.some(one => one.reader === to && one.application === application))
          reached.add(to)
  return names.every((name, at) => !reached.has(name) || (loads[at] ?? 0) >= full - 1)
}

test('readers who share no application are joined by changing hands, and loads stay', () => {
  const pairs = [
    ['a', 1],
    ['b', 1],
    ['a', 2],
    ['b', 2],
    ['c', 3],
    ['d', 3],
    ['c', 4],
    ['d', 4],
  ].map(([reader, application]) => ({ reader: String(reader), application: String(application) }))
  assert.equal(new Set(groupsOf(pairs).values()).size, 2)
  const joined = connect(pairs, () => false)
  assert.equal(new Set(groupsOf(joined).values()).size, 1)
  for (const reader of 'abcd') assert.equal(joined.filter(one => one.reader === reader).length, 2)
})

/** Two panels that share nobody and nothing, with bars between them too: what `connect` is for. */
const parted = fc
  .tuple(panels, panels, fc.array(fc.tuple(fc.nat(6), fc.nat(23)), { maxLength: 60 }))
  .map(([one, two, between]) => {
    const far = new Set(between.flatMap(([reader, at]) => [`r${reader} far a${at}`, `far r${reader} a${at}`]))
    const plain = (name: string) => name.replace('far ', '')
    const isFar = (name: string) => name.startsWith('far ')
    const barred = (reader: string, application: string) =>
      isFar(reader) === isFar(application)
        ? (isFar(reader) ? two : one).panel.barred(plain(reader), plain(application))
        : far.has(`${reader} ${application}`)
    const moved = spread(two.panel, two.seed).pairs.map(({ reader, application }) => ({
      reader: `far ${reader}`,
      application: `far ${application}`,
    }))
    return { pairs: [...spread(one.panel, one.seed).pairs, ...moved], barred }
  })

test('1,000 random panels: joining readers gives nobody what they must not read, changes no load, and loses no reading', () => {
  let joined = 0
  fc.assert(
    fc.property(parted, ({ pairs, barred }) => {
      const after = connect(pairs, barred)
      assert.ok(after.every(one => !barred(one.reader, one.application)))
      assert.equal(new Set(after.map(one => `${one.reader} ${one.application}`)).size, pairs.length)
      const count = (of: 'reader' | 'application', all: typeof pairs) =>
        [...Map.groupBy(all, one => one[of])].map(([one, own]) => `${one} ${own.length}`).sort()
      assert.deepEqual(count('reader', after), count('reader', pairs))
      assert.deepEqual(count('application', after), count('application', pairs))
      const groups = (all: typeof pairs) => new Set(groupsOf(all).values()).size
      assert.ok(groups(after) <= groups(pairs))
      if (groups(after) < groups(pairs)) joined++
    }),
    { numRuns: 1000 },
  )
  assert.ok(joined > 100, String(joined))
})

test('readers whom a bar keeps from one trade are joined by another, and what is held already stays where it is', () => {
  const pair = (reader: string, application: string) => ({ reader, application })
  const held = [pair('a', '1'), pair('b', '1')]
  const pairs = [pair('a', '2'), pair('b', '2'), pair('c', '3'), pair('d', '3'), pair('c', '4'), pair('d', '4')]
  const barred = (reader: string, application: string) =>
    (reader === 'a' && application === '3') || (reader === 'c' && application === '2')
  const after = connect(pairs, barred, held)
  assert.equal(new Set(groupsOf([...held, ...after]).values()).size, 1)
  assert.ok(after.every(one => !barred(one.reader, one.application)))
  assert.deepEqual(held, [pair('a', '1'), pair('b', '1')])
})
