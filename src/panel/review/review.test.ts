import assert from 'node:assert/strict'
import { test } from 'node:test'
import { rounds } from '#src/panel/recruitment/round.ts'
import { within } from '#src/promises/house.ts'
import { system } from '#src/promises/notice/actor.ts'
import { testSite } from '#test/site.ts'
import { poolOf } from './decisions.ts'
import { masked } from './reading.ts'

const site = await testSite({ closed: 24 })
const { house } = site
const by = system('test')
const closed = (await within(house, { by, for: 'administer the panel' }, tx => rounds(tx))).find(one =>
  one.name.includes('just closed'),
)
const round = closed?.id ?? ''
const grace = await site.staff('Grace')
const names = ['Priya', 'Sean', 'Mina', 'Lucy'] as const
const readers = new Map(await Promise.all(names.map(async name => [name, await site.staff(name)] as const)))
const page = `/staff/review/${round}`
const idOf = async (name: string) => {
  const rows = await within(house, { by, for: 'keep the service safe' }, async tx => {
    const ids = (await tx.selectFrom('staff').select('dossier_id').execute()).map(row => row.dossier_id)
    const ask = { by, for: 'keep the service safe', fields: ['name'] } as const
    return house.vault.open(tx, 'staff', ask, ids)
  })
  return rows.find(one => one.name?.startsWith(name))?.id ?? ''
}
const ids = await Promise.all(names.map(idOf))
const rows = <T>(work: Parameters<typeof within<T>>[2]) => within(house, { by, for: 'exercise rights' }, work)

test('wrong set-ups get one sentence each', async () => {
  const wrong = await grace.send(page, { readings: '9', deadline: 'soon', cap: '0' })
  for (const sentence of [
    'Select at least one reader',
    'Readings must be a whole number from 1 to 5',
    'Enter a date from today on',
    'The most that one person reads must be',
  ])
    assert.ok(wrong.text.includes(sentence), sentence)
  const few = await grace.send(page, { readers: ids.slice(0, 1), readings: '2', deadline: '2026-12-20' })
  assert.match(few.text, /2 readings need at least 2 readers/)
})

test('reading begins when every reader has said what they should not read, and no conflict is ever assigned', async () => {
  const saved = await grace.send(page, { readers: ids, readings: '1', deadline: '2026-12-20', scale: 'suitable' })
  assert.equal(saved.status, 303, saved.text)
  assert.match((await grace.send(`${page}/begin`, {}, page)).text, /4 of the readers have not said yet/)
  const homes = await rows(async tx => {
    const all = await tx.selectFrom('application').select('dossier_id').where('round_id', '=', round).execute()
    const ask = { by, for: 'review applications', fields: ['landlord', 'area'] } as const
    return house.vault.open(
      tx,
      'panel',
      ask,
      all.map(one => one.dossier_id),
    )
  })
  const landlord = homes[0]?.landlord ?? ''
  const area = homes[1]?.area ?? ''
  for (const [name, visitor] of readers)
    await visitor.send(`${page}/declaration`, name === 'Priya' ? { landlords: landlord, areas: area } : {})
  assert.equal((await grace.send(`${page}/begin`, {}, page)).status, 303)
  const given = await rows(tx => tx.selectFrom('review_reading').selectAll().execute())
  assert.equal(given.length, 24)
  const conflicted = new Set(homes.filter(one => one.landlord === landlord || one.area === area).map(one => one.id))
  for (const one of given) if (one.staff_id === ids[0]) assert.ok(!conflicted.has(one.dossier_id))
  const loads = ids.map(id => given.filter(one => one.staff_id === id).length)
  assert.equal(Math.max(...loads) - Math.min(...loads) <= 1, true, String(loads))
  assert.match(
    (await grace.send(page, { readers: ids, readings: '2', deadline: '2026-12-20' }, page)).text,
    /its set-up is locked/,
  )
})

test('[N-06] a reader sees an answer and nothing about whose it is, in an order of their own, the same each time', async () => {
  const priya = readers.get('Priya')
  assert.ok(priya)
  const next = await priya.get(`${page}/next`)
  const again = await priya.get(`${page}/next`)
  assert.equal(next.location, again.location)
  assert.match(next.location, /^\/staff\/review\/readings\/[0-9a-f-]{36}\/[0-9a-f-]{36}$/)
  const { text } = await priya.get(next.location)
  assert.match(text, /answers left/)
  const people = await rows(async tx => {
    const all = await tx
      .selectFrom('application')
      .select(['dossier_id', 'reference'])
      .where('round_id', '=', round)
      .execute()
    const ask = { by, for: 'administer the panel', fields: ['name', 'email', 'landlord'] } as const
    const opened = await house.vault.open(
      tx,
      'panel',
      ask,
      all.map(one => one.dossier_id),
    )
    return [...all.flatMap(one => [one.dossier_id, one.reference]), ...opened.flatMap(one => [one.name, one.email])]
  })
  const main = text.slice(text.indexOf('<main'), text.indexOf('</main'))
  for (const one of people) if (one) assert.ok(!main.includes(one) && !next.location.includes(one), one)
  const others = await readers.get('Sean')?.get(next.location)
  assert.equal(others?.status, 404, 'an answer that is not assigned is no page')
})

