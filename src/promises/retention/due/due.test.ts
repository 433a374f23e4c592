import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { addDays, isDate } from '#src/platform/calendar/dates.ts'
import { isWorkingDay } from '#src/platform/calendar/holidays.ts'
import { accessDue, complaintDue } from './clocks.ts'
import { applicantExpiry, memberExpiry } from './expiry.ts'

test('[N-70] a request is due a month after receipt, on the next working day', () => {
  const due = (received: string) => accessDue({ received }).due
  assert.equal(due('2026-09-03'), '2026-10-05')
  assert.equal(due('2026-08-31'), '2026-09-30')
  assert.equal(due('2027-01-31'), '2027-03-01')
  assert.equal(due('2026-11-25'), '2026-12-29')
  assert.equal(due('2028-01-29'), '2028-02-29')
})

test('[N-70] the clock stops while clarification is awaited, and starts when identity is proved', () => {
  const clarified = accessDue({
    received: '2026-09-10',
    clarificationAsked: '2026-09-14',
    clarificationAnswered: '2026-09-21',
  })
  assert.equal(clarified.due, '2026-10-19')
  assert.equal(
    accessDue({ received: '2026-09-10', identityAsked: '2026-09-10', identityReceived: '2026-09-24' }).due,
    '2026-10-26',
  )
})

test('[N-70] an extension is two further months, with notice on the safe day', () => {
  const extended = accessDue({ received: '2026-09-03', extended: true })
  assert.equal(extended.due, '2026-12-03')
  assert.equal(extended.notice_by, '2026-10-02')
})

test('[N-73] a complaint is acknowledged within 30 days', () => {
  assert.equal(complaintDue('2026-12-01').due, '2026-12-31')
  assert.equal(complaintDue('2026-12-02').due, '2027-01-04')
})

test('[N-48] a member’s record ends on the earlier of the two ways of counting', () => {
  assert.equal(memberExpiry('2024-02-29'), '2027-08-28')
})

test('[N-50] an application ends six months after the closing date, clamped to the month', () => {
  assert.equal(applicantExpiry('2026-08-31'), '2027-02-28')
  assert.equal(applicantExpiry('2027-08-31'), '2028-02-29')
})

// [N-49] Twelve people and the day their record ends.
const twelve: { who: string; start: string; left?: string; ends: string }[] = [
  { who: 'a full term', start: '2027-04-01', ends: '2030-10-01' },
  { who: 'a term from the last day of a month', start: '2027-08-31', ends: '2031-02-28' },
  { who: 'a term from 29 February', start: '2024-02-29', ends: '2027-08-28' },
  { who: 'one who resigned after a year', start: '2027-04-01', left: '2028-04-01', ends: '2028-10-01' },
  { who: 'one who left on the first day', start: '2027-04-01', left: '2027-04-01', ends: '2027-10-01' },
  { who: 'one who left on the last day', start: '2027-04-01', left: '2030-03-31', ends: '2030-09-30' },
  { who: 'one removed in mid-term', start: '2027-04-01', left: '2029-08-31', ends: '2030-02-28' },
  { who: 'one who joined in mid-term', start: '2028-11-15', ends: '2032-05-15' },
  { who: 'a second term on its own clock', start: '2030-04-01', ends: '2033-10-01' },
  { who: 'a third term on its own clock', start: '2033-04-01', ends: '2036-10-01' },
  { who: 'a reserve who took a place late', start: '2029-06-30', ends: '2032-12-30' },
  { who: 'a leaving date after the term changes nothing', start: '2027-04-01', left: '2031-01-01', ends: '2030-10-01' },
]
for (const { who, start, left, ends } of twelve)
  test(`[N-49] ${who}: ${start} to ${ends}`, () => assert.equal(memberExpiry(start, left), ends))

const day = fc
  .date({ min: new Date('2024-01-01'), max: new Date('2032-12-31'), noInvalidDate: true })
  .map(at => at.toISOString().slice(0, 10))

test('[N-70] the month agrees with counting day by day', () => {
  fc.assert(
    fc.property(day, received => {
      const [year = 0, month = 0, date = 0] = received.split('-').map(Number)
      // Walk from receipt to the same date of the next month, or its last day where it is shorter.
      let at = received
      while (!(Number(at.slice(5, 7)) === (month % 12) + 1)) at = addDays(at, 1)
      while (Number(at.slice(8)) < date && Number(addDays(at, 1).slice(5, 7)) === (month % 12) + 1) at = addDays(at, 1)
      while (!isWorkingDay(at)) at = addDays(at, 1)
      assert.equal(accessDue({ received }).due, at)
      assert.ok(year > 0)
    }),
    { numRuns: 500 },
  )
})

test('[N-48] every member’s record ends on a real day, 41 to 42 months and a little after the term starts', () => {
  fc.assert(
    fc.property(day, start => {
      const ends = memberExpiry(start)
      assert.ok(isDate(ends))
      const months =
        (Number(ends.slice(0, 4)) - Number(start.slice(0, 4))) * 12 +
        Number(ends.slice(5, 7)) -
        Number(start.slice(5, 7))
      assert.equal(months, 42)
    }),
  )
})
