import assert from 'node:assert/strict'
import { test } from 'node:test'
import { within } from '#src/promises/house.ts'
import { system } from '#src/promises/notice/actor.ts'
import { testSite } from '#test/site.ts'
import { writeLetter } from '../correspondence/letters.ts'
import { letDecisionsStand, poolOf } from './decisions.ts'
import { samples } from './samples.ts'

const log: string[] = []
const site = await testSite({ closed: 24, log: { write: line => void log.push(line) } })
const { house } = site
const self = { by: system('test'), for: 'administer the panel' } as const
const grace = await site.staff('Grace')
const priya = await site.staff('Priya')
const sean = await site.staff('Sean')
const omar = await site.staff('Omar')

const round = await within(house, self, async tx => {
  const rows = await tx.selectFrom('round').selectAll().execute()
  return rows.find(row => row.name.includes('just closed'))?.id ?? ''
})
const ids = await within(house, self, async tx => {
  const rows = await tx
    .selectFrom('application')
    .select('dossier_id')
    .where('round_id', '=', round)
    .orderBy('reference')
    .execute()
  return rows.map(row => row.dossier_id)
})
const people = await within(house, self, tx =>
  house.vault.open(
    tx,
    'panel',
    { by: self.by, for: 'administer the panel', fields: ['name', 'email', 'landlord', 'area'] },
    ids,
  ),
)
const base = `/staff/review/${round}`
type Browser = typeof grace

async function readers() {
  const page = await grace.get(`${base}/set-up`)
  return new Map(
    [...page.text.matchAll(/name="readers" type="checkbox" value="([^"]+)"[\s\S]*?<label[^>]*>\s*([^<]+?)\s*</g)].map(
      ([, id, name]) => [name?.split(' ')[0] ?? '', id ?? ''],
    ),
  )
}

function plan(names: string[], more: Record<string, string> = {}) {
  return { readers: names, readings: '1', cap: '300', deadline: '2026-12-20', weight1: '1', weight2: '2', ...more }
}
const idsOf = async (...names: string[]) => {
  const known = await readers()
  return names.map(name => known.get(name) ?? '')
}

/** The next answer of someone's queue, read as they see it. */
async function next(browser: Browser) {
  const [url = ''] = (await browser.get(`${base}/next`)).location.split('#')
  return { url, page: await browser.get(url) }
}

/** An answer of someone's queue of whose application they have scored nothing yet. */
async function unread(browser: Browser) {
  for (;;) {
    const { url } = await next(browser)
    const [, reading = '', question = ''] = /readings\/([^/]+)\/(.+)$/.exec(url) ?? []
    const scored = await within(house, self, tx =>
      tx.selectFrom('review_score').select('question').where('reading_id', '=', reading).execute(),
    )
    if (!scored.length) return { url, reading, question }
    await browser.send(url, { score: '3' })
  }
}

const readings = () =>
  within(house, self, tx => tx.selectFrom('review_reading').selectAll().where('round_id', '=', round).execute())

test('a review that cannot work is refused with what would help', async () => {
  const [one = ''] = await idsOf('Priya')
  assert.match((await grace.send(`${base}/set-up`, plan([]))).text, /Select at least one reviewer/)
  assert.match(
    (await grace.send(`${base}/set-up`, plan([one], { readings: '3' }))).text,
    /needs 3 readers and there are 1/,
  )
  assert.match(
    (await grace.send(`${base}/set-up`, plan([one], { weight1: '0', weight2: '0' }))).text,
    /at least one question must have a weight/i,
  )
  assert.equal((await grace.send(`${base}/set-up`, plan([one], { readings: '9' }))).status, 422)
  const wrong = { readings: '9', cap: 'many', deadline: 'soon', weight1: '-1' }
  const all = (await grace.send(`${base}/set-up`, plan([], wrong))).text
  for (const field of ['readings', 'cap', 'deadline', 'readers', 'weight1'])
    assert.match(all, new RegExp(`href="#${field}"`), `${field} is in the summary with the others`)
  assert.match(all, /value="many"/, 'what was typed is there')
})