test('the applicant’s own name, contacts and landlord are masked, and nothing else', () => {
  const hide = ['Amina Okafor', 'amina@example.org', '07700 900 982', 'Northgate Homes']
  assert.equal(
    masked('I, Amina, of Northgate Homes (amina@example.org, 07700 900 982), am an aminator.', hide, 'Amina Okafor'),
    'I, ▇▇▇, of ▇▇▇ (▇▇▇, ▇▇▇), am an aminator.',
  )
  assert.equal(masked('Write to other@example.org or 01632 960 001.', [], ''), 'Write to ▇▇▇ or ▇▇▇.')
})

test('a score outside the scale, none, or for another’s answer is refused; the last press in two tabs counts once', async () => {
  const priya = readers.get('Priya')
  assert.ok(priya)
  const { location } = await priya.get(`${page}/next`)
  assert.match((await priya.send(location, { score: '7' })).text, /Select a score, or that you abstain/)
  assert.match((await priya.send(location, {})).text, /Select a score, or that you abstain/)
  const [first, second] = await Promise.all([
    priya.send(location, { score: '2' }),
    priya.send(location, { score: '1', reason: 'Short.' }),
  ])
  assert.ok([303, 422].includes(first.status) && [303, 422].includes(second.status))
  const [, , , , reading = ''] = location.split('/')
  const scores = await rows(tx => tx.selectFrom('review_score').selectAll().where('reading_id', '=', reading).execute())
  assert.equal(scores.length, 1)
})

test('"I think I know this person" ends the pair, sets its scores aside, and finds another reader', async () => {
  const sean = readers.get('Sean')
  assert.ok(sean)
  const { location } = await sean.get(`${page}/next`)
  const reading = location.split('/')[4] ?? ''
  const [before] = await rows(tx => tx.selectFrom('review_reading').selectAll().where('id', '=', reading).execute())
  await sean.send(`/staff/review/readings/${reading}/conflict`, {}, location)
  assert.equal((await sean.get(location)).status, 404)
  const now = await rows(tx =>
    tx
      .selectFrom('review_reading')
      .selectAll()
      .where('dossier_id', '=', before?.dossier_id ?? '')
      .execute(),
  )
  assert.deepEqual(now.map(one => one.state).sort(), ['ended', 'open'])
  assert.ok(now.every(one => one.state === 'ended' || one.staff_id !== before?.staff_id))
})

/** Reads everything in a queue with one score. */
async function readAll(name: (typeof names)[number], score: (n: number) => string): Promise<void> {
  const visitor = readers.get(name)
  assert.ok(visitor)
  for (let n = 0; n < 200; n++) {
    const { location } = await visitor.get(`${page}/next`)
    if (location === '/staff/review') return
    const done: { status: number; text: string } = await visitor.send(location, {
      score: score(n),
      reason: n === 0 ? 'A clear example.' : '',
    })
    assert.equal(done.status, 303, done.text)
  }
}

test('what is anything but suitable is read a second time; two readers two apart ask for a third', async () => {
  await readAll('Priya', () => '2')
  await readAll('Sean', () => '0')
  const after = await rows(tx => tx.selectFrom('review_reading').selectAll().where('state', '=', 'open').execute())
  assert.ok(after.some(one => one.staff_id !== ids[1]))
  await readAll('Mina', () => '2')
  await readAll('Lucy', n => (n % 3 ? '2' : 'abstain'))
  for (const name of names) await readAll(name, () => '2')
  const open = await rows(tx => tx.selectFrom('review_reading').selectAll().where('state', '=', 'open').execute())
  assert.deepEqual(open, [])
  const { text } = await grace.get(page)
  assert.match(text, /<span class="panel-count">24<\/span> read at least once/)
  assert.doesNotMatch(text, /<span class="panel-count">0<\/span> where readers are far apart/)
})

test('[N-06] what a reader wrote is sealed in the applicant’s record, who can read it', async () => {
  const [one] = await rows(tx =>
    tx
      .selectFrom('review_reading')
      .select('dossier_id')
      .where('staff_id', '=', ids[0] ?? '')
      .where('state', '=', 'done')
      .execute(),
  )
  const raw = await rows(tx =>
    tx.selectFrom('sealed_value').select('dossier_id').where('field', '=', 'reviewReasons').execute(),
  )
  assert.ok(raw.length > 0)
  const found = await rows(tx =>
    house.vault.open(
      tx,
      'panel',
      { by, for: 'exercise rights', fields: ['reviewReasons'] },
      raw.map(each => each.dossier_id),
    ),
  )
  assert.ok(found.some(each => each.reviewReasons?.includes('A clear example.')))
  assert.ok(one)
})

