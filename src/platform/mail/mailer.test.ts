import assert from 'node:assert/strict'
import { mkdtempSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { SMTPServer } from 'smtp-server'
import { type Letter, MailError, outboxMailer, readOutbox, smtpMailer } from './mailer.ts'

const letter: Letter = {
  id: '7b0a8d5e-0000-4000-8000-000000000001',
  to: { name: 'Amina Okafor', address: 'amina.marker@example.org' },
  subject: 'We have your application',
  text: 'Hello',
  html: '<p>Hello</p>',
}

async function serverThat(answer: (address: string) => Error | undefined) {
  const got: string[] = []
  const server = new SMTPServer({
    disabledCommands: ['AUTH', 'STARTTLS'],
    onRcptTo: (address, _session, done) => done(answer(address.address)),
    onData: (stream, _session, done) => {
      let raw = ''
      stream.on('data', chunk => {
        raw += chunk
      })
      stream.on('end', () => {
        got.push(raw)
        done()
      })
    },
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  after(() => new Promise<void>(resolve => server.close(resolve)))
  const { port } = server.server.address() as AddressInfo
  return { got, url: `smtp://127.0.0.1:${port}` }
}

const refusal = (responseCode: number) =>
  Object.assign(new Error('no such user amina.marker@example.org'), { responseCode })

test('[N-07] a letter goes to one person, with text, HTML and its own Message-ID', async () => {
  const { got, url } = await serverThat(() => undefined)
  const mailer = smtpMailer(url, 'Resident Panel <panel@example.org>')
  await mailer.send(letter)
  assert.equal(got.length, 1)
  assert.match(got[0] ?? '', /Message-ID: <7b0a8d5e-0000-4000-8000-000000000001@example.org>/)
  assert.match(got[0] ?? '', /text\/plain/)
  assert.match(got[0] ?? '', /text\/html/)
  assert.equal(await mailer.answers(), true)
  mailer.close()
})

test('what goes wrong is told by a code without the address', async () => {
  const cases: [string, string][] = [
    [(await serverThat(() => refusal(550))).url, 'address refused'],
    [(await serverThat(() => refusal(450))).url, 'try again later'],
    ['smtp://127.0.0.1:9', 'server unreachable'],
  ]
  for (const [url, code] of cases) {
    const mailer = smtpMailer(url, 'panel@example.org')
    const error = await mailer.send(letter).then(
      () => undefined,
      (thrown: unknown) => thrown,
    )
    mailer.close()
    assert.ok(error instanceof MailError)
    assert.equal(error.code, code)
    assert.doesNotMatch(
      JSON.stringify({ ...error, message: error.message, stack: error.stack, cause: error.cause }),
      /amina/i,
    )
  }
})

test('the demo keeps letters in an outbox', async () => {
  const dir = join(mkdtempSync(join(tmpdir(), 'outbox-')), 'outbox')
  await outboxMailer(dir, 'panel@example.org').send(letter)
  assert.match(readOutbox(dir)[0]?.raw.toString() ?? '', /Subject: We have your application/)
})
