import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { test } from 'node:test'
import { zipStream } from '#src/platform/files/zip-stream.ts'
import { within } from '#src/promises/house.ts'
import { system } from '#src/promises/notice/actor.ts'
import { othersDesk } from '#test/others.ts'
import { hiddenIn, testSite } from '#test/site.ts'
import { declaredColumns } from '../../notice/columns/all.ts'
import { erase } from '../../retention/erase.ts'
import { putFile } from '../../vault/files.ts'
import { openCase } from '../cases.ts'
import { endCopy, givenOf } from './given.ts'

const site = await testSite()
const { house } = site
const by = system('test')
const rights = { by, for: 'exercise rights' } as const
let dorothy = await site.staff('Dorothy')

const seen = new Set<string>()
/** A granted request for a copy, with something of others in it. */
async function granted(matter: 'access' | 'portability' = 'access') {
  const id = await within(house, { by, for: 'administer the panel' }, async tx => {
    const made = await house.vault.begin(tx, by, 'panel', '2027-06-30')
    await house.vault.put(tx, by, 'panel', made, {
      name: 'Ivy Lane',
      email: `ivy${made.slice(0, 8)}@residents.example`,
      answers: 'My neighbour Rose Hart was ill. Ring Mrs Bell on 01632 960 123. I chair our forum.',
      staffNote: 'Keen and clear.',
    })
    return made
  })
  const reach = `ivy${id.slice(0, 8)}@residents.example`
  const { id: caseId } = await within(house, rights, tx =>
    openCase(tx, house, by, {
      matter,
      channel: 'email',
      requester: { name: 'Ivy Lane', reach },
      words: '',
      subject: id,
    }),
  )
  const at = `/staff/protection/cases/${caseId}`
  await dorothy.send(`${at}/decision`, { decision: 'granted', reasons: 'The law gives it.' }, at)
  const go = (path: string, fields: Record<string, string> = {}) =>
    dorothy.send(`${at}/copy/${path}`, fields, `${at}/copy`)
  /** Makes it ready; the link comes by email, the code from the page. */
  const ready = async () => {
    const { text } = await go('ready', { looked: 'yes' })
    const linkIn = (letter?: { text: string }) => /\/copy\/[\w-]{32}/.exec(letter?.text ?? '')?.[0] ?? ''
    const mine = (await site.letters()).filter(one => one.to === reach && linkIn(one))
    const letter = mine.find(one => !seen.has(linkIn(one)))
    const link = linkIn(letter)
    seen.add(link)
    return { link, code: /panel-code">(\d{6})/.exec(text)?.[1] ?? '', letter: letter?.text ?? '' }
  }
  return { id, caseId, at, go, ready, page: async () => (await dorothy.get(`${at}/copy`)).text }
}
/** Takes a copy as whoever has the link: the answer, and the parts of the file by name. */
async function takes(link: string, code: string) {
  const visitor = site.visitor()
  const page = await visitor.get('/ring-me') // a link that leads nowhere has no form of its own
  const answer = await site.app.inject({
    method: 'POST',
    url: link,
    cookies: visitor.cookies(),
    payload: new URLSearchParams({ ...hiddenIn(page.text), code }).toString(),
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
  })
  return { status: answer.statusCode, text: answer.body, file: answer.rawPayload }
}
/** What is in a ZIP file, as another program reads it. */
function unpacked(file: Buffer): Record<string, string> {
  const path = join(mkdtempSync(join(tmpdir(), 'copy-')), 'copy.zip')
  writeFileSync(path, file)
  const reads = `import zipfile, json, sys
z = zipfile.ZipFile(sys.argv[1])
print(json.dumps({n: z.read(n).decode() for n in z.namelist()}))`
  return JSON.parse(execFileSync('python3', ['-c', reads, path], { maxBuffer: 1e8 }).toString())
}

test('[N-70] a copy is searched for everywhere, looked through, and goes without what is about others, by a link and a code that work once', async () => {
  const { at, go, ready, page, caseId } = await granted()
  assert.match(
    (await dorothy.send(`${at}/execution`, {}, at)).text,
    /Make the copy ready first, or say how they get it/,
  )
  assert.match((await go('ready', { looked: 'yes' })).text, /Search everywhere first/)
  await go('search')
  assert.match(await page(), /Someone else\? 01632 960 123; Mrs Bell; Rose Hart/)
  assert.match((await go('ready')).text, /Look through it first, and tick that you did/)
  const nowhere = await go('left-out', { field: 'answers', words: 'Rosa Hart', why: 'It is about a neighbour' })
  assert.equal(nowhere.status, 422)
  assert.match(nowhere.text, /These words do not stand there/)
  assert.match(nowhere.text, /Rosa Hart/, 'nothing typed is lost')
  assert.match((await go('left-out', { field: 'answers', words: 'Rose Hart', why: '' })).text, /Enter why/)
  await go('left-out', { field: 'answers', words: 'my neighbour rose hart', why: 'It is about a neighbour' })
  await go('left-out', { field: 'staffNote', words: '', why: 'It is about a colleague' })
  assert.match(await page(), /\[left out\] was ill/)
  const { link, code, letter } = await ready()
  assert.doesNotMatch(letter, new RegExp(code), 'the code does not go with the link')
  assert.equal((await takes(link, '')).status, 422)
  const wrong = await takes(link, code === '000000' ? '111111' : '000000')
  assert.match(wrong.text, /The code is wrong/)
  const taken = await takes(link, code)
  assert.equal(taken.status, 200)
  const parts = unpacked(taken.file)
  assert.deepEqual(Object.keys(parts), ['read-me.html', 'copy.json', 'my-data.csv', 'schema.json', 'csv-metadata.json'])
  for (const part of Object.values(parts)) assert.doesNotMatch(part, /Rose Hart|Keen and clear/)
  assert.match(parts['read-me.html'] ?? '', /\[left out\] was ill[\s\S]*Left out: It is about a neighbour/)
  const places = JSON.parse(parts['copy.json'] ?? '{}').searched.map((one: { place: string }) => one.place)
  for (const place of ['Sealed values', 'Files', 'Key store', 'Backups', 'Opening', 'Rights case', 'Ledger entry'])
    assert.ok(places.includes(place), place)
  assert.equal((await takes(link, code)).status, 410, 'once')
  assert.match((await dorothy.get(at)).text, /Made ready [^.]*, taken 9am on 23 November 2026/)
  assert.equal((await dorothy.send(`${at}/execution`, {}, at)).status, 303)
  const answer = (await dorothy.get(at)).text
  assert.match(
    answer,
    /We left out of the copy what is about other people \(a part of your skills and experience: It is about a neighbour; what staff noted about your application: It is about a colleague\)/,
  )
  assert.doesNotMatch(answer, /[Rr]ose [Hh]art was/)
  const ledger = await within(house, rights, tx =>
    tx.selectFrom('ledger_entry').selectAll().where('subject', '=', caseId).execute(),
  )
  assert.doesNotMatch(JSON.stringify(ledger), /neighbour|Hart/)
})

test('[N-70] the search names every table of the data map: what holds a record’s id by its count, the rest in one line', async () => {
  const { go, page } = await granted()
  await go('search')
  const text = await page()
  for (const table of declaredColumns().keys()) {
    if (table === 'sealed_value') continue
    const says = table.charAt(0).toUpperCase() + table.slice(1).replaceAll('_', ' ')
    assert.ok(text.includes(`>${says}<`) || new RegExp(`\\b${table}\\b`).test(text), table)
  }
})

test('[N-42] a request of others that is kept from the person shows in no count that goes with their copy; the desk sees it', async () => {
  const { id, go, ready, page } = await granted()
  const { ask, weighed, decided, made } = othersDesk(house)
  const secret = await ask(id)
  await weighed(secret, { switchedOff: { told: 'A raid is planned.', log: 'A raid is planned.' } })
  await decided(secret)
  await made(secret)
  await go('search')
  assert.match(await page(), />Disclosure<\/th><td[^>]*>1</)
  const { link, code } = await ready()
  const json = JSON.parse(unpacked((await takes(link, code)).file)['copy.json'] ?? '{}')
  const found = (place: string) => json.searched.find((one: { place: string }) => one.place === place)?.found
  assert.deepEqual([found('Disclosure'), found('Opening'), found('Ledger entry')], [0, json.openings.length, null])
})

test('[N-70] what was left out can be put back before it goes', async () => {
  const { go, page } = await granted()
  await go('search')
  await go('left-out', { field: 'staffNote', words: '', why: 'It is about a colleague' })
  const out = /name="out" value="([^"]+)"/.exec(await page())?.[1] ?? ''
  await go('put-back', { out })
  assert.match(await page(), /Keen and clear/)
})

