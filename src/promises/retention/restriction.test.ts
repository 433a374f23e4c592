import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { runCommand } from '#src/commands.ts'
import { tell } from '#src/panel/correspondence/tell.ts'
import { saveAudience } from '#src/panel/membership/audiences/audiences.ts'
import { raise } from '#src/panel/membership/concerns/concerns.ts'
import { drawnWithoutOffer } from '#src/panel/membership/offers/batch.ts'
import { accept, offerPlaces, remindOffers } from '#src/panel/membership/offers/offers.ts'
import { applicantsOf } from '#src/panel/recruitment/application.ts'
import { askForExport, decideExport, takeExport } from '#src/panel/recruitment/export/export.ts'
import { remindDrafts } from '#src/panel/recruitment/remind.ts'
import { rounds } from '#src/panel/recruitment/round.ts'
import { addressValue, adjustmentsValue, answersValue } from '#src/panel/recruitment/values.ts'
import { countAll } from '#src/panel/representation/routes.ts'
import { decide } from '#src/panel/review/deciding/decide.ts'
import { poolOf } from '#src/panel/review/decisions.ts'
import { openQueue } from '#src/panel/review/running.ts'
import { candidatesOf } from '#src/panel/selection/board/pool.ts'
import { officersFor } from '#src/people/staff/officers.ts'
import { watch } from '#src/people/staff/watch.ts'
import type { Tx } from '#src/platform/database/database.ts'
import { within } from '#src/promises/house.ts'
import { type Actor, resident, system } from '#src/promises/notice/actor.ts'
import type { Purpose } from '#src/promises/notice/purposes.ts'
import { othersDesk } from '#test/others.ts'
import { grace as officer, dorothy as second } from '#test/settled.ts'
import { testSite } from '#test/site.ts'
import { refuseDisclosure } from '../disclosures/decide.ts'
import { step } from '../disclosures/disclosure.ts'
import { noticeDay } from '../publishing/announce.ts'
import { hold, restrict } from './brakes.ts'
import { erase } from './erase.ts'
import { sweep } from './sweep.ts'

// Four people with a marker in everything that is held about them: a member, an applicant who was not drawn and gets
// letters by post, and one who has not sent theirs, all three to be restricted; and a member who is held and nothing else.
const site = await testSite({ closed: 90 })
const { house, app } = site
const by = system('test')
const stem = 'Zq7x'
const run = <T>(purpose: Purpose, work: (tx: Tx) => Promise<T>, who: Actor = by) =>
  within(house, { by: who, for: purpose }, work)
const panel = <T>(work: (tx: Tx) => Promise<T>) => run('administer the panel', work)

const all = await panel(tx => rounds(tx))
const closed = all.find(one => one.name.includes('just closed'))
const opened = all.find(one => one.name.includes('demonstration'))
assert.ok(closed && opened)
const desks = {
  officer: await site.staff('Grace'),
  reviewer: await site.staff('Priya'),
  'officer who reads': await site.staff('Omar'),
  'adjustments lead, communications': await site.staff('Tom'),
  analyst: await site.staff('Ruth'),
  dpo: await site.staff('Dorothy'),
  administrator: await site.staff('Alex'),
} as const

const { member, held, applicant, draft, asked } = await settle()
const restricted = [member, applicant, draft]
const references = await panel(async tx => {
  const rows = await tx.selectFrom('application').select(['dossier_id', 'reference']).execute()
  return new Map(rows.map(row => [row.dossier_id, row.reference]))
})
/** What would tell of a restricted person: their words, their reference, their id. */
const signs = [`${stem}1`, `${stem}2`, `${stem}3`, ...restricted.flatMap(id => [id, references.get(id) ?? id])]
const told = (text: string) => signs.filter(sign => text.includes(sign))

