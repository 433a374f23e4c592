import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createRound, roundById } from '#src/panel/recruitment/round.ts'
import { within } from '#src/promises/house.ts'
import { system } from '#src/promises/notice/actor.ts'
import { sweep } from '#src/promises/retention/sweep.ts'
import { testHouse } from '#test/house.ts'
import { plan } from '#test/round.ts'
import { writeLetter } from '../correspondence/letters.ts'
import { appoint, comeBack, leave, memberOf, pause } from './members.ts'
import { remindTermEnds } from './term-end.ts'

const by = system('test')
const house = await testHouse({ now: '2024-01-10T09:00:00Z' })

interface Life {
  starts: string
  /** What happens in the term, each at noon of its day. */
  events?: [day: string, what: 'resigned' | 'removed' | 'died' | 'back' | 'paused' | 'on'][]
  /** Terms served before, by the applicant's own word. */
  before?: number
  /** The day they are appointed: the start of the term, unless they join later. */
  joins?: string
  ends: string
}

// [N-49]: (start + 36 months) + 6 months; who leaves early, six months after leaving if that is earlier.
const lives: Record<string, Life> = {
  'a whole term': { starts: '2027-04-01', ends: '2030-10-01' },
  'a term that starts on 29 February': { starts: '2024-02-29', ends: '2027-08-28' },
  'a term that starts on the last of a long month': { starts: '2026-08-31', ends: '2030-02-28' },
  'resigned in the second year': {
    starts: '2027-04-01',
    events: [['2028-05-03', 'resigned']],
    ends: '2028-11-03',
  },
  'resigned on 31 August': { starts: '2027-04-01', events: [['2028-08-31', 'resigned']], ends: '2029-02-28' },
  'resigned a month before the end': { starts: '2027-04-01', events: [['2030-03-01', 'resigned']], ends: '2030-09-01' },
  'gone after the term had ended': { starts: '2027-04-01', events: [['2030-05-01', 'resigned']], ends: '2030-10-01' },
  'resigned, and back within 14 days': {
    starts: '2027-04-01',
    events: [
      ['2028-05-03', 'resigned'],
      ['2028-05-17', 'back'],
    ],
    ends: '2030-10-01',
  },
  'resigned, and too late to come back': {
    starts: '2027-04-01',
    events: [
      ['2028-05-03', 'resigned'],
      ['2028-05-18', 'back'],
    ],
    ends: '2028-11-03',
  },
  'removed by two people': { starts: '2027-04-01', events: [['2029-02-28', 'removed']], ends: '2029-08-28' },
  'died in the term': { starts: '2027-04-01', events: [['2027-12-31', 'died']], ends: '2028-06-30' },
  'paused for a year': {
    starts: '2027-04-01',
    events: [
      ['2028-01-01', 'paused'],
      ['2029-01-01', 'on'],
    ],
    ends: '2030-10-01',
  },
  'joined in mid-term for someone who left': { starts: '2027-04-01', joins: '2029-09-15', ends: '2030-10-01' },
  're-appointed for a second term, on a clock of its own': { starts: '2030-04-01', before: 1, ends: '2033-10-01' },
  're-appointed for the third and last term': { starts: '2033-04-01', before: 2, ends: '2036-10-01' },
}

async function live({ starts, events = [], before = 0, joins = starts }: Life): Promise<string> {
  house.clock.set(`${joins}T12:00:00Z`)
  const id = await within(house, { by, for: 'administer the panel' }, async tx => {
    const round = await roundById(tx, await createRound(tx, house, by, plan({ termStartsOn: starts })))
    assert.ok(round)
    const dossier = await house.vault.begin(tx, by, 'panel', '2040-01-01')
    await house.vault.put(tx, by, 'panel', dossier, {
      name: 'M',
      email: 'm@residents.example',
      termsServed: String(before),
    })
    await appoint(tx, house, by, dossier, round, 1)
    assert.equal((await memberOf(tx, dossier))?.term_number, before + 1)
    return dossier
  })
  for (const [day, what] of events) {
    house.clock.set(`${day}T12:00:00Z`)
    await within(house, { by, for: 'administer the panel' }, async tx => {
      if (what === 'back') await comeBack(tx, house, by, id)
      else if (what === 'paused' || what === 'on') await pause(tx, house, by, id, what === 'paused')
      else if (what === 'removed')
        await leave(tx, house, by, id, what, { proposedBy: by.id, confirmedBy: 'another officer' })
      else await leave(tx, house, by, id, what)
    })
  }
  return id
}

for (const [name, life] of Object.entries(lives))
  test(`[N-48] [N-49] ${name}: the record is there on the day before ${life.ends}, and ends on it`, async () => {
    const id = await live(life)
    assert.equal((await house.vault.record(id))?.expiresOn, life.ends)
    const eve = new Date(Date.parse(`${life.ends}T12:00:00Z`) - 86_400_000)
    house.clock.set(eve.toISOString())
    await sweep(house.reach)
    assert.equal((await house.vault.record(id))?.state, 'alive')
    house.clock.set(`${life.ends}T12:00:00Z`)
    await sweep(house.reach)
    assert.equal((await house.vault.record(id))?.state, 'tombstone')
  })

test('a member is written to once before the term ends: to apply again, or that it was the last term', async () => {
  const second = await live({ starts: '2037-04-01', before: 1, ends: '' })
  const last = await live({ starts: '2037-04-01', before: 2, ends: '' })
  const gone = await live({ starts: '2037-04-01', events: [['2038-01-01', 'resigned']], ends: '' })
  house.clock.set('2039-12-31T12:00:00Z')
  assert.equal(await remindTermEnds(house), 0)
  house.clock.set('2040-01-02T12:00:00Z')
  assert.equal(await remindTermEnds(house), 2)
  assert.equal(await remindTermEnds(house), 0)
  const letters = await within(house, { by, for: 'administer the panel' }, tx =>
    tx.selectFrom('message').select(['dossier_id', 'detail']).where('template', '=', 'term ends').execute(),
  )
  const again = new Map(letters.map(one => [one.dossier_id, (one.detail as { again: boolean }).again]))
  assert.deepEqual([again.get(second), again.get(last), again.has(gone)], [true, false, false])
  const words = (more: boolean) =>
    writeLetter('term ends', { name: 'M', ends: 'E', deleted: 'D', link: 'L', again: more })
  assert.match(words(true).text, /You can apply again/)
  assert.match(words(false).text, /third term, which is the last/)
})