test('[N-70] for portability goes what the person gave, and nothing of ours', async () => {
  const { go, ready } = await granted('portability')
  await go('search')
  const { link, code } = await ready()
  const json = JSON.parse(unpacked((await takes(link, code)).file)['copy.json'] ?? '{}')
  assert.deepEqual(json.values.map((one: { field: string }) => one.field).sort(), ['answers', 'email', 'name'])
  assert.deepEqual([json.openings, json.rows, json.disclosures], [[], {}, []])
})

test('[N-70] a link closes after five wrong codes, after 72 hours, and with the record; the copy goes then', async () => {
  const guessed = await granted()
  await guessed.go('search')
  const first = await guessed.ready()
  const wrong = first.code === '000000' ? '111111' : '000000'
  for (let at = 0; at < 5; at++) await takes(first.link, wrong)
  assert.equal((await takes(first.link, first.code)).status, 410)
  const second = await guessed.ready()
  assert.equal((await takes(first.link, first.code)).status, 410, 'the first link is over')
  assert.notEqual(second.link, first.link)
  const erased = await granted()
  await erased.go('search')
  const third = await erased.ready()
  assert.equal((await house.files.list(`${erased.id}/`)).length, 1)
  await erase(house.reach, by, [erased.id], 'withdrawn and deleted')
  assert.deepEqual(await house.files.list(`${erased.id}/`), [], 'the copy ends with the record')
  assert.equal((await takes(third.link, third.code)).status, 410)
  await endCopy(house, guessed.caseId)
  assert.equal((await house.files.list(`${guessed.id}/`)).length, 1, 'it is not its time yet')
  house.clock.set('2026-11-26T09:00:01Z')
  assert.equal((await takes(second.link, second.code)).status, 410)
  await endCopy(house, guessed.caseId)
  assert.deepEqual(await house.files.list(`${guessed.id}/`), [])
  house.clock.set('2026-11-23T09:00:00Z')
  dorothy = await site.staff('Dorothy')
})

