import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { runCommand } from '#src/commands.ts'
import { openDesk } from '#test/desk.ts'
import { testHouse } from '#test/house.ts'
import { dorothy, grace } from '#test/settled.ts'
import { within } from '../../house.ts'
import { system } from '../../notice/actor.ts'
import { sweep } from '../../retention/sweep.ts'
import { caseRoutes } from '../routes.ts'
import { readMail } from './read-mail.ts'
import { receive, sameAddress } from './receive.ts'

const house = await testHouse()
const by = system('test')
const told: string[] = []
const write = async (_tx: unknown, _id: string, letter: string) => void told.push(letter)
const desk = await openDesk(house, [(app, home) => caseRoutes(app, home, write)])
desk.as(dorothy)
const amina = await within(house, { by: grace, for: 'administer the panel' }, async tx => {
  const id = await house.vault.begin(tx, grace, 'panel', '2027-06-30')
  await house.vault.put(tx, grace, 'panel', id, { name: 'Amina Okafor', email: 'amina@residents.example' })
  return id
})

let mails = 0

/** An e-mail as a mailbox saves it; each is another one. */
function eml(more: { headers?: string[]; body?: string; type?: string; date?: string } = {}): Buffer {
  return Buffer.from(
    [
      'From: Amina Okafor <AMINA@Residents.Example>',
      'To: DPO@Housing-Ombudsman.org.uk',
      'Subject: My data',
      `Message-ID: <${++mails}@residents.example>`,
      `Date: ${more.date ?? 'Fri, 20 Nov 2026 22:15:00 +0000'}`,
      ...(more.headers ?? []),
      'MIME-Version: 1.0',
      `Content-Type: ${more.type ?? 'text/plain; charset=utf-8'}`,
      '',
      more.body ?? 'I want a copy of everything.',
      '',
    ].join('\r\n'),
  )
}
async function caseOf(id: string) {
  return within(house, { by, for: 'exercise rights' }, tx =>
    tx.selectFrom('rights_case').selectAll().where('dossier_id', '=', id).executeTakeFirstOrThrow(),
  )
}
async function took(raw: Buffer, options: Parameters<typeof receive>[3] = {}) {
  const taken = await receive(house, by, raw, options)
  if (typeof taken === 'string') throw new Error(taken)
  const { text: page } = await desk.get(`/staff/protection/cases/${taken.id}`)
  return { id: taken.id, inbox: taken.inbox ?? '', one: await caseOf(taken.id), page }
}

test('[N-72] an email to the mailbox becomes a case that counts from its Date header, about the record that has its address', async () => {
  const { one, page } = await took(eml(), { matter: 'access' })
  assert.equal(one.received_at.toISOString(), '2026-11-20T22:15:00.000Z')
  assert.equal(one.channel, 'email')
  assert.equal(one.subject, amina, 'the address is matched without regard to case')
  assert.match(page, /Due 21 December 2026/) // 20 December is a Sunday
  assert.match(page, /Subject: My data[\s\S]*I want a copy of everything\./)
})

test('[N-72] a Date header in the future, without sense or missing counts from now', async () => {
  for (const date of ['Wed, 25 Nov 2099 10:00:00 +0000', 'the day before yesterday', ''])
    assert.equal((await took(eml({ date }))).one.received_at.toISOString(), '2026-11-23T09:00:00.000Z', date)
})

test('[N-78] both spellings of the mailbox are the same queue; another one is said', async () => {
  assert.ok(sameAddress('DPO@housing-ombudsman.org.uk', 'dpo@Housing-Ombudsman.org.uk '))
  const raw = String(eml())
  assert.doesNotMatch((await took(Buffer.from(raw))).page, /not addressed to/)
  assert.doesNotMatch((await took(Buffer.from(raw.replace('DPO@Housing', 'dpo@housing')))).page, /not addressed to/)
  const other = Buffer.from(raw.replace('DPO@Housing-Ombudsman.org.uk', 'panel@example.org'))
  assert.match((await took(other)).page, /It was not addressed to dpo@housing-ombudsman\.org\.uk/)
})

