import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import { openSite } from '#src/app.ts'
import { letters } from '#src/panel/correspondence/letters.ts'
import { sendLetter } from '#src/panel/correspondence/send.ts'
import { tell } from '#src/panel/correspondence/tell.ts'
import { applicantsOf } from '#src/panel/recruitment/application.ts'
import { rounds } from '#src/panel/recruitment/round.ts'
import { EVERY, inWorld } from '#src/platform/database/world.ts'
import { routesTable } from '#src/platform/web/server.ts'
import { within } from '#src/promises/house.ts'
import { system } from '#src/promises/notice/actor.ts'
import { be, practise, read } from '#test/practice.ts'
import { testSite } from '#test/site.ts'
import { enrichFor } from '../enrich.ts'

const site = await testSite({ closed: 12, seated: 6 })
const { house } = site
const by = system('test')
const desk = { by, for: 'administer the panel' } as const
const [world = ''] = await house.vault.findByEmail('grace@panel.example')
const grace = await site.staff('Grace')

/** Pages that officers, the protection desk and the public see of the real panel. */
const pages = [
  ...['/', '/apply', '/notice/evidence', '/demo'].map(path => ['nobody', path] as const),
  ...['', '/rounds', '/applications', '/review', '/selection', '/members', '/members/audiences', '/letters'].map(
    path => ['Omar', `/staff${path}`] as const,
  ),
  ...['', '/evidence', '/holds', '/registers/certificates', '/registers/retention'].map(
    path => ['Dorothy', `/staff/protection${path}`] as const,
  ),
  ['Ruth', '/staff/representation'],
  ['Alex', '/staff/settings/people'],
] as const
/** The real panel as people see it, without what differs from one look to the next. */
async function panel(): Promise<Record<string, string>> {
  const seen: Record<string, string> = {}
  for (const [who, path] of pages) {
    const { status, text } = await (who === 'nobody' ? site.visitor() : await site.staff(who)).get(path)
    assert.equal(status, 200, path)
    seen[path] = `${status} ${read(text).replace(/\d+ entries of the ledger are signed/, '')}`
  }
  return seen
}
const before = await panel()

test('an officer starts a practice, once, and acts as an invented colleague; others know nothing of it', async () => {
  await practise(grace)
  const today = await grace.get('/staff')
  assert.match(read(today.text), /Practice: invented people\. You are Kit Arden \(practice\), panel officer\./)
  assert.match(read(today.text), /Set up the review of Practice round, invented people: 40 applications/)
  await grace.send('/staff/practice')
  assert.equal((await grace.get('/staff/applications')).text.match(/40<\/span> sent/)?.length, 1)
  assert.deepEqual(await panel(), before)
})

test('who is no officer cannot start one, and nobody acts in the practice of another', async () => {
  const priya = await site.staff('Priya')
  assert.equal((await priya.get('/staff/practice')).status, 403)
  const omar = await site.staff('Omar')
  assert.match((await omar.get('/staff/practice')).text, /Start a practice/)
  const who = /name="who" value="([^"]+)"/.exec((await grace.get('/staff/practice')).text)?.[1] ?? ''
  assert.equal((await omar.send('/staff/practice/colleague', { who }, '/staff/practice')).status, 422)
  const round = await inWorld(world, () => within(house, desk, async tx => (await rounds(tx))[0]?.id ?? ''))
  assert.equal((await omar.get(`/staff/rounds/${round}`)).status, 404)
  assert.equal((await omar.get(`/staff/review/${round}`)).status, 404)
  assert.equal((await grace.get(`/staff/rounds/${round}`)).status, 200)
})

test('two officers practise at the same time, each in a world of their own', async () => {
  const omar = await site.staff('Omar')
  await practise(omar)
  assert.match((await omar.get('/staff/applications')).text, /40<\/span> sent/)
  assert.equal((await omar.send('/staff/practice/deletion', {}, '/staff/practice')).status, 303)
  assert.match((await grace.get('/staff/applications')).text, /40<\/span> sent/)
})

test('every page of a practice carries the mark, refusals too', async () => {
  const unmarked: string[] = []
  for (const who of ['Kit Arden', 'Ash Moor', 'Dale Heath']) {
    await be(grace, who)
    const paths = routesTable(site.app).flatMap(line => /^GET (\/staff[^:]*): /.exec(line)?.[1] ?? [])
    for (const path of paths.filter(one => !one.includes(':') && one !== '/staff/practice')) {
      const { status, text } = await grace.get(path)
      assert.ok(status < 500, `${path}: ${status}`)
      if (/^<!DOCTYPE/i.test(text) && !text.includes('Practice: invented people.')) unmarked.push(`${who} ${path}`)
    }
    assert.match((await grace.get('/staff/rounds/none')).text, /Practice: invented people\./)
  }
  assert.deepEqual(unmarked, [])
  await be(grace, 'Kit Arden')
})

test('a practice goes on in live mode as in the demonstration', async () => {
  const live = await openSite({ ...house, config: { ...house.config, mode: 'live' } }, { log: false })
  const page = await live.inject({ url: '/staff/rounds', cookies: grace.cookies() })
  assert.match(read(page.body), /Practice: invented people\. You are Kit Arden .* Practice round, invented people/)
  assert.doesNotMatch(page.body, /This is a demonstration|the round that has just closed/)
  await live.close()
})

