import assert from 'node:assert/strict'
import { test } from 'node:test'
import { londonInstant } from '#src/platform/calendar/london.ts'
import type { Tx } from '#src/platform/database/database.ts'
import { within } from '#src/promises/house.ts'
import { testHouse } from '#test/house.ts'
import { plan } from '#test/round.ts'
import { grace, noticeNow, policyInForce } from '#test/settled.ts'
import {
  changeRound,
  closeEarly,
  createRound,
  extend,
  openRound,
  publish,
  questionsOf,
  roundById,
  stateOf,
} from './round.ts'
import { faultsOf } from './rounds/plan.ts'

const house = await testHouse()
const desk = <T>(work: (tx: Tx) => Promise<T>) => within(house, { by: grace, for: 'administer the panel' }, work)

test('no round is published without a notice in force, a policy document and a condition for adjustments', async () => {
  const id = await desk(tx => createRound(tx, house, grace, plan()))
  assert.match((await desk(tx => publish(tx, house, grace, id))) ?? '', /privacy notice/)
  await noticeNow(house)
  assert.match((await desk(tx => publish(tx, house, grace, id))) ?? '', /policy document/)
  await policyInForce(house, null)
  assert.match((await desk(tx => publish(tx, house, grace, id))) ?? '', /condition for adjustments/)
  await policyInForce(house)
  assert.equal(await desk(tx => publish(tx, house, grace, id)), undefined)
})

test('a round waits, opens and closes by its instants alone', async () => {
  const at = (iso: string) => desk(async tx => (await openRound(tx, new Date(iso)))?.name)
  assert.equal(await at('2027-01-04T08:59:59Z'), undefined)
  assert.equal(await at('2027-01-04T09:00:00Z'), 'Resident Panel 2027')
  assert.equal(await at('2027-01-29T16:59:59Z'), 'Resident Panel 2027')
  assert.equal(await at('2027-01-29T17:00:00Z'), undefined)
})

test('a round that closes on the day the clocks go forward closes at that time of day in London', async () => {
  const closesAt = londonInstant('2027-03-28', '17:00')
  assert.equal(closesAt?.toISOString(), '2027-03-28T16:00:00.000Z')
  assert.ok(closesAt)
  const round = { ...(await theRound()), opensAt: new Date('2027-03-01T09:00:00Z'), closesAt }
  assert.equal(stateOf(round, new Date('2027-03-28T15:59:59Z')), 'open')
  assert.equal(stateOf(round, new Date('2027-03-28T16:00:00Z')), 'closed')
})

test('a published round cannot be changed any more', async () => {
  const { id } = await theRound()
  assert.equal(await desk(tx => changeRound(tx, house, grace, id, plan({ name: 'Other', questions: [] }))), false)
  assert.equal((await desk(tx => roundById(tx, id)))?.name, 'Resident Panel 2027')
  assert.equal((await desk(tx => questionsOf(tx, id))).length, 1)
})

test('one round is open at a time, in our words and in the database', async () => {
  const id = await desk(tx => createRound(tx, house, grace, plan({ name: 'Second' })))
  assert.match((await desk(tx => publish(tx, house, grace, id))) ?? '', /Only one round can be open at a time/)
  await assert.rejects(
    desk(tx => tx.updateTable('round').set({ published_at: house.clock.now() }).where('id', '=', id).execute()),
    /one_open_round/,
  )
})

test('[N-50] when the closing moves, drafts and sent applications end on dates counted from the new closing', async () => {
  const { id } = await theRound()
  const { draft, sent } = await desk(async tx => ({
    draft: await applicant(tx, id, 'draft'),
    sent: await applicant(tx, id, 'sent'),
  }))
  house.clock.set('2027-01-10T09:00:00Z')
  assert.equal(await desk(tx => extend(tx, house, grace, id, new Date('2027-02-26T17:00:00Z'))), undefined)
  assert.equal((await house.vault.record(draft))?.expiresOn, '2027-02-27')
  assert.equal((await house.vault.record(sent))?.expiresOn, '2027-08-26')
  house.clock.set('2027-01-11T09:00:00Z')
  assert.equal(await desk(tx => closeEarly(tx, house, grace, id, 'Enough applications')), undefined)
  assert.equal((await house.vault.record(draft))?.expiresOn, '2027-01-12')
  assert.equal((await house.vault.record(sent))?.expiresOn, '2027-07-11')
  const moves = await desk(tx =>
    tx.selectFrom('ledger_entry').select('detail').where('act', '=', 'expiry moved').orderBy('id').execute(),
  )
  assert.deepEqual(
    moves.map(row => row.detail.why),
    ['round extended', 'round extended', 'round closed early', 'round closed early'],
  )
})

test('a closed round is neither extended nor closed again', async () => {
  const { id } = await theRound()
  assert.match((await desk(tx => extend(tx, house, grace, id, new Date('2027-03-01T09:00:00Z')))) ?? '', /not closed/)
  assert.match((await desk(tx => closeEarly(tx, house, grace, id, 'Again'))) ?? '', /Only an open round/)
})

test('wrong dates get one sentence each', () => {
  const faults = faultsOf(
    plan({ closesAt: new Date('2027-01-01T09:00:00Z'), termStartsOn: '2026-12-01', questions: [] }),
    house.clock.now(),
  )
  assert.deepEqual(faults, {
    closesOn: 'The closing date and time must be after the opening date and time',
    termStartsOn: 'The term must start after the round closes',
    question1: 'Enter at least one question about skills and experience',
  })
})

async function theRound() {
  const found = await desk(
    async tx => (await tx.selectFrom('round').select('id').where('published_at', 'is not', null).execute())[0],
  )
  const round = found && (await desk(tx => roundById(tx, found.id)))
  assert.ok(round)
  return round
}

async function applicant(tx: Tx, round: string, state: 'draft' | 'sent'): Promise<string> {
  const now = house.clock.now()
  const id = await house.vault.begin(tx, grace, 'panel', '2027-01-30')
  await tx
    .insertInto('application')
    .values({
      dossier_id: id,
      round_id: round,
      reference: `RP-${state}`,
      state,
      started_at: now,
      sent_at: state === 'sent' ? now : null,
      changed_at: now,
      withdrawn_at: null,
      received_via: 'web',
      received_on: null,
      entered_by: null,
      notice_version: '1',
      notice_given_how: 'shown on screen',
      notice_given_at: now,
      email_confirmed_at: null,
      reminded_at: null,
    })
    .execute()
  return id
}
