import assert from 'node:assert/strict'
import { existsSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { openDesk } from '#test/desk.ts'
import { testHouse } from '#test/house.ts'
import { dorothy, noticeNow, policyInForce } from '#test/settled.ts'
import { within } from '../house.ts'
import { clauses } from '../notice/clauses.ts'
import { enforcementOf, evidenceOf } from './evidence.ts'
import { figuresOf } from './figures.ts'
import { points } from './points.ts'
import { lastResults } from './results.ts'
import { evidenceRoutes } from './routes.ts'

const none = new Map()
const passed = (name: string, ok = true) => ({ name, file: 'a.test.ts', database: 'postgres', passed: ok })
const results = (tests: ReturnType<typeof passed>[]) => ({ at: '2026-11-23T09:00:00Z', source: 'this', tests })
const stateOf = (clause: string, tests: ReturnType<typeof passed>[], fingerprint = 'this', figures = none) =>
  evidenceOf(results(tests), fingerprint, figures).find(one => one.clause === clause)?.state

test('a clause is never “kept” without a passing test of this very program', () => {
  for (const one of evidenceOf(undefined, 'this', none)) assert.doesNotMatch(one.state, /^kept/)
  for (const one of evidenceOf(results([]), 'this', none)) assert.doesNotMatch(one.state, /^kept/)
  const all = clauses.map(({ id }) => passed(`[${id}] holds`))
  for (const one of evidenceOf(results(all), 'another version', none)) assert.doesNotMatch(one.state, /^kept/)
  for (const one of evidenceOf(results(all), 'this', none))
    if (!one.enforced.length) assert.doesNotMatch(one.state, /^kept/)
})

test('one failed test, or one live figure that is wrong, breaks a clause', () => {
  assert.equal(stateOf('N-47', [passed('[N-47] holds')]), 'kept')
  assert.equal(stateOf('N-47', [passed('[N-47] holds'), passed('[N-47] [N-50] holds too', false)]), 'broken')
  const wrong = new Map([['N-47', [{ says: '3 records past their date', ok: false }]]])
  assert.equal(stateOf('N-47', [passed('[N-47] holds')], 'this', wrong), 'broken')
})

test('a fact about others is recorded, and a clause with an open point says so', () => {
  assert.equal(stateOf('N-58', [passed('[N-58] holds')]), 'recorded')
  assert.equal(stateOf('N-50', [passed('[N-50] holds')]), 'kept with a point to settle')
})

test('results of exactly this version count, wherever they lie; others are told to be of another', () => {
  const root = mkdtempSync(join(tmpdir(), 'evidence-'))
  const put = (place: string, source: string) => {
    mkdirSync(join(root, place), { recursive: true })
    const kept = { ...results([passed('[N-47] holds')]), source }
    writeFileSync(join(root, place, 'test-results.json'), JSON.stringify(kept))
  }
  assert.equal(lastResults('this', root), undefined)
  put('.cache', 'older')
  assert.equal(lastResults('this', root)?.source, 'older')
  put('evidence', 'this')
  assert.equal(lastResults('this', root)?.source, 'this')
})

test('what is named as enforcing a clause is there', () => {
  const root = join(import.meta.dirname, '..', '..', '..')
  for (const { id } of clauses)
    for (const { where } of enforcementOf(id)) assert.ok(existsSync(join(root, where)), `${id}: ${where}`)
  const known = new Set(clauses.map(({ id }) => id))
  for (const point of points) for (const clause of point.clauses) assert.ok(known.has(clause), `${point.id}: ${clause}`)
})

const house = await testHouse()
await noticeNow(house)
await policyInForce(house)

test('[N-47] live figures show a record past its date at once', async () => {
  const figures = () => within(house, { by: dorothy, for: 'store' }, tx => figuresOf(tx, house))
  assert.deepEqual((await figures()).get('N-47'), [{ says: '0 records past their date, of 0', ok: true }])
  await within(house, { by: dorothy, for: 'store' }, tx => house.vault.begin(tx, dorothy, 'inbox', '2026-11-23'))
  assert.deepEqual((await figures()).get('N-47'), [{ says: '1 records past their date, of 1', ok: false }])
})

test('the page and its public form show every clause, and say that nothing is proved without test results of this version', async () => {
  const desk = await openDesk(house, [evidenceRoutes])
  desk.as(dorothy)
  const { text } = await desk.get('/staff/protection/evidence')
  for (const { id } of clauses) assert.ok(text.includes(`id="${id}"`), id)
  desk.as(undefined)
  const open = await desk.get('/notice/evidence')
  for (const { id } of clauses) assert.ok(open.text.includes(`id="${id}"`), id)
  assert.equal((await desk.get('/staff/protection/evidence')).status, 403)
})
