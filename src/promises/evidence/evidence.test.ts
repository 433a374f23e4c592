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
import { registerRoutes } from '../registers/routes.ts'
import { enforcementOf, evidenceOf } from './evidence.ts'
import { figuresOf } from './figures.ts'
import { missing } from './missing.ts'
import { points } from './points.ts'
import { keptResults, lastResults, resultsText } from './results.ts'
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
  assert.equal(stateOf('N-59', [passed('[N-59] holds')]), 'recorded')
  assert.equal(stateOf('N-50', [passed('[N-50] holds')]), 'kept with a point to settle')
})

test('a clause of a room that is not there is never kept, however many tests name it, and says what is missing', () => {
  const all = results(clauses.map(({ id }) => passed(`[${id}] holds`)))
  for (const one of evidenceOf(all, 'this', none)) {
    assert.equal(one.state === 'not built yet', missing[one.clause] !== undefined || !one.enforced.length, one.clause)
    assert.equal(one.why !== undefined, one.state === 'not built yet')
  }
  assert.equal(stateOf('N-07', [passed('[N-07] holds')]), 'not built yet')
  assert.equal(stateOf('N-07', [passed('[N-07] holds', false)]), 'broken')
})

test('results are kept small: what names a clause, once, in one order, and a test that failed once has failed', () => {
  const [a, b] = [passed('[N-47] b'), passed('[N-47] a')]
  const kept = keptResults(new Date('2026-11-23T09:00:00Z'), 'this', [
    a,
    passed('no clause'),
    b,
    { ...a, passed: false },
  ])
  assert.deepEqual(kept.tests, [b, { ...a, passed: false }])
  assert.deepEqual(JSON.parse(resultsText(kept)), kept)
  assert.equal(resultsText(kept).split('\n').length, kept.tests.length + 5)
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
  const first = async () => (await figures()).get('N-47')?.[0]
  assert.deepEqual(await first(), { says: '0 records past their date, of 0', ok: true })
  await within(house, { by: dorothy, for: 'store' }, tx => house.vault.begin(tx, dorothy, 'inbox', '2026-11-23'))
  assert.deepEqual(await first(), { says: '1 records past their date, of 1', ok: false })
})

test('the page and its public form show every clause, and say that nothing is proved without test results of this version', async () => {
  const desk = await openDesk(house, [evidenceRoutes])
  desk.as(dorothy)
  const { text } = await desk.get('/staff/protection/evidence')
  for (const { id } of clauses) assert.ok(text.includes(`id="${id}"`), id)
  desk.as(undefined)
  assert.equal((await desk.get('/staff/protection/evidence/rule?file=src%2Fpromises%2Ftally%2Ftally.ts')).status, 403)
  const open = await desk.get('/notice/evidence')
  for (const { id } of clauses) assert.ok(open.text.includes(`id="${id}"`), id)
  for (const path of ['/staff/protection/evidence', '/notice/evidence']) {
    desk.as(path.startsWith('/staff') ? dorothy : undefined)
    const rows = async (query: string) => (await desk.get(path + query)).text.match(/id="N-\d\d"/g)?.length
    assert.equal(await rows('?state=recorded'), clauses.filter(({ id }) => stateOf(id, []) === 'recorded').length, path)
    assert.equal(await rows('?state=nonsense'), clauses.length, 'an odd state shows every clause')
  }
  assert.equal((await desk.get('/staff/protection/evidence')).status, 403)
})

test('what enforces a clause is a link to its entry or rule, and no other file can be read that way', async () => {
  const desk = await openDesk(house, [evidenceRoutes, registerRoutes])
  desk.as(dorothy)
  const links = new Set(clauses.flatMap(({ id }) => enforcementOf(id).map(one => one.link)))
  const pages = new Map<string, string>()
  for (const link of links) {
    const [path = '', row] = link.split('#')
    if (!pages.has(path)) {
      const { status, text } = await desk.get(path)
      assert.equal(status, 200, path)
      pages.set(path, text)
    }
    if (row) assert.ok(pages.get(path)?.includes(`id="${row}"`), link)
  }
  for (const file of ['package.json', '../../etc/passwd', 'src/main.ts', ''])
    assert.equal((await desk.get(`/staff/protection/evidence/rule?file=${encodeURIComponent(file)}`)).status, 404)
})

test('a request of others is counted for the desk alone', async () => {
  const desk = await openDesk(house, [evidenceRoutes])
  desk.as(dorothy)
  assert.match((await desk.get('/staff/protection/evidence')).text, /0 requests of others/)
  assert.doesNotMatch((await desk.get('/notice/evidence')).text, /requests of others/)
})
