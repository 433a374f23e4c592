import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import fc from 'fast-check'
import { sql } from 'kysely'
import { writeLetter } from '#src/panel/correspondence/letters.ts'
import { councilByCode, councils, regions } from '#src/panel/recruitment/councils.ts'
import { addDays } from '#src/platform/calendar/dates.ts'
import { within } from '#src/promises/house.ts'
import { system } from '#src/promises/notice/actor.ts'
import { clauses } from '#src/promises/notice/clauses.ts'
import { contact } from '#src/promises/notice/contact.ts'
import { dataMap } from '#src/promises/notice/datamap.ts'
import { purposes } from '#src/promises/notice/purposes.ts'
import { approve, draftInHand } from '#src/promises/publishing/version.ts'
import { testSite } from './site.ts'

const site = await testSite()
const { house } = site
const anyone = site.visitor()
const by = system('test')

test('[N-01] every clause of the notice has its anchor; its fingerprint is of its text, and old versions stay readable', async () => {
  const { text } = await anyone.get('/notice')
  for (const { id } of clauses) assert.ok(text.includes(`id="${id}"`), id)
  const row = await within(house, { by, for: 'administer the panel' }, tx =>
    tx.selectFrom('notice_version').selectAll().where('version', '=', 1).executeTakeFirstOrThrow(),
  )
  const plain = await anyone.get('/notice/1/text')
  assert.equal(createHash('sha256').update(plain.text).digest('hex'), row.sha256)
  assert.ok(text.includes(row.sha256 ?? 'none'))
  for (const { id } of clauses) assert.match(plain.text, new RegExp(`^${id} `, 'm'))
  await within(house, { by, for: 'administer the panel' }, async tx =>
    approve(tx, house, by, await draftInHand(tx, house, by), addDays('2026-11-23', 30)),
  )
  for (const version of [1, 2]) assert.equal((await anyone.get(`/notice/${version}`)).status, 200)
  assert.match((await anyone.get('/notice/2')).text, /This is not the version in force/)
})

test('[N-02] [N-05] each purpose comes from a clause of the notice, the list is closed, and none leads to a casework system', () => {
  const ids = new Set<string>(clauses.map(one => one.id))
  for (const [name, rule] of Object.entries(purposes)) assert.ok(ids.has(rule.clause), name)
  const fields = Object.values(dataMap).flatMap(kind => Object.keys(kind))
  assert.ok(!fields.some(field => /casework|complaintAgainst|rent|arrears/i.test(field)))
})

test('[N-04] without a purpose, and with one that is not of the list, the database shows nobody', async () => {
  for (const set of [sql`select 1`, sql`select set_config('panel.purpose', 'marketing', true)`]) {
    const rows = await house.db.transaction().execute(async tx => {
      await set.execute(tx)
      return (await sql`select dossier_id from sealed_value`.execute(tx)).rows
    })
    assert.deepEqual(rows, [])
  }
})

test('[N-24] gender is a choice of a list, with words of one’s own or none; anything else is not kept', async () => {
  const visitor = site.visitor()
  await visitor.send('/apply/name', { name: 'Gen Der' })
  assert.equal((await visitor.send('/apply/gender', { gender: 'made-up' })).status, 303)
  const own = await visitor.send('/apply/gender', { gender: 'own-words', genderDescription: 'My own words' })
  assert.equal(own.status, 303)
  assert.match((await visitor.get('/apply/gender')).text, /My own words/)
  const both = await visitor.send('/apply/gender', { gender: 'woman', genderDescription: 'My own words' })
  assert.equal(both.status, 422, 'words are never dropped in silence')
  await visitor.send('/apply/gender', { gender: 'woman', genderDescription: '' })
  assert.doesNotMatch((await visitor.get('/apply/gender')).text, /My own words/)
})

