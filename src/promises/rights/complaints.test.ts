import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { runCommand } from '#src/commands.ts'
import { unzip, zip } from '#src/platform/files/zip.ts'
import { within } from '#src/promises/house.ts'
import { system } from '#src/promises/notice/actor.ts'
import { testSite } from '#test/site.ts'
import { bundleFaults } from './bundle.ts'

const site = await testSite()
const { house } = site
const by = system('test')

async function complain(reach = 'walker@example.org'): Promise<string> {
  const done = await site
    .visitor()
    .send('/complaints', { words: 'You wrote to my old address.', reach, name: 'Wal Ker' })
  const reference = /DP-\w{6}/.exec(done.text)?.[0] ?? ''
  const row = await within(house, { by, for: 'exercise rights' }, tx =>
    tx.selectFrom('rights_case').select('dossier_id').where('reference', '=', reference).executeTakeFirst(),
  )
  return `/staff/protection/cases/${row?.dossier_id}`
}
const lettersTo = async (address: string) => (await site.letters()).filter(one => one.to === address)
async function at(day: string) {
  house.clock.set(`${day}T09:00:00Z`)
  return site.staff('Dorothy')
}

test('[N-73] from the twentieth day a complaint that nobody acknowledged is an alarm on Today; the day before it is not', async () => {
  const path = await complain('early@example.org')
  const overdue = (text: string) => text.slice(text.indexOf('Overdue'), text.indexOf('To do'))
  const says = 'acknowledge it by 23 December 2026'
  const before = await (await at('2026-12-12')).get('/staff')
  assert.ok(before.text.includes(says) && !overdue(before.text).includes(says))
  const after = await (await at('2026-12-13')).get('/staff')
  assert.match(overdue(after.text), /20 days and more have gone: acknowledge it by 23 December 2026/)
  const desk = await at('2026-12-14')
  assert.match(
    (await desk.send(`${path}/complaint`, { what: 'acknowledgement', acknowledgement: ' ' })).text,
    /Enter the acknowledgement/,
  )
  await desk.send(`${path}/complaint`, { what: 'acknowledgement', acknowledgement: 'We have it, Wal.' })
  const page = await desk.get('/staff')
  assert.match(page.text, /tell them how it goes on by 13 January 2027/)
  assert.doesNotMatch(page.text, /acknowledge it by/)
  const late = await (await at('2027-01-14')).get('/staff')
  assert.match(overdue(late.text), /tell them how it goes on: it was to be by 13 January 2027/)
  house.clock.set('2026-11-23T09:00:00Z')
})

test('[N-74] a complaint goes from receipt to outcome, and the regulator’s bundle holds its dates, acknowledgement, enquiries and outcome, each part with its fingerprint', async () => {
  const path = await complain()
  assert.match((await lettersTo('walker@example.org'))[0]?.text ?? '', /By 23 December 2026 we write to you/)
  const desk = await site.staff('Dorothy')
  const goOn = (what: string, text: string) => desk.send(`${path}/complaint`, { what, [what]: text })
  await goOn('acknowledgement', 'Hello Wal Ker,\n\nWe have your complaint.')
  await goOn('enquiry', 'Asked the letters team: <b>the list</b> was old.')
  await goOn('progress', 'We found the list. We tell you more soon.')
  const sent = (await lettersTo('walker@example.org')).map(one => one.text).join('\n')
  assert.match(sent, /We have your complaint\./)
  assert.match(sent, /We found the list/)
  assert.doesNotMatch(sent, /Asked the letters team/, 'an enquiry is not sent to anyone')
  assert.match((await desk.get(`${path}/print?letter=1`)).text, /We found the list/)
  assert.match((await desk.send(`${path}/decision`, { decision: 'granted' }, path)).text, /Enter the reasons/)
  await desk.send(`${path}/decision`, { decision: 'granted', reasons: 'The address was old.' }, path)
  await desk.send(`${path}/execution`, {}, path)
  await desk.send(`${path}/letter`, { letter: 'You were right.' }, path)
  await desk.send(`${path}/letter/sending`, {}, `${path}/letter`)
  await desk.send(`${path}/step`, { what: 'close' }, path)
  assert.match((await desk.get(path)).text, /Closed\./)

  const answer = await site.app.inject({ url: `${path}/bundle.zip`, cookies: desk.cookies() })
  assert.equal(answer.headers['content-type'], 'application/zip')
  const file = answer.rawPayload
  const parts = new Map((unzip(file) ?? []).map(one => [one.name, one.bytes.toString('utf8')]))
  assert.match(parts.get('acknowledgement-1.txt') ?? '', /We have your complaint/)
  assert.match(parts.get('enquiry-1.txt') ?? '', /Asked the letters team/)
  assert.match(parts.get('progress-1.txt') ?? '', /We found the list/)
  assert.match(parts.get('outcome.txt') ?? '', /You were right/)
  assert.match(parts.get('index.html') ?? '', /&lt;b&gt;the list/, 'what was typed is shown as typed')
  const dates = JSON.parse(parts.get('complaint.json') ?? '{}')
  assert.equal(dates.acknowledgeBy, '2026-12-23')
  assert.equal(dates.acknowledgedInTime, true)
  assert.equal(dates.outcome, 'Upheld')
  assert.deepEqual(bundleFaults(file), [])

  const said: string[] = []
  const io = { out: (line: string) => void said.push(line), err: (line: string) => void said.push(line) }
  const saved = join(house.dir, 'bundle.zip')
  writeFileSync(saved, file)
  assert.equal(await runCommand(['rights', 'check', saved], house, io), 0)
  const other = zip(
    [...parts].map(([name, text]) => ({ name, bytes: Buffer.from(name === 'outcome.txt' ? 'You were wrong.' : text) })),
    house.clock.now(),
  )
  writeFileSync(saved, other)
  assert.equal(await runCommand(['rights', 'check', saved], house, io), 1)
  assert.match(said.join(' '), /outcome\.txt was changed/)
  assert.deepEqual(bundleFaults(file.subarray(0, 300)), ['It is not a bundle, or is cut short.'])
})

test('[N-73] complaints are counted by month for reporting, with how many were acknowledged in time and what came of them', async () => {
  const desk = await site.staff('Dorothy')
  const { text } = await desk.get('/staff/protection/registers/complaint-counts.csv')
  const [, row = ''] = text.trim().split('\n')
  assert.match(row, /^2026-11,2,2,0,0,1,0,0,1,0/)
})

test('nobody gets a bundle of a request that is not a complaint', async () => {
  const done = await site.visitor().send('/your-rights', { right: 'access', reach: 'a@example.org', name: 'A' })
  const reference = /DP-\w{6}/.exec(done.text)?.[0] ?? ''
  const row = await within(house, { by, for: 'exercise rights' }, tx =>
    tx.selectFrom('rights_case').select('dossier_id').where('reference', '=', reference).executeTakeFirst(),
  )
  const desk = await site.staff('Dorothy')
  assert.equal((await desk.get(`/staff/protection/cases/${row?.dossier_id}/bundle.zip`)).status, 404)
  assert.equal((await desk.get(`/staff/protection/cases/${row?.dossier_id}/complaint`)).status, 404)
})
