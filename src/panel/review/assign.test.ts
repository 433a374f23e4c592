import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { assign, type Reader, type ToRead } from './assign.ts'

const readers = (count: number, cap = 10_000): Reader[] =>
  Array.from({ length: count }, (_, i) => ({ id: `r${i}`, load: 0, cap }))
const plain = (count: number, wants: number): ToRead[] =>
  Array.from({ length: count }, (_, i) => ({ id: `a${i}`, not: new Set<string>(), wants }))

function loads(pairs: { reader: string }[], all: readonly Reader[]): number[] {
  return all.map(one => one.load + pairs.filter(pair => pair.reader === one.id).length)
}

test('on 1,000 random panels: nobody twice, nobody over the cap, no conflict, and the loads within one where nothing forbids it', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 40 }),
      fc.integer({ min: 1, max: 8 }),
      fc.integer({ min: 1, max: 3 }),
      fc.array(fc.tuple(fc.nat(39), fc.nat(7)), { maxLength: 30 }),
      (applications, count, wants, conflicts) => {
        const all = readers(count)
        const list = plain(applications, Math.min(wants, count)).map((one, i) => ({
          ...one,
          not: new Set(conflicts.filter(([a]) => a === i).map(([, r]) => `r${r}`)),
        }))
        const result = assign(list, all, 'seed')
        if ('why' in result) {
          assert.ok(list.some(one => all.filter(reader => !one.not.has(reader.id)).length < one.wants))
          return
        }
        const seen = new Set(result.pairs.map(pair => `${pair.application} ${pair.reader}`))
        assert.equal(seen.size, result.pairs.length)
        for (const one of list) {
          const own: { reader: string }[] = result.pairs.filter(pair => pair.application === one.id)
          assert.equal(own.length, one.wants)
          for (const pair of own) assert.ok(!one.not.has(pair.reader))
        }
        if (!conflicts.length) {
          const spread = loads(result.pairs, all)
          assert.ok(Math.max(...spread) - Math.min(...spread) <= 1)
        }
        assert.deepEqual(assign(list, all, 'seed'), result, 'the same seed gives the same readers')
      },
    ),
    { numRuns: 1000 },
  )
})

test('no reading can move to make the loads more even, whatever the conflicts', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(19), fc.nat(4)), { maxLength: 40 }), conflicts => {
      const all = readers(5)
      const list = plain(20, 1).map((one, i) => ({
        ...one,
        not: new Set(conflicts.filter(([a]) => a === i).map(([, r]) => `r${r}`)),
      }))
      const result = assign(list, all, 's')
      if ('why' in result) return
      const load = new Map(all.map(one => [one.id, result.pairs.filter(pair => pair.reader === one.id).length]))
      for (const pair of result.pairs)
        for (const other of all) {
          const one = list.find(each => each.id === pair.application)
          if (one?.not.has(other.id) || other.id === pair.reader) continue
          assert.ok((load.get(pair.reader) ?? 0) - (load.get(other.id) ?? 0) <= 1)
        }
    }),
    { numRuns: 300 },
  )
})

test('when it cannot be done it says why, and what would make it possible', () => {
  const few = assign(plain(10, 2), readers(1), 's')
  assert.match('why' in few ? few.why : '', /needs 2 readings, and only 1 of the readers may read it: add a reader/)
  const full = assign(plain(10, 1), readers(2, 3), 's')
  assert.match(
    'why' in full ? full.why : '',
    /10 readings are needed and the readers have room for 6: add readers, raise the cap/,
  )
})

test('a reader who is full makes room by passing on what another may read', () => {
  const all = readers(2, 1)
  const list = [
    { id: 'a', not: new Set<string>(), wants: 1 },
    { id: 'b', not: new Set(['r1']), wants: 1 },
  ]
  const result = assign(list, all, 's')
  assert.ok('pairs' in result && result.pairs.length === 2)
})