test('a cap that is too low is said on the board, with the cap that would do', async () => {
  await grace.send(`${base}/set-up`, plan(await idsOf('Priya', 'Sean', 'Omar'), { cap: '5' }))
  assert.match(
    (await grace.get(base)).text,
    /24 readings are needed and 3 reviewers can take 15 more: raise the cap to 8/,
  )
  await grace.send(`${base}/set-up`, plan(await idsOf('Priya', 'Sean', 'Omar')))
  assert.doesNotMatch((await grace.get(base)).text, /readings are needed/)
})

test('an officer writes samples for the questions of the round; once given out they stay', async () => {
  const own = Object.fromEntries([1, 2, 3, 4, 5].map(at => [`sample${at}`, `Invented answer ${at}`]))
  const words = `${base}/samples/words`
  const empty = await grace.send(words, { ...own, sample2: ' ', sample4: 'x'.repeat(1501) })
  assert.match(empty.text, /Enter sample answer 2/)
  assert.match(empty.text, /Sample answer 4 must be 1500 characters or fewer/)
  assert.match(empty.text, />Invented answer 1</, 'what was typed is there')
  assert.equal((await grace.send(words, own)).location, base)
  assert.match((await grace.get(words)).text, /Invented answer 3[\s\S]*Go back to the usual ones/)
  await grace.send(words, { act: 'usual' })
  assert.doesNotMatch((await grace.get(words)).text, /Invented answer/)
  await grace.send(words, { ...own, sample1: samples[0], sample2: samples[1] })
})

