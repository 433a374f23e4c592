import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { adjustedMeans, type Given, ranks } from './adjusted.ts'

const quality = fc.double({ min: 1, max: 5, noNaN: true })
const strictness = fc.double({ min: -1, max: 1, noNaN: true })

test('readers who differ only in strictness are seen through: applications differ by what they differ', () => {
  fc.assert(
    fc.property(
      fc.array(quality, { minLength: 2, maxLength: 30 }),
      fc.array(strictness, { minLength: 2, maxLength: 6 }),
      (qualities, severities) => {
        // Neighbours share a reader, so that all can be compared.
        const given: Given[] = qualities.flatMap((value, at) =>
          [at, at + 1].map(turn => {
            const reader = turn % severities.length
            return { application: `a${at}`, reader: `r${reader}`, score: value + (severities[reader] ?? 0) }
          }),
        )
        const means = adjustedMeans(given)
        const first = means.get('a0') ?? 0
        for (const [at, value] of qualities.entries())
          assert.ok(Math.abs((means.get(`a${at}`) ?? 0) - first - (value - (qualities[0] ?? 0))) < 1e-4)
      },
    ),
  )
})

test('readers who are equally strict leave the means as they are; equals share a place', () => {
  const given: Given[] = ['r1', 'r2'].flatMap(reader => [
    { application: 'a', reader, score: 3 },
    { application: 'b', reader, score: 2 },
    { application: 'c', reader, score: 3 },
  ])
  const means = adjustedMeans(given)
  assert.deepEqual([...means.values()].map(Math.round), [3, 2, 3])
  assert.deepEqual([...ranks(means)].sort(), [
    ['a', 1],
    ['b', 3],
    ['c', 1],
  ])
})

test('the strict reader’s only application rises past one that a mild reader liked as much', () => {
  const given: Given[] = [
    { application: 'shared', reader: 'strict', score: 2 },
    { application: 'shared', reader: 'mild', score: 4 },
    { application: 'one', reader: 'strict', score: 3 },
    { application: 'other', reader: 'mild', score: 4 },
  ]
  const means = adjustedMeans(given)
  assert.ok((means.get('one') ?? 0) > (means.get('other') ?? 0))
})