test('[N-72] a message that nobody has sorted waits to be sorted, and cannot be decided before', async () => {
  const { id, page } = await took(eml())
  const at = `/staff/protection/cases/${id}`
  assert.match(page, /Next: Read it, and say what they ask for\. Due 21 December 2026/)
  assert.match(
    (await desk.post(`${at}/decision`, { decision: 'granted', reasons: 'x' })).text,
    /Say first what they ask for/,
  )
  assert.match((await desk.post(`${at}/matter`, {})).text, /Select what they ask for/)
  assert.equal((await desk.post(`${at}/matter`, { matter: 'complaint' })).status, 303)
  assert.match((await desk.get(at)).text, /Next: Acknowledge it/)
  assert.equal((await desk.post(`${at}/matter`, { matter: 'access' })).status, 404, 'it is sorted once')
})

test('the same email, taken twice, has one case, and its sender one letter', async () => {
  const raw = eml({ body: 'Delete me, thank you.' })
  const before = told.length
  const taken = await receive(house, by, raw, {}, write)
  assert.ok(typeof taken !== 'string')
  const again = await receive(house, by, raw, {}, write)
  assert.ok(typeof again !== 'string')
  assert.deepEqual([again.id, again.isKnown, again.due], [taken.id, true, taken.due])
  assert.equal(told.length, before + 1)
  const other = await receive(house, by, eml({ body: 'Delete me, thank you.' }), {}, write)
  assert.ok(typeof other !== 'string' && !other.isKnown, 'the same words in another email are another request')
})

test('what arrived is sealed beside its case, gone after seven days; the case stays', async () => {
  const { inbox, id } = await took(eml())
  assert.equal((await house.vault.record(inbox))?.kind, 'inbox')
  assert.equal((await house.vault.record(inbox))?.expiresOn, '2026-11-30')
  house.clock.set('2026-11-30T03:20:00Z')
  await sweep(house.reach)
  assert.notEqual((await house.vault.record(inbox))?.state, 'alive')
  assert.equal((await house.vault.record(id))?.state, 'alive')
  house.clock.set('2026-11-23T09:00:00Z')
})

/** A part of a hostile message. */
const part = (headers: string[], body: string) => ['--Q', ...headers, '', body].join('\r\n')
function hostile(): Buffer {
  let deep = 'Content-Type: text/html\r\n\r\n<b>deep</b>'
  for (let at = 0; at < 40; at++)
    deep = `Content-Type: multipart/mixed; boundary=b${at}\r\n\r\n--b${at}\r\n${deep}\r\n--b${at}--`
  const file = (name: string, type: string) => [
    `Content-Type: ${type}`,
    `Content-Disposition: attachment; filename="${name}"`,
    'Content-Transfer-Encoding: base64',
  ]
  const base64 = (text: string | Buffer) => Buffer.from(text).toString('base64').replace(/.{76}/g, '$&\r\n')
  return eml({
    type: 'multipart/mixed; boundary=Q',
    body: [
      part(['Content-Type: text/plain'], 'Delete me. <script>alert(1)</script><img src=x onerror=alert(2)>'),
      part(file('../../evil.html', 'text/html'), base64('<script>document.title="owned"</script>')),
      part(file('run.js', 'text/javascript'), base64('process.exit(9)')),
      part(file('bomb.zip', 'application/zip'), base64(Buffer.concat([Buffer.from('PK\x03\x04'), Buffer.alloc(5000)]))),
      part(file('huge.bin', 'application/octet-stream'), base64(Buffer.alloc(2_000_000, 'HUGE-MARKER'))),
      part(['Content-Type: message/rfc822'], 'From: x@example.org\r\nSubject: inner\r\n\r\nINNER-MARKER'),
      `--Q\r\n${deep}`,
      '--Q--',
    ].join('\r\n'),
  })
}