test('everyone scores the same five samples before the queue opens; the officer sees them side by side', async () => {
  await grace.send(`${base}/samples`, {}, base)
  assert.match((await priya.get(`${base}/reading`)).text, /whose answers you must not read/)
  await priya.send(`${base}/interests`, { landlords: people[0]?.landlord ?? '' }, `${base}/reading`)
  assert.match((await priya.get(`${base}/reading`)).text, /5<\/span> samples left/)
  assert.match((await priya.get(`${base}/samples`)).text, /Invented answer 3/)
  const late = await grace.send(`${base}/samples/words`, { act: 'usual' }, base)
  assert.match(late.text, /The samples are given out already/)
  await priya.send(
    `${base}/samples/scores`,
    { sample1: '3', sample2: '1', sample3: '3', sample4: '2', sample5: '3' },
    `${base}/samples`,
  )
  await sean.send(`${base}/interests`, { areas: people[1]?.area ?? '' }, `${base}/reading`)
  await sean.send(`${base}/samples/scores`, { sample2: '3', sample9: '3', sample1: '7' }, `${base}/samples`)
  assert.match((await grace.get(base)).text, /Drawing on extensive[\s\S]{0,400}numeric">2<\/td><\/tr>/)
  assert.match((await priya.get(`${base}/reading`)).text, /not given out yet/)
})

/** Someone's Today page, as text. */
const today = async (browser: Browser) => (await browser.get('/staff')).text.replace(/&[^;]+;/g, ' ')

test('Today says what is next, to the officer and to each reviewer', async () => {
  assert.match(await today(grace), /\d of 3 reviewers have scored the samples/)
  assert.match(await today(priya), /the applications are not given out yet/)
  assert.match(await today(sean), /score the samples/)
  assert.match(await today(omar), /say whose answers you must not read/)
})

test('the queue is spread evenly, and declared pairs are never assigned', async () => {
  await omar.send(`${base}/interests`, {}, `${base}/reading`)
  await grace.send(`${base}/opening`, {}, base)
  const rows = await readings()
  assert.equal(rows.length, 24)
  assert.match(await today(grace), /24 readings not finished, by/)
  assert.match(await today(priya), /\d+ applications to read by/)
  const [priyaId, seanId] = await idsOf('Priya', 'Sean')
  const counts = new Map<string, number>()
  for (const row of rows) counts.set(row.reader, (counts.get(row.reader) ?? 0) + 1)
  assert.ok(Math.max(...counts.values()) - Math.min(...counts.values()) <= 1)
  for (const person of people) {
    const reader = rows.find(row => row.dossier_id === person.id)?.reader
    if (person.landlord === people[0]?.landlord) assert.notEqual(reader, priyaId)
    if (person.area === people[1]?.area) assert.notEqual(reader, seanId)
  }
})

test('[N-06] a reviewer sees answers and nothing that tells whose they are: in pages, addresses and the log', async () => {
  log.length = 0
  const pages = [(await priya.get(`${base}/reading`)).text]
  const addresses: string[] = []
  for (const row of (await readings()).filter(one => one.state === 'assigned').slice(0, 24)) {
    const page = await priya.get(`/staff/review/readings/${row.id}`)
    if (page.status === 200) pages.push(page.text)
    addresses.push(row.id)
  }
  pages.push((await next(priya)).page.text)
  const references = await within(house, self, tx =>
    tx.selectFrom('application').select('reference').where('round_id', '=', round).execute(),
  )
  const all = pages.join('\n') + log.join('\n')
  for (const person of people) {
    assert.ok(!all.includes(person.name ?? 'no name'), person.name)
    if (person.email) assert.ok(!all.includes(person.email))
    assert.ok(!all.includes(person.id))
    assert.ok(!addresses.includes(person.id))
  }
  for (const { reference } of references) assert.ok(!all.includes(reference))
  assert.ok(pages.length > 5)
})

test('[N-06] a person with answers to read opens no identity of the round: not by the page, nor below it', async () => {
  const refused = await omar.get(`/staff/applications?round=${round}`)
  assert.equal(refused.status, 403)
  assert.match(refused.text, /You still have answers to read/)
  assert.equal((await omar.get(`/staff/applications/${ids[0]}`)).status, 403)
  assert.equal((await omar.get(`${base}/results`)).status, 403)
  const [omarId = ''] = await idsOf('Omar')
  const by = { id: omarId, roles: ['officer', 'reviewer'] as const, own: [] }
  const opened = await within(house, { by, for: 'administer the panel' }, tx =>
    house.vault.open(tx, 'panel', { by, for: 'administer the panel', fields: ['name', 'landlord', 'answers'] }, ids),
  )
  assert.ok(opened.every(one => !one.name && !one.landlord && one.answers))
  assert.equal((await grace.get(`/staff/applications?round=${round}`)).status, 200)
})

test('looking all the same is recorded, and the readings are marked as not anonymous', async () => {
  const [omarId] = await idsOf('Omar')
  assert.equal((await omar.send(`${base}/override`, {}, `${base}/reading`)).status, 422)
  await omar.send(`${base}/override`, { because: 'the person rang' }, `${base}/reading`)
  assert.equal((await omar.get(`/staff/applications/${ids[0]}`)).status, 200)
  const own = (await readings()).filter(row => row.reader === omarId)
  assert.ok(own.length && own.every(row => !row.anonymous))
  assert.ok((await readings()).filter(row => row.reader !== omarId).every(row => row.anonymous))
})

test('a queue goes one answer at a time in an order of the reviewer’s own, and is found again where it was left', async () => {
  const first = await next(priya)
  assert.equal((await next(priya)).url, first.url)
  assert.match(first.page.text, /The applicant can ask to read this/)
  const other = await next(sean)
  assert.notEqual(other.url, first.url)
  const saved = await priya.send(first.url, { score: '3', words: 'Speaks plainly' })
  assert.equal(saved.status, 303)
  assert.notEqual((await next(priya)).url, first.url)
})

test('a score outside the scale, of an answer that is not theirs, or of no known reading is not kept', async () => {
  const { url, page } = await next(priya)
  for (const score of ['0', '4', '-1', '2.5', 'x', '']) assert.equal((await priya.send(url, { score })).status, 422)
  assert.match(page.text, /answers left/)
  const theirs = (await next(sean)).url
  assert.equal((await priya.get(theirs)).status, 404)
  assert.equal((await priya.send(theirs, { score: '3' }, url)).status, 404)
  assert.equal((await priya.send('/staff/review/readings/x/y', { score: '3' }, url)).status, 404)
})

test('two tabs: the last score of an answer stands until the reading is finished, and then none changes', async () => {
  const { url, reading, question } = await unread(priya)
  await priya.send(url, { score: '3' })
  await priya.send(url, { score: '2' })
  const kept = await within(house, self, tx =>
    tx.selectFrom('review_score').selectAll().where('reading_id', '=', reading).execute(),
  )
  assert.equal(kept.find(row => row.question === question)?.value, 2)
  const whole = await priya.get(`/staff/review/readings/${reading}`)
  const others = [...whole.text.matchAll(/action="(\/staff\/review\/readings\/[^"]+\/[^"]+)" novalidate/g)].map(
    ([, to]) => to ?? '',
  )
  for (const to of others) await priya.send(to, { score: '2' }, url)
  assert.equal((await readings()).find(row => row.id === reading)?.state, 'done')
  await priya.send(url, { score: '3' })
  const after = await within(house, self, tx =>
    tx.selectFrom('review_score').selectAll().where('reading_id', '=', reading).execute(),
  )
  assert.ok(after.every(row => row.value === 2))
})

test('anything but suitable asks for a second reading, by someone else', async () => {
  const rows = await readings()
  const unsure = await within(house, self, tx =>
    tx.selectFrom('review_score').select('reading_id').where('value', '=', 2).execute(),
  )
  const done = rows.find(row => row.state === 'done' && unsure.some(one => one.reading_id === row.id))
  const both = rows.filter(row => row.dossier_id === done?.dossier_id)
  assert.equal(both.length, 2)
  assert.equal(new Set(both.map(row => row.reader)).size, 2)
})

test('"I think I know this person" ends the pair for good: no reload and no new assignment shows it again', async () => {
  const { url } = await next(sean)
  const reading = /readings\/([^/]+)\//.exec(url)?.[1] ?? ''
  const dossier = (await readings()).find(row => row.id === reading)?.dossier_id
  await sean.send(`/staff/review/readings/${reading}/acquaintance`, {}, url)
  assert.match((await sean.get(url)).text, /You told us that you may know this person/)
  await grace.send(`${base}/opening`, {}, base)
  const [seanId] = await idsOf('Sean')
  const pairs = (await readings()).filter(row => row.dossier_id === dossier)
  assert.deepEqual(
    pairs.filter(row => row.reader === seanId).map(row => row.state),
    ['conflict'],
  )
  assert.ok(pairs.some(row => row.reader !== seanId && row.state === 'assigned'))
})

test('a reader says what tells of a person; the officer hides it, and no reader sees it any more', async () => {
  const { url } = await next(sean)
  const reading = /readings\/([^/]+)\//.exec(url)?.[1] ?? ''
  await sean.send(`/staff/review/readings/${reading}/flag`, {}, url)
  assert.match((await grace.get(base)).text, /<span class="panel-count">1<\/span> <a[^>]*>flagged/)
  assert.match(await today(grace), /look at 1 flag/)
  const [word = ''] =
    /blockquote[^>]*>([^<]+)</
      .exec((await sean.get(url)).text)?.[1]
      ?.split(' ')
      .slice(1, 2) ?? []
  const flags = `${base}/flags`
  assert.match((await grace.get(flags)).text, new RegExp(word))
  assert.equal((await grace.send(`${flags}/${reading}`, { words: 'x' }, flags)).status, 422)
  await grace.send(`${flags}/${reading}`, { words: word }, flags)
  assert.match((await sean.get(url)).text, /\[hidden\]/)
  assert.match((await grace.get(flags)).text, /No flag waits/)
})

test('a reviewer removed in mid-queue reads no more, and others get what was left', async () => {
  const { url } = await next(sean)
  const [seanId = ''] = await idsOf('Sean')
  await grace.send(`${base}/leavers`, { reader: seanId }, base)
  const page = await sean.get(url)
  assert.equal(page.status, 403)
  assert.match(page.text, /given to someone else/)
  const rows = await readings()
  assert.ok(!rows.some(row => row.reader === seanId && row.state === 'assigned'))
  const held = new Set(rows.filter(row => row.state === 'assigned' || row.state === 'done').map(row => row.dossier_id))
  assert.equal(held.size, 24)
})

test('words that a reviewer writes are sealed with the person’s record, and no column holds them', async () => {
  const rows = await within(house, self, tx =>
    tx.selectFrom('sealed_value').select('dossier_id').where('field', '=', 'reviewNotes').execute(),
  )
  assert.equal(rows.length, 1)
  const opened = await within(house, self, tx =>
    house.vault.open(
      tx,
      'panel',
      { by: self.by, for: 'administer the panel', fields: ['reviewNotes'] },
      rows.map(row => row.dossier_id),
    ),
  )
  assert.match(opened[0]?.reviewNotes ?? '', /Speaks plainly/)
})

async function readAll(browser: Browser, score: (at: number) => string) {
  for (let at = 0; at < 200; at++) {
    const { url } = await next(browser)
    if (url.endsWith('/reading')) return
    await browser.send(url, { score: score(at) })
  }
}

test('criteria are locked once scoring has begun, except for a reason that readers see; then everyone reads again', async () => {
  const names = await idsOf('Priya', 'Omar')
  const changed = plan(names, { name1: 'Knows the home', because: '' })
  assert.match((await grace.send(`${base}/set-up`, changed)).text, /Scoring has begun/)
  await grace.send(`${base}/set-up`, { ...changed, because: 'Question 1 was read in two ways' })
  assert.match((await priya.get(`${base}/reading`)).text, /Question 1 was read in two ways/)
  assert.ok(!(await readings()).some(row => row.state === 'done'))
})

test('when all is read the officer sees raw figures and what a rule does to groups, in fives', async () => {
  await readAll(priya, at => (at % 7 ? '3' : 'abstain'))
  await readAll(omar, () => '3')
  await readAll(priya, () => '3')
  const page = await grace.get(`${base}/results?kind=mean&least=2.5`)
  assert.match(page.text, /applications meet this rule/)
  assert.match(page.text, /All others, too few to show apart/)
  assert.doesNotMatch(page.text, /ethnic|adjustment/i)
  assert.match(page.text, /Each reviewer has 15 readings or more|Do not compare reviewers yet/)
  assert.equal(page.text.includes('Place if equally strict'), page.text.includes('15 readings or more, so'))
  const cells = [...page.text.matchAll(/<td class="govuk-table__cell govuk-table__cell--numeric">(\d+)<\/td>/g)]
  assert.ok(cells.length)
  const effect = page.text.slice(page.text.indexOf('Age range'))
  for (const [, cell] of effect.matchAll(/numeric">(\d+)<\/td>/g))
    assert.ok(Number(cell) > 0 && Number(cell) % 5 === 0, cell)
})

test('many are decided with a look at exactly who; two officers at once: the second is told to look again', async () => {
  const rule = 'set=meet&kind=mean&least=2.5'
  const url = `${base}/decisions/preview?${rule}`
  const page = await grace.get(url)
  const count = Number(/You decide about <strong>(\d+)</.exec(page.text)?.[1])
  assert.ok(count > 10)
  const other = await omar.get(url)
  const hidden = (text: string) =>
    Object.fromEntries(
      [...text.matchAll(/type="hidden" name="(\w+)" value="([^"]*)"/g)].map(([, name, value]) => [name, value]),
    )
  const choice = { verdict: 'eligible', reason: 'scores' }
  assert.match(
    (await grace.raw(`${base}/decisions`, { ...hidden(page.text), verdict: 'eligible', reason: 'landlord' })).text,
    /Select a reason that goes with/,
  )
  const asked = await grace.raw(`${base}/decisions`, { ...hidden(page.text), ...choice })
  assert.equal(asked.status, 303)
  assert.equal((await within(house, self, tx => poolOf(tx, round))).length, 0)
  assert.match((await grace.get(asked.location)).text, /Another officer or the data protection officer confirms it/)
  assert.equal((await grace.send(`${asked.location}/confirmation`, {}, asked.location)).status, 422)
  assert.match(await today(grace), /Your decision waits for a second person: eligible for the pool, \d+ applications/)
  const dorothy = await site.staff('Dorothy')
  assert.match(await today(dorothy), /Confirm a decision: eligible for the pool, \d+ applications/)
  const seen = await dorothy.get(asked.location)
  assert.match(seen.text, /A rule: meets: a mean of at least 2.5/)
  assert.match(seen.text, /Age range/)
  assert.equal((await dorothy.send(`${asked.location}/confirmation`, { digest: 'x' }, asked.location)).status, 422)
  assert.equal((await dorothy.send(`${asked.location}/confirmation`, {}, asked.location)).status, 303)
  assert.equal((await within(house, self, tx => poolOf(tx, round))).length, count)
  const second = await omar.raw(`${base}/decisions`, { ...hidden(other.text), ...choice })
  assert.equal(second.status, 422)
  assert.match(second.text, /Look again/)
  const late = await dorothy.raw(`${asked.location}/refusal`, hidden(seen.text))
  assert.match(late.text, /confirmed or dropped already/)
})

test('a decision is taken back by another row, with a reason, and the pool follows; nothing is overwritten', async () => {
  const before = await within(house, self, tx => poolOf(tx, round))
  const [id = ''] = before
  const url = `${base}/decisions/preview?set=some&id=${id}`
  assert.match((await grace.send(`${base}/decisions`, { verdict: 'undone' }, url)).text, /Enter why/)
  await grace.send(`${base}/decisions`, { verdict: 'undone', words: 'Wrong row' }, url)
  await grace.send(`${base}/decisions`, { verdict: 'not this time', reason: 'officer' }, url)
  assert.equal((await within(house, self, tx => poolOf(tx, round))).length, before.length - 1)
  const rows = await within(house, self, tx =>
    tx.selectFrom('decision').selectAll().where('dossier_id', '=', id).orderBy('seq').execute(),
  )
  assert.deepEqual(
    rows.map(row => row.verdict),
    ['eligible', 'undone', 'not this time'],
  )
})

test('[N-50] those not chosen get one kind letter with the day of deletion, six months after the round closed', async () => {
  assert.match((await grace.get(`${base}/decisions`)).text, /1 person who is not chosen this time has not been told/)
  assert.equal((await grace.send(`${base}/decisions/letters`, { count: '5' }, `${base}/decisions`)).status, 422)
  await grace.send(`${base}/decisions/letters`, {}, `${base}/decisions`)
  await grace.send(`${base}/decisions/letters`, { count: '1' }, `${base}/decisions`)
  const rows = await within(house, self, tx =>
    tx.selectFrom('message').selectAll().where('template', '=', 'not this time').execute(),
  )
  assert.equal(rows.length, 1)
  assert.match(JSON.stringify(rows[0]?.detail), /"deleted":"13 May 2027"/)
})

test('from an offer or a letter on, a decision stands; whoever withdraws can always do so', async () => {
  const [offered = ''] = await within(house, self, tx => poolOf(tx, round))
  await within(house, self, tx => letDecisionsStand(tx, house, [offered]))
  const url = `${base}/decisions/preview?set=some&id=${offered}`
  const refused = await grace.send(`${base}/decisions`, { verdict: 'not this time', reason: 'officer' }, url)
  assert.equal(refused.status, 422)
  assert.match(refused.text, /the decision stands/)
  assert.equal((await grace.send(`${base}/decisions`, { verdict: 'withdrawn', reason: 'asked' }, url)).status, 303)
  assert.ok(!(await within(house, self, tx => poolOf(tx, round))).includes(offered))
})

test('who cannot join under the rules is told the rule, and not that others were better', () => {
  const detail = {
    name: 'Bo',
    round: 'R',
    deleted: '1 May 2027',
    next: '',
    rights: 'https://x.example',
    complaints: 'https://x.example',
  }
  assert.match(writeLetter('not this time', { ...detail, ruled: 'terms' }).text, /nobody serves more than three terms/)
  assert.match(writeLetter('not this time', { ...detail, ruled: '' }).text, /says nothing about the worth/)
})

test('the file holds scores, readers by number, conflicts and decisions; it is written to the ledger', async () => {
  const file = await grace.send(`${base}/file`, {}, `${base}/results`)
  assert.equal(file.status, 200)
  assert.match(file.text, /score,RP-[\w-]+,Reviewer \d,Question 1,3,2,/)
  assert.match(file.text, /conflict,RP-/)
  assert.doesNotMatch(file.text, /Priya|Omar|Speaks plainly/)
  const entries = await within(house, self, tx =>
    tx.selectFrom('ledger_entry').selectAll().where('act', '=', 'review exported').execute(),
  )
  assert.equal(entries.length, 1)
})

test('after the deadline nothing more is read', async () => {
  const { length } = await readings()
  assert.ok(length)
  const open = (await readings()).find(row => row.state === 'done')
  house.clock.set('2026-12-21T09:00:00Z')
  const late = await site.staff('Priya')
  const page = await late.get(`/staff/review/readings/${open?.id}`)
  assert.ok(page.status === 403 || page.status === 404)
  assert.match((await late.get(`${base}/reading`)).text, /The time for reading is over/)
})