test('a file that is taken in a practice says so in its name and in its first line', async () => {
  const round = await inWorld(world, () => within(house, desk, async tx => (await rounds(tx))[0]?.id ?? ''))
  const form = { round, purpose: 'review applications', contact: 'no' }
  const asked = await grace.send('/staff/applications/exports', form)
  assert.equal(asked.status, 303, asked.text)
  const list = (await grace.get('/staff/applications/exports')).text
  const action = /action="(\/staff\/applications\/exports\/[^"]+)"/.exec(list)?.[1] ?? ''
  const token = /name="_csrf" value="([^"]+)"/.exec(list)?.[1] ?? ''
  const cookie = Object.entries(grace.cookies())
    .map(([name, value]) => `${name}=${value}`)
    .join('; ')
  const taken = await site.app.inject({
    method: 'POST',
    url: action,
    headers: { cookie, 'content-type': 'application/x-www-form-urlencoded' },
    payload: new URLSearchParams({ _csrf: token }).toString(),
  })
  assert.match(String(taken.headers['content-disposition']), /filename="PRACTICE-/)
  assert.match(taken.body, /^\uFEFFPractice: invented people\. Nothing in this file is real\.\r\n/)
})

test('no letter goes to an invented address: each goes to who practises, and says so', async () => {
  const sentTo = async () => (await site.letters()).map(one => one.to)
  const real = await sentTo()
  const ids = await inWorld(world, async () => {
    const queued = await within(house, desk, async tx => {
      const [round] = await rounds(tx)
      await tell(tx, house, by, await applicantsOf(tx, round?.id ?? ''), 'offer', letters.offer.example)
      return tx.selectFrom('message').select('id').where('channel', '=', 'email').execute()
    })
    for (const { id } of queued) await sendLetter(house, id, enrichFor(house))
    return queued
  })
  assert.ok(ids.length > 30)
  const all = await site.letters()
  const practice = all.filter(one => one.subject.startsWith('Practice: '))
  assert.equal(practice.length, ids.length)
  assert.deepEqual([...new Set(practice.map(one => one.to))], ['grace@panel.example'])
  for (const one of practice) assert.match(one.text, /^Practice: .+ is invented\./)
  assert.deepEqual(
    all.filter(one => !one.subject.startsWith('Practice: ')).map(one => one.to),
    real,
  )
})

test('the job of a letter says whose practice it is of, and a worker in the real world finds nothing to send', async () => {
  const { rows } = await sql<{ world: string | null }>`
    select distinct data->>'world' as world from pgboss.job
    where name = 'send-letter' and data->>'id' in (select id::text from message where dossier_id in
      (select id from practice_dossier))`.execute(house.db)
  assert.deepEqual(rows, [])
  const jobs = await inWorld(EVERY, () =>
    within(house, desk, tx =>
      sql<{ world: string | null }>`
        select distinct j.data->>'world' as world from pgboss.job j join message m on m.id::text = j.data->>'id'
        join practice_dossier p on p.id = m.dossier_id where j.name = 'send-letter'`.execute(tx),
    ),
  )
  assert.deepEqual(jobs.rows, [{ world }])
})

test('a practice changes nothing that is the real panel’s, and says so', async () => {
  const { text } = await grace.get('/staff/settings/lead')
  const lead = /name="lead"[^>]*value="([^"]+)"/.exec(text)?.[1] ?? ''
  const answer = await grace.send('/staff/settings/lead', { lead })
  assert.equal(answer.status, 403)
  assert.match(answer.text, /This belongs to the real panel, so it cannot be changed while you practise/)
})

test('someone who practises sees the real panel on public pages, and is back at real work with one press', async () => {
  for (const path of ['/', '/apply']) {
    const { text } = await grace.get(path)
    assert.doesNotMatch(text, /[Pp]ractice/)
    assert.match(text, /4 January 2027/)
  }
  assert.equal((await grace.send('/staff/practice/stop', {}, '/staff/practice')).location, '/staff')
  assert.doesNotMatch((await grace.get('/staff')).text, /Practice: invented/)
  assert.match((await grace.get('/staff/rounds')).text, /the round that has just closed/)
  await be(grace, 'Kit Arden')
})

test('invented people are found by no address: nobody signs in as one', async () => {
  const asked = await inWorld(world, () =>
    within(house, desk, async tx => {
      const [round] = await rounds(tx)
      const ids = await applicantsOf(tx, round?.id ?? '')
      return house.vault.open(tx, 'panel', { by, for: 'administer the panel', fields: ['email'] }, ids)
    }),
  )
  const emails = asked.flatMap(one => one.email ?? [])
  assert.ok(emails.length > 30)
  const invented = new Set(asked.map(one => one.id))
  for (const email of emails)
    assert.ok(
      (await house.vault.findByEmail(email)).every(id => !invented.has(id)),
      'an invented person is found',
    )
})

test('the ledger tells practice from work, by whom, and the real panel is still as it was', async () => {
  const acts = await within(house, desk, tx =>
    sql<{ real: number; practice: number; unnamed: number }>`
      select count(*) filter (where act in ('practice started', 'practice wiped'))::int as real,
        count(*) filter (where act like 'practice: %')::int as practice,
        count(*) filter (where act like 'practice: %' and detail->>'practice' is null)::int as unnamed
      from ledger_entry`.execute(tx),
  )
  const [counted] = acts.rows
  assert.deepEqual([counted?.real, counted?.unnamed], [3, 0])
  assert.ok((counted?.practice ?? 0) > 50)
  const { '/staff/letters': _letters, ...same } = await panel()
  const { '/staff/letters': _before, ...was } = before
  assert.deepEqual(same, was)
})