test('a rule shows how many it meets before it is applied, and exactly those are decided on', async () => {
  const decisions = `${page}/decisions`
  const { text } = await grace.get(`${decisions}?minimum=1.5`)
  const [, meets, fails] = /(\d+) meet it, (\d+) do not, 0 are not read yet/.exec(text) ?? []
  assert.equal(Number(meets) + Number(fails), 24)
  assert.match(text, /What it does to groups/)
  const mark = /name="mark" value="([0-9a-f]+)"/.exec(text)?.[1] ?? ''
  const stale = await grace.send(decisions, {
    rule: 'meets',
    minimum: '1.5',
    mark: 'other',
    verdict: 'pool',
    reason: 'readers agree',
  })
  assert.match(stale.text, /The readings have changed since this was shown/)
  await grace.send(decisions, { rule: 'meets', minimum: '1.5', mark, verdict: 'pool', reason: 'readers agree' })
  const pool = await within(house, { by, for: 'administer the panel' }, tx => poolOf(tx, round))
  assert.equal(pool.length, Number(meets))
})

test('one decision is put right by another until the person is told; the letter says when the data is deleted', async () => {
  const decisions = `${page}/decisions`
  /** The page has several forms: this is the one for a single application. */
  const sent = async (fields: Record<string, string>) => {
    const { text } = await grace.get(decisions)
    return grace.raw(decisions, { _csrf: /name="_csrf" value="([^"]+)"/.exec(text)?.[1] ?? '', ...fields })
  }
  assert.match(
    (await sent({ reference: 'RP-NONE-NONE', verdict: 'pool', reason: 'officer read it' })).text,
    /There is no application with this reference/,
  )
  const [row] = await rows(tx =>
    tx
      .selectFrom('application')
      .select(['reference', 'dossier_id'])
      .where('round_id', '=', round)
      .orderBy('reference')
      .execute(),
  )
  const one = (verdict: string) => sent({ reference: row?.reference ?? '', verdict, reason: 'officer read it' })
  await one('pool')
  await one('not this time')
  await grace.send(`${page}/told`, {}, decisions)
  const told = await rows(tx => tx.selectFrom('message').selectAll().where('template', '=', 'not this time').execute())
  assert.equal(told.length, 1)
  assert.match(JSON.stringify(told[0]?.detail), /"deleted":"13 May 2027"/)
  assert.match((await one('pool')).text, /The person has been told already/)
  await grace.send(`${page}/told`, {}, decisions)
  assert.equal(
    (await rows(tx => tx.selectFrom('message').select('id').where('template', '=', 'not this time').execute())).length,
    1,
  )
})

test('the file for the record names readers by pseudonym alone', async () => {
  const { text } = await grace.get(`${page}/file.csv`)
  assert.match(text, /Reader [0-9a-f]{6}/)
  for (const name of [...names, 'Nair', 'Okafor']) assert.ok(!text.includes(name), name)
})

test('[N-06] whoever still reads does not see whose answers they are, unless they give their anonymous reading up', async () => {
  const omar = await site.staff('Omar')
  const omarId = await idOf('Omar')
  const [row] = await rows(tx =>
    tx.selectFrom('application').select('dossier_id').where('round_id', '=', round).execute(),
  )
  await rows(async tx => {
    await tx
      .insertInto('review_reader')
      .values({ round_id: round, staff_id: omarId, declared_at: house.clock.now(), left_at: null })
      .execute()
    await tx
      .insertInto('review_reading')
      .values({
        id: crypto.randomUUID(),
        round_id: round,
        dossier_id: row?.dossier_id ?? '',
        staff_id: omarId,
        assigned_at: house.clock.now(),
        state: 'open',
        ended_because: null,
        done_at: null,
      })
      .execute()
  })
  const shut = await omar.get(`/staff/applications/${row?.dossier_id}`)
  assert.equal(shut.status, 403)
  assert.match(shut.text, /You are still reading without names/)
  assert.equal((await omar.get(`/staff/applications?round=${round}`)).status, 403)
  await omar.send(`/staff/review/${round}/identities`, {}, `/staff/applications/${row?.dossier_id}`)
  assert.equal((await omar.get(`/staff/applications/${row?.dossier_id}`)).status, 200)
  const marked = await rows(tx =>
    tx.selectFrom('review_reading').select('anonymous').where('staff_id', '=', omarId).execute(),
  )
  assert.deepEqual(marked, [{ anonymous: false }])
})

test('a reader who leaves passes on what they have not read', async () => {
  await grace.send(`${page}/readers/${await idOf('Omar')}/leave`, {}, page)
  const open = await rows(tx =>
    tx.selectFrom('review_reading').select('staff_id').where('state', '=', 'open').execute(),
  )
  assert.ok(!open.some(async one => one.staff_id === (await idOf('Omar'))) || open.length <= 1)
  assert.match((await grace.get(page)).text, /Left/)
})
