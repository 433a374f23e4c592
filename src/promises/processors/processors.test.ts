import assert from 'node:assert/strict'
import { test } from 'node:test'
import { runCommand } from '#src/commands.ts'
import { whyNotLive } from '#src/live.ts'
import type { Config } from '#src/platform/config.ts'
import { testSite } from '#test/site.ts'
import { hostsOf } from './hosts.ts'

const site = await testSite()
const { house } = site
const home = '/staff/protection/processors'
const form = {
  name: 'Zoom Communications',
  does: 'runs the online meetings',
  recipient: 'Zoom',
  hosts: 'https://api.zoom.example\nZOOM.example.',
  place: 'United States',
  mechanism: 'UK Extension to the EU-US Data Privacy Framework',
  contract: '2026-01-10',
  evidence: '2026-11-01',
  review: '2027-11-01',
}
/** Runs a command; returns its exit code and what it said. */
async function panel(...args: string[]): Promise<{ code: number; said: string }> {
  const said: string[] = []
  const io = { out: (line: string) => void said.push(line), err: (line: string) => void said.push(line) }
  return { code: await runCommand(args, house, io), said: said.join('\n') }
}
const faults = (config: Partial<Config>) =>
  whyNotLive({ ...house, masters: { ...house.masters, demo: false }, config: { ...house.config, ...config } })

test('[N-36] [N-58] in live use a host that no entry of the register names is refused, in one sentence that says how to mend it', async () => {
  const config = { databaseUrl: 'postgres://u:p@DB.example.org/panel', smtpUrl: 'smtps://u:p@mail.example.org:465' }
  const [database = '', mail = '', ...more] = await faults(config)
  assert.deepEqual(more, [])
  assert.match(
    database,
    /names the database host db\.example\.org: .*\.\/panel processor add NAME --host db\.example\.org/,
  )
  assert.match(mail, /names the mail host mail\.example\.org/)
  const added = await panel(
    'processor',
    'add',
    'Hosting Ltd',
    '--host',
    'db.example.org',
    '--does',
    'keeps the database',
    '--contract',
    '2026-02-01',
  )
  assert.deepEqual(added, { code: 0, said: 'Hosting Ltd is in the register, with db.example.org.' })
  assert.equal((await faults(config)).length, 1)
  await panel(
    'processor',
    'add',
    'Mail Ltd',
    '--host',
    'Mail.Example.org',
    '--does',
    'carries letters',
    '--contract',
    '2026-02-01',
    '--recipient',
    'mail service',
  )
  assert.deepEqual(await faults(config), [])
  assert.equal((await panel('processor', 'end', 'Mail Ltd')).code, 0)
  assert.match((await faults(config)).join(), /mail host mail\.example\.org/, 'an entry that has ended names nothing')
})

test('this machine itself and sockets need no entry; every other machine of the settings does', async () => {
  const none = {
    databaseUrl: 'postgres://u@localhost/panel',
    keysDatabaseUrl: 'postgres:///keys?host=/var/run/postgresql',
    smtpUrl: 'smtp://[::1]:25',
    s3Url: 'http://K:S@127.0.0.1:9000/bucket',
  }
  assert.deepEqual(hostsOf(none), [])
  const oidc = { issuer: 'https://login.example.org/tenant', clientId: 'x', clientSecret: 'y' }
  const all = hostsOf({
    databaseUrl: 'postgres://u@localhost/panel?host=far.example.org',
    keysDatabaseUrl: 'postgres://u@keys.example.org/k',
    smtpUrl: 'smtp://mail.example.org',
    s3Url: 's3://K:S@s3.example.org/bucket',
    oidc,
  })
  assert.deepEqual(
    all.map(one => one.host),
    ['far.example.org', 'keys.example.org', 'mail.example.org', 's3.example.org', 'login.example.org'],
  )
  for (const near of ['localhost.example.org', '127.example.org', 'notlocalhost'])
    assert.equal(hostsOf({ smtpUrl: `smtp://${near}` }).length, 1, near)
})

test('the command says what is wrong with what it was given', async () => {
  assert.equal((await panel('processor', 'add', 'X')).code, 2)
  const add = ['processor', 'add', 'X', '--does', 'y', '--contract', '2026-02-30', '--host', 'h.example']
  assert.match((await panel(...add)).said, /"2026-02-30" is not a date/)
  assert.match((await panel(...add.with(6, '2026-02-01').with(8, 'a b'))).said, /"a b" is not the name of a machine/)
  assert.match((await panel(...add.with(6, '2026-02-01'), '--recipient', 'me')).said, /"me" is none of/)
  assert.equal((await panel('processor', 'end', 'Nobody')).code, 1)
})

test('[N-59] [N-60] [N-68] the data protection officer keeps contract, transfer and evidence, which the register shows; a year on Today asks for new evidence', async () => {
  const desk = await site.staff('Dorothy')
  const empty = await desk.send(`${home}/new`, { hosts: 'not a host!' })
  for (const sentence of [
    'Enter what the processor is called',
    'Enter the names of its machines',
    'Enter the date of the contract',
  ])
    assert.ok(empty.text.includes(sentence), sentence)
  assert.equal((await desk.send(`${home}/new`, form)).status, 303)
  assert.match((await desk.send(`${home}/new`, form)).text, /An entry has this name/)
  const register = await desk.get('/staff/protection/registers/processors')
  for (const said of [
    'api.zoom.example; zoom.example',
    '2026-01-10',
    '2026-11-01',
    'UK Extension',
    'Your name',
    'no contract is entered',
  ])
    assert.ok(register.text.includes(said), said)
  assert.doesNotMatch((await desk.get('/staff')).text, /Zoom Communications/)
  house.clock.set('2027-10-05T09:00:00Z')
  assert.match(
    (await (await site.staff('Dorothy')).get('/staff')).text,
    /Zoom Communications: look at the contract again by 1 November 2027/,
  )
  house.clock.set('2027-11-02T09:00:00Z')
  const later = await site.staff('Dorothy')
  assert.match(
    (await later.get('/staff')).text,
    /Zoom Communications: check the evidence anew: it is of 1 November 2026/,
  )
  const [, path = ''] = /href="([^"]+)">Zoom Communications/.exec((await later.get(home)).text) ?? []
  await later.send(path, { ...form, evidence: '2027-11-02', review: '2028-11-01' })
  assert.doesNotMatch((await later.get('/staff')).text, /Zoom Communications: (check|look)/)
  await later.send(path, { ...form, end: 'yes' })
  assert.match((await later.get(home)).text, /Zoom Communications<\/a>, runs the online meetings: ended/)
  house.clock.set('2026-11-23T09:00:00Z')
})
