import assert from 'node:assert/strict'
import { test } from 'node:test'
import { drawPanel, drawPeople } from './draw.ts'
import { streamFrom } from './stream.ts'

test('the same seed and purpose give the same numbers, another purpose others', () => {
  const numbers = (seed: string, purpose: string) => {
    const stream = streamFrom(seed, purpose)
    return Array.from({ length: 20 }, () => stream.below(1000))
  }
  assert.deepEqual(numbers('dice 4 2 6', 'panel'), numbers('dice 4 2 6', 'panel'))
  assert.notDeepEqual(numbers('dice 4 2 6', 'panel'), numbers('dice 4 2 6', 'people'))
})

test('every number below a bound is equally likely (chi-squared, 6 cells, far beyond chance at 30)', () => {
  const cells = new Array(6).fill(0)
  const stream = streamFrom('a seed', 'dice')
  for (let i = 0; i < 60_000; i++) cells[stream.below(6)]++
  assert.ok(cells.reduce((sum, count) => sum + (count - 10_000) ** 2 / 10_000, 0) < 30)
})

test('bits, runs and pairs of the stream look like chance', () => {
  const stream = streamFrom('another seed', 'bits')
  const bits = Array.from({ length: 80_000 }, () => stream.below(2))
  const ones = bits.filter(bit => bit).length
  assert.ok(Math.abs(ones - 40_000) < 4.5 * Math.sqrt(20_000), 'as many ones as zeros')
  const runs = bits.filter((bit, i) => i > 0 && bit !== bits[i - 1]).length
  assert.ok(Math.abs(runs - 40_000) < 4.5 * Math.sqrt(20_000), 'as many changes as not')
  const units = Array.from({ length: 20_000 }, () => stream.unit())
  const mean = units.reduce((sum, unit) => sum + unit, 0) / units.length
  assert.ok(Math.abs(mean - 0.5) < 4.5 * Math.sqrt(1 / 12 / units.length))
  const together = units.slice(1).reduce((sum, unit, i) => sum + (unit - 0.5) * (units[i]! - 0.5), 0) / units.length
  assert.ok(Math.abs(together) < (4.5 / 12) * Math.sqrt(1 / units.length), 'neighbours do not depend on each other')
})

test('panels are drawn as often as their probability, and people evenly within their type', () => {
  const panels = [0, 0, 0]
  const people = new Map<number, number>()
  for (let i = 0; i < 20_000; i++) {
    panels[drawPanel([0.5, 0.3, 0.2], streamFrom(`seed ${i}`, 'panel'))]!++
    const homes = [1, 1, 2, 3, 3, 4]
    const types = [
      { people: [0, 2, 3], homes: [homes[0]!, homes[2]!, homes[3]!] },
      { people: [1, 5, 4], homes: [homes[1]!, homes[2]!, homes[4]!] },
    ]
    for (const person of drawPeople(
      [
        [0, 1],
        [1, 1],
      ],
      types,
      streamFrom(`seed ${i}`, 'people'),
    ))
      people.set(person, (people.get(person) ?? 0) + 1)
  }
  for (const [i, expected] of [10_000, 6_000, 4_000].entries()) assert.ok(Math.abs(panels[i]! - expected) < 320)
  for (const count of people.values()) assert.ok(Math.abs(count - 20_000 / 3) < 320, `${[...people]}`)
})

test('a bound that is not a whole number above zero is refused', () => {
  for (const below of [0, -1, 1.5, Number.NaN]) assert.throws(() => streamFrom('s', 'p').below(below), RangeError)
})
