import assert from 'node:assert/strict'
import { test } from 'node:test'
import { within } from '#src/promises/house.ts'
import { system } from '#src/promises/notice/actor.ts'
import { testSite } from '#test/site.ts'
import { questionsOf } from '../recruitment/round.ts'
import { answersValue } from '../recruitment/values.ts'

const site = await testSite({ closed: 12 })
const { house } = site
const self = { by: system('test'), for: 'administer the panel' } as const
const grace = await site.staff('Grace')
const priya = await site.staff('Priya')
const omar = await site.staff('Omar')

const round = await within(house, self, async tx => {
  const rows = await tx.selectFrom('round').selectAll().execute()
  return rows.find(row => row.name.includes('just closed'))?.id ?? ''
})
const base = `/staff/review/${round}`
const setUp = (await grace.get(`${base}/set-up`)).text
const idOf = (name: string) =>
  new RegExp(`type="checkbox" value="([^"]+)"[^>]*>\\s*<label[^>]*>\\s*${name}`).exec(setUp)?.[1] ?? ''
const plan = { readers: [idOf('Priya'), idOf('Omar')], readings: '1', cap: '300', deadline: '2026-12-20' }
const readings = () =>
  within(house, self, tx => tx.selectFrom('review_reading').selectAll().where('round_id', '=', round).execute())
const scores = () => within(house, self, tx => tx.selectFrom('review_score').selectAll().execute())

test('another scale is looked at without losing a word, there and back, and nothing is saved before Save says so', async () => {
  const value = (text: string, name: string) => new RegExp(`name="${name}"[^>]*value="([^"]*)"`).exec(text)?.[1]
  const typed = { ...plan, cap: '77', name1: 'Speaks from life', 'value1-3': 'Yes, and says why' }
  const five = await grace.send(`${base}/set-up`, { ...typed, scale: 'five' })
  assert.match(five.text, /Nothing is saved yet/)
  assert.equal(value(five.text, 'cap'), '77')
  assert.equal(value(five.text, 'name1'), 'Speaks from life')
  assert.equal(value(five.text, 'value1-3'), 'Answers')
  assert.match(five.text, new RegExp(`value="${idOf('Priya')}" checked`))
  assert.equal(
    await within(house, self, tx => tx.selectFrom('review').selectAll().executeTakeFirst()),
    undefined,
    'nothing is saved',
  )
  const fields = Object.fromEntries(
    [...five.text.matchAll(/<input[^>]*name="([^"]+)"[^>]*value="([^"]*)"/g)].map(([, name, held]) => [name, held]),
  )
  const back = await grace.raw(`${base}/set-up`, { ...fields, scale: 'three', readers: idOf('Priya') } as Record<
    string,
    string
  >)
  assert.equal(value(back.text, 'value1-3'), 'Yes, and says why')
  const saved = await grace.send(`${base}/set-up`, { ...plan, weight1: '1', weight2: '2' })
  assert.equal(saved.status, 303, saved.text)
})

test('an officer who reads too scores the samples before they see how others did', async () => {
  await grace.send(`${base}/samples`, {}, base)
  await priya.send(`${base}/interests`, {}, `${base}/reading`)
  const all = { sample1: '3', sample2: '1', sample3: '3', sample4: '2', sample5: '3' }
  await priya.send(`${base}/samples/scores`, all, `${base}/samples`)
  assert.match((await grace.get(base)).text, /Not suitable/)
  const blind = (await omar.get(base)).text
  assert.match(blind, /Score the samples yourself first/)
  assert.doesNotMatch(blind, /Not suitable/)
})

test('a queue that opens before someone has said whose answers they must not read shows them none until they do', async () => {
  await grace.send(`${base}/opening`, {}, base)
  const own = (await readings()).filter(one => one.reader === idOf('Omar'))
  const barred = own[0]?.dossier_id ?? ''
  const [question = ''] = await within(house, self, async tx => (await questionsOf(tx, round)).map(one => one.id))
  for (const one of own) {
    const page = await omar.get(`/staff/review/readings/${one.id}`)
    assert.equal(page.status, 403)
    assert.match(page.text, /First say whose answers you must not read/)
  }
  const tried = await omar.send(`/staff/review/readings/${own[0]?.id}/${question}`, { score: '3' }, `${base}/reading`)
  assert.equal(tried.status, 403)
  assert.deepEqual(await scores(), [])
  const [person] = await within(house, self, tx =>
    house.vault.open(tx, 'panel', { ...self, fields: ['landlord'] }, [barred]),
  )
  await omar.send(`${base}/interests`, { landlords: person?.landlord ?? '' }, `${base}/reading`)
  const after = (await readings()).filter(one => one.dossier_id === barred && one.state === 'assigned')
  assert.deepEqual(
    after.map(one => one.reader),
    [idOf('Priya')],
  )
})

test('[N-06] the page that a reviewer reads masks the landlord and the name that the applicant wrote', async () => {
  const mine = (await readings()).find(one => one.reader === idOf('Priya') && one.state === 'assigned')
  const id = mine?.dossier_id ?? ''
  const person = await within(house, self, async tx => {
    const [found] = await house.vault.open(tx, 'panel', { ...self, fields: ['name', 'landlord'] }, [id])
    const [question] = await questionsOf(tx, round)
    const answer = `I am ${found?.name}, and ${found?.landlord} has been mine for years. ${found?.landlord?.toUpperCase()}’s lifts stick.`
    await house.vault.put(tx, self.by, 'panel', id, { answers: answersValue.write({ [question?.id ?? '']: answer }) })
    return found
  })
  const { text, status } = await priya.get(`/staff/review/readings/${mine?.id}`)
  assert.equal(status, 200)
  assert.match(text, /has been mine for years/)
  assert.ok(!text.toLowerCase().includes(person?.landlord?.toLowerCase() ?? 'none'))
  assert.ok(!text.includes(person?.name ?? 'none'))
})

test('a score sent after the deadline is not kept, and the sentence says what to do', async () => {
  const mine = (await readings()).find(one => one.reader === idOf('Priya') && one.state === 'assigned')
  const [question = ''] = await within(house, self, async tx => (await questionsOf(tx, round)).map(one => one.id))
  const url = `/staff/review/readings/${mine?.id}/${question}`
  assert.equal((await priya.get(url)).status, 200)
  house.clock.set('2026-12-21T00:00:30Z')
  const late = await site.staff('Priya')
  const before = await scores()
  const answer = await late.send(url, { score: '3' }, `${base}/reading`)
  assert.equal(answer.status, 403)
  assert.match(answer.text, /The time for reading is over\. Ask the panel team if you need more/)
  assert.deepEqual(await scores(), before)
})
