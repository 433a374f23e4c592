import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { readDay } from './day.ts'
import { sayDate } from './london.ts'

const anyDay = fc
  .date({ min: new Date('1900-01-01'), max: new Date('2199-12-31'), noInvalidDate: true })
  .map(at => at.toISOString().slice(0, 10))

test('every day is read back from each way in which people write it', () => {
  fc.assert(
    fc.property(anyDay, iso => {
      const [year = '', month = '', day = ''] = iso.split('-')
      const said = sayDate(iso)
      const short = said.replace(/[a-z]+(?= )/i, name => name.slice(0, 3))
      const all = [
        iso,
        said,
        said.toUpperCase(),
        short,
        `${Number(day)}/${Number(month)}/${year}`,
        `${day}.${month}.${year}`,
      ]
      for (const text of all) assert.equal(readDay(` ${text} `), iso, text)
    }),
  )
})

test('what is no day is read as none, and nothing makes it fail', () => {
  for (const text of [
    '',
    '29/2/2027',
    '31 June 2027',
    '3/27/2027',
    '27 Mai 2027',
    '27/3/27',
    'tomorrow',
    '0/0/0000',
    '1 ma 2027',
  ])
    assert.equal(readDay(text), undefined, text)
  fc.assert(
    fc.property(fc.string(), text => readDay(text) === undefined || /^\d{4}-\d\d-\d\d$/.test(readDay(text) ?? '')),
  )
})