for (const [when, files] of [
  ['before its files are read', 1],
  ['when all of it is written', 0],
] as const)
  test(`[N-70] a record that is erased while its copy is made ready, ${when}, leaves no copy, no link, and a case that says so`, async () => {
    const { id, at, go, caseId } = await granted()
    await go('search')
    const bytes = async function* () {
      for (let piece = 0; piece < 40; piece++) yield Buffer.alloc(64 * 1024, piece)
    }
    if (files) await within(house, rights, tx => putFile(tx, house, by, 'panel', id, 'answers', bytes()))
    const { put } = house.files
    const erasing = async function* (pieces: AsyncIterable<Uint8Array> | Iterable<Uint8Array>) {
      if (files) await erase(house.reach, by, [id], 'withdrawn and deleted')
      yield* pieces
      if (!files) await erase(house.reach, by, [id], 'withdrawn and deleted')
    }
    house.files.put = (key, pieces) => put(key, erasing(pieces))
    const ended = await go('ready', { looked: 'yes' })
    house.files.put = put
    assert.equal(ended.location, at)
    assert.match((await dorothy.get(at)).text, /Their record<\/dt><dd[^>]*>Deleted/)
    assert.deepEqual(await house.files.list(`${id}/`), [])
    assert.equal(await within(house, rights, tx => givenOf(tx, caseId)), undefined)
  })

test('a ZIP file that is written as it is read is one that another program reads', async () => {
  async function* parts() {
    yield { name: 'a.txt', bytes: [Buffer.from('one '), Buffer.from('two')] }
    yield { name: 'files/é.txt', bytes: [] }
  }
  const file = await buffer(Readable.from(zipStream(parts(), new Date('2026-11-23T09:00:00Z'))))
  assert.deepEqual(unpacked(file), { 'a.txt': 'one two', 'files/é.txt': '' })
})