/** A resident's own pages, doors, and the demo's mail catcher, which is the world outside. */
const theirOwn = /^\/(demo|sign-|me\b|choose|kept|apply|confirm|welcome|extract|assets)/
/** Pages of an upload in hand, of a draft of the notice or of a letter, or of a step that is over in this round. */
const notHere = [
  '/staff/applications/import/:id',
  '/staff/protection/notice/draft/:section',
  '/staff/review/:round/next',
  '/staff/review/:round/samples',
  '/staff/rounds/:id/change',
  '/staff/settings/letters/:letter/versions/:number/email',
  '/staff/settings/letters/:letter/versions/:number',
]
const routes = readFileSync(join(import.meta.dirname, '../../../test/routes.txt'), 'utf8')
  .split('\n')
  .flatMap(line => /^GET (\S+): (.+)$/.exec(line)?.slice(1, 2) ?? [])
  // A link that was sent to one person is theirs; the parts of a case are for rights.
  .filter(path => !theirOwn.test(path) && !/:(mark|token)$|\/cases\/:id\//.test(path))

/** Restriction leaves rights and claims alone (Article 18(2)): these pages are for them, and for the DPO alone. */
const forRights = ['/staff/protection/cases', '/staff/protection/holds', '/staff/protection/registers/holds']
/** What is counted here is the key store's and the ledger's, without a person: what is stored, and until when. */
const ofTheStore = [
  '/staff/protection/deletion',
  '/staff/protection/evidence',
  '/staff/protection/registers/retention',
  '/staff/protection/registers/certificates',
  '/notice/evidence',
]

let visits = 0
async function look(url: string, cookies: Record<string, string>) {
  visits++
  const remoteAddress = `10.${(visits >> 16) & 255}.${(visits >> 8) & 255}.${visits & 255}`
  return app.inject({ method: 'GET', url, cookies, remoteAddress })
}

/** Every page that each of the staff, and a visitor, can come to: every route, with every id, and every link on the way. */
async function walk(): Promise<Map<string, string>> {
  const pages = new Map<string, string>()
  const readings = await run('store', tx =>
    tx.selectFrom('review_reading').select('id').where('dossier_id', 'in', [member, applicant, held]).execute(),
  )
  const runs = await run('store', tx => tx.selectFrom('selection_run').select('id').execute())
  const ids = [...restricted, held, asked, ...all.map(one => one.id), ...runs.map(one => one.id)]
  const some = (path: string) => (path.includes(':reading') ? readings.map(one => one.id) : ids)
  const seeds = routes.flatMap(path =>
    path.includes(':') ? some(path).map(id => path.replace(/:(id|round|run|reading)/, id)) : [path],
  )
  for (const [who, cookies] of [
    ['visitor', {}] as const,
    ...Object.entries(desks).map(([name, desk]) => [name, desk.cookies()] as const),
  ]) {
    const seen = new Set<string>()
    const queue = seeds.filter(url => !url.includes(':'))
    for (let url = queue.shift(); url !== undefined; url = queue.shift()) {
      if (seen.has(url) || theirOwn.test(url) || isOfAnother(url)) continue
      seen.add(url)
      const answer = await look(url, cookies)
      const next = answer.headers.location
      if (next) queue.push(String(next))
      if (answer.statusCode !== 200) continue
      pages.set(`${who} ${url}`, answer.body)
      if (!String(answer.headers['content-type']).includes('html')) continue
      for (const [, href = ''] of answer.body.matchAll(/(?:href|src)="(\/[^"#]*)/g))
        queue.push(href.replaceAll('&amp;', '&'))
    }
  }
  return pages
}

/** One page of one person is like another: those of the four are enough. */
function isOfAnother(url: string): boolean {
  const [, id] = /^\/staff\/(?:applications|members)\/([0-9a-f-]{36})/.exec(url) ?? []
  return id !== undefined && ![...restricted, held].includes(id)
}
/** A page without what differs each time it is asked for: the token and the number of its form. */
const settled = (text = '') =>
  text.replace(/name="(_csrf|once)"[^>]*value="[^"]*"/g, '').replace(/value="[^"]*"[^>]*name="(_csrf|once)"/g, '')
const urlOf = (page: string) => page.slice(page.indexOf(' /') + 1)
const isFor = (page: string, paths: readonly string[]) => paths.some(path => urlOf(page).startsWith(path))

/** Everything else that leaves: exports, statistics, the pool, the search, and what commands print. */
async function others(): Promise<Map<string, string>> {
  const out = new Map<string, string>()
  const round = closed?.id ?? ''
  for (const contact of [true, false])
    for (const purpose of ['administer the panel', 'review applications'] as const) {
      if (contact && purpose === 'review applications') continue
      const file = await run(
        'administer the panel',
        async tx => {
          const id = await askForExport(tx, house, officer, { round, purpose, contact })
          if (contact) await decideExport(tx, house, second, id, 'approved')
          return (await takeExport(tx, house, officer, id))?.replaceAll(id, '')
        },
        officer,
      )
      out.set(`export to ${purpose}${contact ? ' with contact details' : ''}`, file ?? '')
    }
  const review = await desks.officer.send(`/staff/review/${round}/file`, {}, `/staff/review/${round}`)
  out.set('export of the review', review.text)
  const people = await panel(tx => applicantsOf(tx, round))
  out.set('applicants', people.join('\n'))
  out.set('pool', (await panel(tx => poolOf(tx, round))).join('\n'))
  out.set('candidates', [...(await panel(tx => candidatesOf(tx, house, by, round, poolOf))).keys()].join('\n'))
  const fields = ['name', 'email', 'phone'] as const
  const ask = { by, for: 'administer the panel', fields } as const
  const found = await panel(tx => house.vault.search(tx, 'panel', ask, [...restricted, held], () => true))
  out.set('search', found.join('\n'))
  for (const args of [
    ['evidence', '--json'],
    ['retention', '--as-of', '2027-01-01', '--dry-run'],
    ['notice', 'check'],
    ['verify'],
    ['keys', 'list'],
    ['staff'],
  ]) {
    const lines: string[] = []
    const io = { out: (line: string) => void lines.push(line), err: (line: string) => void lines.push(line) }
    await runCommand(args, house, io)
    out.set(`panel ${args.join(' ')}`, lines.join('\n'))
  }
  return out
}

/** How many people a fresh count of a group is of, whatever it may show. */
async function counted(): Promise<number> {
  const people = await run('store', tx =>
    tx
      .selectFrom('application')
      .select('dossier_id')
      .where('round_id', '=', closed?.id ?? '')
      .execute(),
  )
  const before = await run('store', tx =>
    tx.selectFrom('ledger_entry').select('id').orderBy('id', 'desc').limit(1).execute(),
  )
  await run('representativeness', tx =>
    countAll(
      tx,
      house,
      by,
      { name: 'applicants', of: `00000000-0000-4000-8000-${String(visits).padStart(12, '0')}` },
      people.map(one => one.dossier_id),
    ),
  )
  const rows = await run('store', tx =>
    tx
      .selectFrom('ledger_entry')
      .select('count')
      .where('act', '=', 'counted')
      .where('id', '>', before[0]?.id ?? 0)
      .execute(),
  )
  return Math.max(...rows.map(row => row.count))
}

/** Does every job that comes round by itself, and writes to everyone; returns the letters that came of it. */
async function jobs(): Promise<{ to: string; text: string; subject: string }[]> {
  const before = new Set((await site.letters()).map(one => one.messageId))
  await panel(tx => tell(tx, house, by, [...restricted, held], 'withdrawn', { reference: 'x', deleted: 'y' }))
  house.clock.set('2027-01-02T12:00:00Z')
  await remindDrafts(house)
  house.clock.set('2026-11-23T09:00:00Z')
  await remindOffers(house)
  await watch(house)
  await noticeDay(house, (tx, ids, detail) => tell(tx, house, system('notice'), ids, 'notice changed', detail))
  await sweep(house.reach)
  return (await site.letters()).filter(one => !before.has(one.messageId))
}

const before = await walk()
const leftBefore = await others()
const countBefore = await counted()
const lettersBefore = await jobs()
const printedBefore = (await look('/staff/letters/print', desks.officer.cookies())).body

test('the walk comes to every route of the staff, and finds each of the people it looks for', () => {
  const reached = [...before.keys()].map(urlOf)
  const unreached = routes.filter(
    path => !reached.some(url => new RegExp(`^${path.replace(/:\w+/g, '[^/?]+')}(\\?|$)`).test(url)),
  )
  assert.deepEqual(unreached, notHere)
  for (const sign of [...signs, `${stem}4`].filter(one => ![`${stem}3`, draft, references.get(draft)].includes(one)))
    assert.ok(
      [...before.values()].some(text => text.includes(sign)),
      `${sign} is shown somewhere`,
    )
  assert.ok([...leftBefore.values()].some(text => told(text).length))
  for (const [what, text] of leftBefore)
    if (/export|applicants|pool|candidates|search/.test(what)) assert.ok(told(text).length, what)
  for (const id of [member, draft]) assert.ok(lettersBefore.some(one => one.text.includes(markOf(id))))
  assert.ok(printedBefore.includes(markOf(applicant)))
})

test('[N-70] restricted people are on no page of anyone, in no export, no letter, no count, no pool and no command', async () => {
  await run('exercise rights', async tx => {
    for (const id of restricted) await restrict(tx, house, second, id, '2027-02-01')
    await hold(tx, house, second, held, 'legal matter', '2027-02-01')
  })
  const left = await others()
  assert.deepEqual(
    [...left].flatMap(([what, text]) => told(text).map(sign => `${what}: ${sign}`)),
    [],
  )
  assert.match(left.get('search') ?? '', new RegExp(held))
  assert.equal(await counted(), countBefore - 2)
  const letters = await jobs()
  assert.deepEqual(
    letters.filter(one => told(one.text + one.to).length),
    [],
  )
  assert.ok(
    letters.some(one => one.text.includes(`${stem}4`)),
    'who is only held is written to',
  )
  const pages = await walk()
  const leaks = [...pages].flatMap(([page, text]) =>
    isFor(page, forRights) ? [] : told(text).map(sign => `${page}: ${sign}`),
  )
  assert.deepEqual(leaks, [])
  assert.ok(
    [...pages.values()].some(text => text.includes(`${stem}4`)),
    'who is only held is shown',
  )

  // No figure counts them either: each page reads as it does when they are gone for good.
  await erase(house.reach, by, restricted, 'erasure request')
  const gone = await walk()
  const differ = [...pages].filter(
    ([page, text]) => !isFor(page, [...forRights, ...ofTheStore]) && settled(gone.get(page)) !== settled(text),
  )
  assert.deepEqual(
    differ.map(([page]) => page),
    [],
  )
})

function markOf(id: string): string {
  return `${stem}${[member, applicant, draft, held].indexOf(id) + 1}`
}

/** Plants the markers, and takes the closed round from its applications to a panel in office. */
async function settle() {
  const round = closed?.id ?? ''
  const officerPage = `/staff/review/${round}/set-up`
  const { text } = await desks.officer.get(officerPage)
  const readers = [...text.matchAll(/name="readers" type="checkbox" value="([^"]+)"/g)].map(([, id]) => id ?? '')
  const plan = { readers, readings: '1', cap: '300', deadline: '2026-12-20', weight1: '1', weight2: '2' }
  const set = await desks.officer.send(officerPage, plan)
  assert.equal(set.status, 303, set.text)
  await openQueue(house, by, round)
  const people = await panel(tx => applicantsOf(tx, round))
  await panel(tx => decide(tx, house, by, people, 'eligible', { code: 'relevant', words: '' }))
  const page = `/staff/selection/${round}`
  const begun = await desks.officer.send(`${page}/runs`, {}, page)
  for (let i = 0; i < 300 && /looks again by itself/.test((await desks.officer.get(begun.location)).text); i++)
    await new Promise(done => setTimeout(done, 100))
  await desks.officer.send(`${begun.location}/draw`, { seed: 'public numbers 1 2 3' }, begun.location)
  await desks.officer.send(`${begun.location}/decision`, { decision: 'accept' }, begun.location)
  await desks.dpo.send(`${begun.location}/confirmation`, { confirm: 'yes' }, begun.location)
  if (closed) await panel(async tx => offerPlaces(tx, house, by, closed, await drawnWithoutOffer(tx, closed.id)))
  const drawn = await panel(tx => tx.selectFrom('offer').select('dossier_id').orderBy('seat').execute())
  const [member = '', held = ''] = drawn.map(one => one.dossier_id)
  await panel(tx => saveAudience(tx, house, by, 'Everyone', { regions: [], channels: [], terms: [], interests: [] }))
  for (const id of [member, held])
    await raise(house, by, id, { id: randomUUID(), words: `${stem} sounded tired` }, officersFor)
  const [, priya = ''] =
    /value="([^"]+)"[\s\S]{0,400}?Priya/.exec(text.slice(text.lastIndexOf('value="', text.indexOf('Priya')))) ?? []
  const read = await panel(tx =>
    tx.selectFrom('review_reading').select('dossier_id').where('reader', '=', priya).execute(),
  )
  const applicant = read.find(one => !drawn.some(each => each.dossier_id === one.dossier_id))?.dossier_id ?? ''
  // A decision ends the readings that were not finished: this one is read on, so that the walk comes to its page.
  await panel(tx =>
    tx
      .updateTable('review_reading')
      .set({ state: 'assigned' })
      .where('dossier_id', '=', applicant)
      .where('reader', '=', priya)
      .execute(),
  )
  await desks.reviewer.send(`/staff/review/${round}/interests`, {}, `/staff/review/${round}/reading`)
  for (const id of [member, held])
    await run('administer the panel', tx => accept(tx, house, resident(id), id), resident(id))
  const draft = await unsent()
  for (const [at, id] of [member, applicant, draft, held].entries()) await mark(id, `${stem}${at + 1}`)
  await panel(tx => house.vault.put(tx, by, 'panel', applicant, { channel: 'post' }))
  return { member, held, applicant, draft, asked: await refused(held) }
}

/** Others asked for someone's data, and the letter that says no is written and not yet sent. */
async function refused(subject: string): Promise<string> {
  const { desk, ask } = othersDesk(house)
  const id = await ask(subject)
  await desk(async tx => {
    const said = { ground: 'unneeded', reasons: 'A theft has no bearing on it.', switchedOff: {} }
    await refuseDisclosure(tx, house, second, id, said)
    await step(tx, house, second, id, 'letter drafted', {}, { change: { letter: 'We cannot give it.' } })
  })
  return id
}

async function unsent(): Promise<string> {
  const visitor = site.visitor()
  await visitor.send('/apply/name', { name: 'Somebody' })
  const [row] = await panel(tx =>
    tx.selectFrom('application').select('dossier_id').where('state', '=', 'draft').execute(),
  )
  return row?.dossier_id ?? ''
}

async function mark(id: string, sign: string): Promise<void> {
  await panel(async tx => {
    const { round_id } = await tx
      .selectFrom('application')
      .select('round_id')
      .where('dossier_id', '=', id)
      .executeTakeFirstOrThrow()
    const questions = await tx.selectFrom('question').select('id').where('round_id', '=', round_id).execute()
    await house.vault.put(tx, by, 'panel', id, {
      name: `${sign} Nemo`,
      email: `${sign.toLowerCase()}@example.org`,
      phone: '07700 900 982',
      channel: 'email',
      address: addressValue.write({ lines: [`${sign} Street`], postcode: 'PR2 0ET' }),
      landlord: `${sign} Homes`,
      genderDescription: sign,
      answers: answersValue.write(Object.fromEntries(questions.map(one => [one.id, `I say ${sign}a.`]))),
      adjustments: adjustmentsValue.write({ ticked: ['captions'], words: sign }),
      reviewNotes: sign,
      staffNote: sign,
      decisionReason: sign,
      withdrawalReason: sign,
    })
  })
}
