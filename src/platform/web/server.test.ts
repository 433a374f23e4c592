import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testSite } from '#test/site.ts'

const lines: string[] = []
const site = await testSite({
  log: { write: line => void lines.push(line) },
  also: app =>
    app.get('/breaks/:id', { config: { may: 'anyone' } }, async () => {
      const details = { detail: 'Key (name)=(Secret-Marker-7) exists', code: '23505' }
      throw Object.assign(new Error('duplicate key: name Secret-Marker-7'), details)
    }),
})
const { app } = site

test('every page says how it may be used: no inline script, no framing, no guessing of types', async () => {
  const { headers } = await app.inject('/')
  const policy = String(headers['content-security-policy'])
  assert.doesNotMatch(policy, /unsafe-inline|unsafe-eval/)
  assert.match(policy, /frame-ancestors 'none'/)
  assert.equal(headers['x-content-type-options'], 'nosniff')
  assert.equal(headers['cache-control'], 'no-store')
  assert.ok(headers['x-request-id'])
})

test('the pages carry no brand that is not ours', async () => {
  const page = await app.inject('/')
  const sheet = /href="(\/assets\/style-[^"]+)"/.exec(page.body)?.[1] ?? ''
  const style = await app.inject(sheet)
  assert.equal(style.statusCode, 200)
  assert.match(String(style.headers['cache-control']), /immutable/)
  assert.doesNotMatch(style.body, /GDS Transport|@font-face/)
  assert.doesNotMatch(page.body, /GOV\.UK|crown/i)
})

test('a form without its token is refused, from any page', async () => {
  for (const url of ['/sign-in', '/demo', '/apply/name']) {
    const answer = await app.inject({
      method: 'POST',
      url,
      payload: 'email=a%40b.org',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    })
    assert.equal(answer.statusCode, 403, url)
    assert.match(answer.body, /You cannot see this page/)
  }
})

test('20 MB are refused in plain words, and nothing is saved', async () => {
  const answer = await app.inject({
    method: 'POST',
    url: '/sign-in',
    payload: `email=${'x'.repeat(20_000_000)}`,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
  })
  assert.equal(answer.statusCode, 413)
  assert.match(answer.body, /That is too large to send/)
})

test('odd addresses and odd bodies get a page, never a stack', async () => {
  for (const url of [
    '/%00',
    '/..%2f..%2fetc/passwd',
    '/assets/../server.ts',
    '/notice/abc',
    '/notice/999999999999',
    '/staff/rounds/%27',
  ]) {
    const answer = await app.inject(url)
    assert.ok([303, 400, 403, 404, 422].includes(answer.statusCode), `${url}: ${answer.statusCode}`)
    assert.doesNotMatch(answer.body, /node_modules|at .*\.ts:/)
  }
  const xml = await app.inject({
    method: 'POST',
    url: '/sign-in',
    payload: '<a/>',
    headers: { 'content-type': 'text/xml' },
  })
  assert.ok(xml.statusCode >= 400 && xml.statusCode < 500)
})

test('an error is explained without what anyone typed, on the page and in the log', async () => {
  lines.length = 0
  const answer = await app.inject('/breaks/Secret-Marker-7?email=secret-marker@example.org')
  assert.equal(answer.statusCode, 500)
  assert.match(answer.body, /Sorry, there is a problem with the service/)
  assert.match(answer.body, new RegExp(String(answer.headers['x-request-id'])))
  const log = lines.join('')
  assert.match(log, /"route":"\/breaks\/:id"/)
  assert.match(log, /23505/)
  assert.doesNotMatch(log + answer.body, /Secret-Marker/i)
})

test('the log of a whole sign-in and application holds nothing that was typed', async () => {
  lines.length = 0
  const visitor = site.visitor()
  await visitor.send('/apply/name', { name: 'Lognamemarker' })
  await visitor.send('/apply/contact', { channel: 'email', email: 'logmailmarker@example.org' })
  await visitor.send('/sign-in', { email: 'logmailmarker@example.org' })
  await visitor.send('/sign-in/code', { email: 'logmailmarker@example.org', code: 'LOGCODE' }, '/sign-in')
  assert.ok(lines.length > 4)
  assert.doesNotMatch(lines.join(''), /marker|LOGCODE/i)
})

test('too many tries get a page that says to wait', async () => {
  const visitor = site.visitor()
  let last = 0
  for (let at = 0; at < 70; at++) last = (await visitor.raw('/sign-in', { _csrf: 'x', email: 'a@b.org' })).status
  assert.equal(last, 429)
})

test('style sheet and scripts travel compressed, pages do not, and every one that a page names is there', async () => {
  const headers = { 'accept-encoding': 'gzip, br' }
  const page = await app.inject({ url: '/', headers })
  assert.equal(page.headers['content-encoding'], undefined)
  const named = [...page.body.matchAll(/(?:src|href)="(\/assets[^"]+)"/g)].map(([, path]) => path ?? '')
  assert.ok(named.length > 4)
  for (const url of named) {
    const asset = await app.inject({ url, headers })
    assert.equal(asset.statusCode, 200, url)
    if (/\.(css|js)$/.test(url)) assert.equal(asset.headers['content-encoding'], 'br', url)
  }
})
