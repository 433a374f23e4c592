import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { isDate } from '#src/platform/calendar/dates.ts'
import { accessDue, complaintDue } from './clocks.ts'
import { dueCommand } from './command.ts'
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

/** Every working day of the test's own reckoning, from the published list of GOV.UK for 2026 to 2028. */
const published = new Set(
  (
    '2026-01-01 2026-04-03 2026-04-06 2026-05-04 2026-05-25 2026-08-31 2026-12-25 2026-12-28 2027-01-01 2027-03-26 2027-03-29 ' +
    '2027-05-03 2027-05-31 2027-08-30 2027-12-27 2027-12-28 2028-01-03 2028-04-14 2028-04-17 2028-05-01 2028-05-29 2028-08-28 ' +
    '2028-12-25 2028-12-26'
  ).split(' '),
)
const worked = (date: string) => ![0, 6].includes(new Date(`${date}T12:00:00Z`).getUTCDay()) && !published.has(date)
const nextDay = (date: string) => new Date(Date.parse(`${date}T12:00:00Z`) + 86_400_000).toISOString().slice(0, 10)
const theDayBefore = (date: string) => new Date(Date.parse(`${date}T12:00:00Z`) - 86_400_000).toISOString().slice(0, 10)

/** The same date some months on, or the last day of a shorter month, found by walking. */
function walk(from: string, months: number): string {
  let at = from
  for (let passed = 0; passed < months; ) {
    at = nextDay(at)
    if (at.endsWith('-01')) passed++
  }
  while (at.slice(8) < from.slice(8) && !nextDay(at).endsWith('-01')) at = nextDay(at)
  return at
}

const within2 = fc
  .date({ min: new Date('2026-01-01'), max: new Date('2028-06-30'), noInvalidDate: true })
  .map(at => at.toISOString().slice(0, 10))
const later = fc.option(fc.integer({ min: 0, max: 40 }), { nil: undefined })

test('[N-70] every date agrees with counting day by day: identity, clarification, extension and notice', () => {
  fc.assert(
    fc.property(within2, later, later, later, fc.boolean(), (received, proved, asked, answered, extended) => {
      const add = (from: string, days: number) => {
        let at = from
        for (let day = 0; day < days; day++) at = nextDay(at)
        return at
      }
      const identityReceived = proved === undefined ? undefined : add(received, proved)
      const clarificationAsked = asked === undefined ? undefined : add(received, asked)
      const clarificationAnswered =
        clarificationAsked === undefined || answered === undefined ? undefined : add(clarificationAsked, answered)
      const start = identityReceived ?? received
      let uncounted = 0
      if (clarificationAsked && clarificationAnswered)
        for (let at = clarificationAsked; at <= clarificationAnswered; at = nextDay(at)) if (at >= start) uncounted++
      let due = add(walk(start, extended ? 3 : 1), uncounted)
      while (!worked(due)) due = nextDay(due)
      let notice = add(walk(start, 1), uncounted)
      while (!worked(notice)) notice = theDayBefore(notice)
      const found = accessDue({
        received,
        ...(identityReceived ? { identityAsked: received, identityReceived } : {}),
        ...(clarificationAsked ? { clarificationAsked } : {}),
        ...(clarificationAnswered ? { clarificationAnswered } : {}),
        extended,
      })
      assert.deepEqual([found.due, found.notice_by], [due, notice])
    }),
    { numRuns: 500 },
  )
})

test('[N-73] the 30 days of a complaint agree with counting them day by day', () => {
  fc.assert(
    fc.property(within2, received => {
      let at = received
      for (let day = 1; day <= 30; day++) at = nextDay(at)
      while (!worked(at)) at = nextDay(at)
      assert.equal(complaintDue(received).due, at)
    }),
  )
})

/** What `panel due` prints, and its exit code. */
async function run(line: string) {
  const said: string[] = []
  const wrong: string[] = []
  const io = { out: (text: string) => void said.push(text), err: (text: string) => void wrong.push(text) }
  const code = await dueCommand(line.split(' '), io)
  return { code, said: said.join('\n'), wrong: wrong.join('\n') }
}

const asPrinted: [string, string, string?][] = [
  ['access 2026-09-03', '2026-10-05', '2026-10-02'],
  ['access 2026-08-31', '2026-09-30', '2026-09-30'],
  ['access 2027-01-31', '2027-03-01', '2027-02-26'],
  ['access 2026-11-25', '2026-12-29', '2026-12-24'],
  ['access 2028-01-29', '2028-02-29', '2028-02-29'],
  ['access 2026-09-10 --clarification-asked 2026-09-14 --answered 2026-09-21', '2026-10-19', '2026-10-16'],
  ['access 2026-09-10 --identity-asked 2026-09-10 --identity-received 2026-09-24', '2026-10-26', '2026-10-23'],
  ['access 2026-09-03 --extended', '2026-12-03', '2026-10-02'],
  ['complaint 2026-12-01', '2026-12-31'],
  ['complaint 2026-12-02', '2027-01-04'],
  ['member-expiry 2024-02-29', '2027-08-28'],
  ['applicant-expiry 2026-08-31', '2027-02-28'],
  ['applicant-expiry 2027-08-31', '2028-02-29'],
]
for (const [line, due, notice] of asPrinted)
  test(`[N-70] panel due ${line} prints ${due}`, async () => {
    assert.deepEqual(await run(line), { code: 0, said: due, wrong: '' })
    const { steps, ...dates } = JSON.parse((await run(`${line} --json`)).said)
    assert.deepEqual(dates, notice ? { due, notice_by: notice } : { due })
    assert.ok(steps.length > 1 && steps.every((one: unknown) => typeof one === 'string'))
  })

test('a wrong date, order or option of panel due is one sentence and exit 2', async () => {
  for (const [line, sentence] of [
    ['access 2026-02-29', '"2026-02-29" is not a date: write it like 2026-11-25.'],
    ['access tomorrow --json', '"tomorrow" is not a date: write it like 2026-11-25.'],
    ['access 2026-09-10 --answered 2026-09-21', 'Say when clarification was asked for, too.'],
    [
      'access 2026-09-10 --clarification-asked 2026-09-14 --answered 2026-09-11',
      'Clarification cannot come before it was asked for.',
    ],
    ['access 2026-09-10 --identity-received 2026-09-11', 'Say when proof of identity was asked for, too.'],
    ['access 2026-09-10 --identity-asked 2026-09-01', 'Proof of identity cannot be asked for before the request came.'],
    ['complaint 2026-09-10 --extended', 'panel due complaint takes no --extended.'],
    ['member-expiry 2026-09-10 --left 2026-09-09', 'Nobody can leave before their term starts.'],
    ['party 2026-09-10', '"party" is none of access, complaint, member-expiry, applicant-expiry.'],
    ['access 2026-09-10 --soon', "Unknown option '--soon'."],
  ] as const)
    assert.deepEqual(await run(line), { code: 2, said: '', wrong: sentence }, line)
})

test('while proof or clarification is awaited the reckoning says that the date moves', async () => {
  assert.match(
    (await run('access 2026-09-10 --identity-asked 2026-09-11 --json')).said,
    /the month begins when it does/,
  )
  assert.match((await run('access 2026-09-10 --clarification-asked 2026-09-11 --json')).said, /the clock stands/)
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