test('[N-25] every council lies in one region of England, and nothing smaller than a council is kept', () => {
  assert.equal(councils.length, 296)
  fc.assert(
    fc.property(fc.constantFrom(...councils), council => {
      assert.ok(regions[council.region])
      assert.equal(councilByCode(council.code), council)
    }),
  )
  assert.deepEqual(
    Object.entries(dataMap.panel)
      .filter(([, rule]) => rule.clause === 'N-25')
      .map(([field]) => field),
    ['area'],
  )
})

test('[N-26] of a home only the landlord and the kind of tenancy are asked', () => {
  const kept = Object.entries(dataMap.panel).filter(([, rule]) => rule.clause === 'N-26')
  assert.deepEqual(kept.map(([field]) => field).sort(), ['landlord', 'tenancy'])
})

test('[N-37] [N-61] [N-69] [N-71] every link of the notice leads somewhere, and the page on rights lists all eight', async () => {
  const { text } = await anyone.get('/notice')
  const links = [...text.matchAll(/<a [^>]*href="([^"]*)"/g)].map(([, href]) => href ?? '')
  assert.ok(links.every(href => href && href !== '#'))
  for (const anchor of links.filter(href => href.startsWith('#'))) assert.ok(text.includes(`id="${anchor.slice(1)}"`))
  for (const page of new Set(links.filter(href => href.startsWith('/'))))
    assert.ok([200, 302, 303].includes((await anyone.get(page)).status), page)
  for (const real of ['https://www.zoom.com/', 'https://granicus.com/privacy-policy/', 'https://granicus.com/cookie-'])
    assert.ok(
      links.some(href => href.startsWith(real)),
      real,
    )
  assert.equal((await anyone.get('/your-rights')).text.match(/<dt /g)?.length, 8)
})

test('[N-75] [N-76] [N-77] [N-78] how to reach us stands once in the program, and is said wherever someone may ask', async () => {
  const root = join(import.meta.dirname, '..', 'src')
  const others = globSync('**/*.{ts,njk}', { cwd: root }).filter(
    file => !file.endsWith('notice/contact.ts') && !file.endsWith('.test.ts'),
  )
  for (const once of [contact.phone, contact.dpo.email, 'PO Box 1484'])
    assert.deepEqual(
      others.filter(file => readFileSync(join(root, file), 'utf8').includes(once)),
      [],
      once,
    )
  for (const page of ['/notice', '/your-rights', '/complaints']) {
    const { text } = await anyone.get(page)
    for (const way of [contact.phone, contact.dpo.email, ...contact.dpo.post.slice(1)])
      assert.ok(text.includes(way), way)
  }
  assert.ok(writeLetter('rights received', { name: 'A', reference: 'R', due: 'D' }).text.includes(contact.phone))
})

test('[N-76] [N-77] a request by phone is five answers, one by post has the day it came', async () => {
  const desk = await site.staff('Dorothy')
  const form = (await desk.get('/staff/protection/cases/new')).text
  assert.match(form, /name="received"[^>]*value="23 November 2026 \d\d:\d\d"/, 'the time of the call is filled in')
  assert.equal([...form.matchAll(/<(?:input|textarea)[^>]* id="(name|reach|matter|words|received)"/g)].length, 5)
  const asked = {
    matter: 'access',
    channel: 'phone',
    name: 'Ann Call',
    reach: '01632 960 055',
    words: 'A copy',
    received: '2026-11-23',
  }
  const made = await desk.send('/staff/protection/cases/new', asked)
  assert.equal(made.status, 303)
  const posted = {
    ...asked,
    channel: 'post',
    reach: '1 Road, Leeds',
    received: '2026-11-09',
    why: 'It lay in the post room.',
  }
  const other = await desk.send('/staff/protection/cases/new', posted)
  for (const { location } of [made, other]) {
    const page = await desk.get(location)
    assert.match(page.text, /Ann Call/)
  }
})

test('[N-72] [N-78] the data protection address is matched without regard to case', async () => {
  const [id] = await house.vault.findByEmail('amina@residents.example')
  for (const spelling of ['AMINA@residents.example', 'Amina@Residents.Example'])
    assert.deepEqual(await house.vault.findByEmail(spelling), [id])
})