test('a hostile email is taken as words alone: what hangs on it is named and counted, never opened, kept or run', async () => {
  const { id, inbox, page } = await took(hostile())
  assert.match(page, /Delete me\. &lt;script&gt;alert\(1\)&lt;\/script&gt;/, 'words are shown as they were typed')
  assert.doesNotMatch(page, /<script>alert|<img src=x/)
  for (const named of [
    'evil.html (text/html, 39 bytes)',
    'run.js (text/javascript, 15 bytes)',
    'bomb.zip (application/zip, 5004 bytes)',
    'huge.bin (application/octet-stream, 2000000 bytes)',
  ])
    assert.ok(page.includes(named), named)
  assert.match(page, /files hung on it, not opened and not kept/)
  for (const inside of ['document.title', 'HUGE-MARKER', 'process.exit']) assert.ok(!page.includes(inside), inside)
  const held = await within(house, { by, for: 'exercise rights' }, tx =>
    house.vault.open(tx, 'inbox', { by, for: 'exercise rights', fields: ['content'] }, [inbox]),
  )
  assert.ok((held[0]?.content ?? '').length < 5000, 'nothing that hung on it is kept')
  assert.deepEqual(await house.files.list(`${inbox}/`), [])
  assert.deepEqual(await house.files.list(`${id}/`), [])
})

test('a message that is nested without end, or is no email, breaks nothing and loses nothing', async () => {
  let deep = 'Content-Type: text/plain\r\n\r\nx'
  for (let at = 0; at < 3000; at++)
    deep = `Content-Type: multipart/mixed; boundary=b${at}\r\n\r\n--b${at}\r\n${deep}\r\n--b${at}--`
  const { page } = await took(eml({ type: 'multipart/mixed; boundary=Q', body: `--Q\r\n${deep}\r\n--Q--` }))
  assert.match(page, /It could not be read to its end/)
  assert.match(page, /Subject: My data/)
  for (const raw of [Buffer.alloc(0), Buffer.from('no mail at all'), Buffer.alloc(100_000, 0xff)])
    assert.equal(
      await receive(house, by, raw, {}),
      'The file is not an email with a sender: save it as .eml and try again',
    )
  assert.match(String(await receive(house, by, Buffer.alloc(25 * 1024 * 1024 + 1, 'a'), {})), /25 MB or smaller/)
})

test('an answer of a machine is not answered, so that two machines never write to each other', async () => {
  for (const [raw, letters] of [
    [eml(), 1],
    [eml({ headers: ['Auto-Submitted: auto-replied'] }), 0],
    [eml({ headers: ['Precedence: bulk'] }), 0],
  ] as const) {
    told.length = 0
    await receive(house, by, raw, { matter: 'access' }, write)
    assert.equal(told.length, letters)
  }
})

test('[N-72] the desk uploads a received email, and the command takes it too', async () => {
  assert.match((await desk.upload('/staff/protection/cases/received', 'mail', '')).text, /Select an \.eml file/)
  assert.match(
    (await desk.upload('/staff/protection/cases/received', 'mail', 'nonsense')).text,
    /not an email with a sender/,
  )
  const { location } = await desk.upload('/staff/protection/cases/received', 'mail', eml())
  assert.match((await desk.get(location)).text, /Amina Okafor/)
  const said: string[] = []
  const io = { out: (line: string) => void said.push(line), err: (line: string) => void said.push(line) }
  const file = join(house.dir, 'mail.eml')
  writeFileSync(file, eml())
  assert.equal(await runCommand(['rights', 'receive', file, '--as', 'erasure'], house, io), 0)
  assert.match(said.join(), /^DP-\w{6} is open; it is due on 2026-12-21\.$/)
  assert.equal(await runCommand(['rights', 'receive', file, '--as', 'anything'], house, io), 2)
  assert.equal(await runCommand(['rights', 'receive', `${file}.none`], house, io), 2)
})

test('only an e-mail in HTML is read as plain words', async () => {
  const mail = await readMail(eml({ type: 'text/html', body: '<p>Copy, <b>please</b></p><script>alert(1)</script>' }))
  assert.match(mail.text, /Copy, please/)
  assert.doesNotMatch(mail.text, /alert|</)
})
