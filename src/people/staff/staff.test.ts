import assert from 'node:assert/strict'
import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto'
import { test } from 'node:test'
import { isoCBOR } from '@simplewebauthn/server/helpers'
import { Secret, TOTP } from 'otpauth'
import { within } from '#src/promises/house.ts'
import { system } from '#src/promises/notice/actor.ts'
import { testSite } from '#test/site.ts'

const site = await testSite()
const { house } = site
const safe = { by: system('test'), for: 'keep the service safe' } as const
const alex = await site.staff('Alex')

async function invited(email: string, roles: string | string[] = 'officer') {
  const sent = await alex.send('/staff/settings/people', { name: 'Ines Cole', email, roles })
  assert.equal(sent.location, '/staff/settings/people')
  return linkTo(email)
}

async function linkTo(email: string): Promise<string> {
  const text = (await site.letters()).filter(one => one.to === email && /invited/.test(one.subject)).at(-1)?.text ?? ''
  return /\/welcome\/\S+/.exec(text)?.[0] ?? ''
}

async function idOf(email: string): Promise<string> {
  return (await house.vault.findByEmail(email))[0] ?? ''
}

function codeIn(page: string): string {
  const key = /Key: <span[^>]*>([^<]+)/.exec(page)?.[1] ?? ''
  return codeNow(key)
}

function codeNow(key: string): string {
  const totp = new TOTP({ secret: Secret.fromBase32(key.replace(/\s/g, '')) })
  return totp.generate({ timestamp: house.clock.now().getTime() })
}

function later(seconds: number): void {
  house.clock.set(new Date(house.clock.now().getTime() + seconds * 1000).toISOString())
}

async function emailCode(email: string, next = '/staff') {
  const visitor = site.visitor()
  await visitor.send('/sign-in', { email, next })
  const letters = (await site.letters()).filter(one => one.to === email && /code to sign in/.test(one.subject))
  const read = letters.map(one => /code is (\w{6})/.exec(one.text)?.[1] ?? '')
  for (const code of read) {
    const answer = await visitor.send('/sign-in/code', { email, code, next }, '/sign-in')
    if (answer.status === 303) return { visitor, answer }
  }
  return { visitor, answer: undefined }
}

test('someone invited opens their account, sets up an app, and comes back with a code from it', async () => {
  const link = await invited('ines@panel.example')
  const ines = site.visitor()
  await ines.get(link)
  assert.match((await ines.get('/staff')).location, /^\/sign-in/)
  assert.equal((await ines.send(link)).location, '/sign-in/second')
  assert.equal((await ines.get('/staff')).location, '/sign-in/second?next=%2Fstaff')
  const setUp = await ines.get('/sign-in/second')
  const key = /Key: <span[^>]*>([^<]+)/.exec(setUp.text)?.[1] ?? ''
  assert.equal((await ines.send('/sign-in/second', { code: codeIn(setUp.text) })).location, '/staff')
  assert.match((await ines.get('/staff')).text, /Today/)
  assert.equal((await site.visitor().send(link)).status, 422)

  const code = codeNow(key)
  const { visitor, answer } = await emailCode('ines@panel.example', '/staff/rounds')
  assert.equal(answer?.location, '/sign-in/second?next=%2Fstaff%2Frounds')
  const again = await visitor.send(answer?.location ?? '', { code })
  assert.equal(again.status, 422)
  assert.match(again.text, /was used before/)
  later(60)
  assert.equal((await visitor.send(answer?.location ?? '', { code: codeNow(key) })).location, '/staff/rounds')
})

test('five wrong second codes end the session: the next try begins with the email again', async () => {
  later(3600)
  const { visitor } = await emailCode('ines@panel.example')
  for (let at = 0; at < 4; at++) assert.equal((await visitor.send('/sign-in/second', { code: '000000' })).status, 422)
  assert.equal((await visitor.send('/sign-in/second', { code: '000000' })).location, '/sign-in')
  assert.match((await visitor.get('/sign-in/second')).location, /^\/sign-in/)
})

test('the secret of the app is sealed, and an administrator never sees it', async () => {
  const id = await idOf('ines@panel.example')
  const page = await (await site.staff('Alex')).get(`/staff/settings/people/${id}`)
  assert.doesNotMatch(page.text, /totp/i)
  const rows = await within(house, safe, tx => tx.selectFrom('sealed_value').select('sealed').execute())
  assert.ok(!rows.some(row => row.sealed.toString('latin1').includes('totp')))
})

test('an invitation runs out after seven days, and can be sent again', async () => {
  const admin = await site.staff('Alex')
  await admin.send('/staff/settings/people', {
    name: 'Kofi Mensah',
    email: 'kofi@panel.example',
    roles: ['dpo', 'analyst'],
  })
  const link = await linkTo('kofi@panel.example')
  later(7 * 24 * 3600)
  assert.match((await site.visitor().send(link)).text, /This invitation has run out/)
  assert.equal((await emailCode('kofi@panel.example')).answer, undefined)
  const id = await idOf('kofi@panel.example')
  const today = await site.staff('Alex')
  await today.send(`/staff/settings/people/${id}/invitation`, {}, `/staff/settings/people/${id}`)
  assert.equal((await site.visitor().send(await linkTo('kofi@panel.example'))).location, '/sign-in/second')
})

test('an address has one account at most, and an empty invitation gets a sentence a field', async () => {
  const admin = await site.staff('Alex')
  const twice = { name: 'Ines Cole', email: 'INES@panel.example', roles: 'officer' }
  const second = await admin.send('/staff/settings/people', twice)
  assert.equal(second.status, 422)
  assert.match(second.text, /There is an account with this email address/)
  const empty = await admin.send('/staff/settings/people', {})
  for (const sentence of ['Enter their full name', 'Enter an email address', 'Select at least one role'])
    assert.ok(empty.text.includes(sentence), sentence)
})

test('closing an account ends its sessions at once, and no code opens it again', async () => {
  const admin = await site.staff('Alex')
  const tom = await site.staff('Tom')
  assert.equal((await tom.get('/staff')).status, 200)
  const id = await idOf('tom@panel.example')
  await admin.send(`/staff/settings/people/${id}/closure`)
  assert.match((await tom.get('/staff')).location, /^\/sign-in/)
  assert.equal((await emailCode('tom@panel.example')).answer, undefined)
  assert.equal((await house.vault.record(id))?.expiresOn, '2027-11-30')
})

test('the last administrator can neither be closed nor lose the role', async () => {
  const admin = await site.staff('Alex')
  const id = await idOf('alex@panel.example')
  const page = `/staff/settings/people/${id}`
  for (const [path, fields] of [
    [`${page}/closure`, {}],
    [`${page}/roles`, { roles: 'officer' }],
  ] as const) {
    const kept = await admin.send(path, fields, path.endsWith('closure') ? path : page)
    assert.equal(kept.status, 422)
    assert.match(kept.text, /This is the last administrator: make someone else one first/)
  }
  assert.equal((await admin.get(page)).status, 200)
})

test('staff sessions end after 20 idle minutes and after 12 hours in all', async () => {
  const grace = await site.staff('Grace')
  assert.match((await grace.get('/staff')).text, /data-seconds="1200"/)
  later(19 * 60)
  assert.equal((await grace.get('/staff/stay')).status, 200)
  later(19 * 60)
  assert.equal((await grace.get('/staff')).status, 200)
  later(20 * 60)
  assert.match((await grace.get('/staff')).location, /^\/sign-in/)

  const omar = await site.staff('Omar')
  for (let at = 0; at < 47; at++) {
    later(15 * 60)
    assert.equal((await omar.get('/staff/stay')).status, 200)
  }
  later(5 * 60)
  assert.match((await omar.get('/staff')).text, /data-seconds="600"/)
  later(10 * 60)
  assert.match((await omar.get('/staff')).location, /^\/sign-in/)
})

test('an account in use is kept for a year from its last sign-in', async () => {
  house.clock.set('2027-06-01T09:00:00Z')
  const before = (await house.vault.record(await idOf('ines@panel.example')))?.expiresOn
  const { visitor } = await emailCode('ines@panel.example')
  const admin = await site.staff('Alex')
  const id = await idOf('ines@panel.example')
  await admin.send(`/staff/settings/people/${id}/second-step`, {}, `/staff/settings/people/${id}`)
  assert.match((await visitor.get('/sign-in/second')).location, /^\/sign-in/)
  const fresh = (await emailCode('ines@panel.example')).visitor
  const setUp = await fresh.get('/sign-in/second')
  assert.match(setUp.text, /Set up your second step/)
  assert.equal((await fresh.send('/sign-in/second', { code: codeIn(setUp.text) })).location, '/staff')
  assert.equal(before, '2027-11-23')
  assert.equal((await house.vault.record(id))?.expiresOn, '2028-06-01')
})

test('a passkey is made at the first sign-in, used at the next, and no other one is taken', async () => {
  const admin = await site.staff('Alex')
  await admin.send('/staff/settings/people', { name: 'Pia Lund', email: 'pia@panel.example', roles: 'reviewer' })
  const first = site.visitor()
  await first.send(await linkTo('pia@panel.example'))
  const key = passkey()
  const made = key.make(optionsIn((await first.get('/sign-in/second')).text))
  assert.equal((await first.send('/sign-in/passkey', { answer: made }, '/sign-in/second')).location, '/staff')
  assert.equal((await first.get('/staff')).status, 200)

  const { visitor } = await emailCode('pia@panel.example')
  const options = optionsIn((await visitor.get('/sign-in/second')).text)
  const stranger = await visitor.send('/sign-in/passkey', { answer: passkey(key.id).use(options) }, '/sign-in/second')
  assert.equal(stranger.status, 422)
  assert.match(stranger.text, /That passkey did not work/)
  // The fifth wrong answer ends the session.
  for (const answer of ['', 'nonsense', '{}', made])
    assert.equal(
      (await visitor.send('/sign-in/passkey', { answer }, '/sign-in/second')).status,
      answer === made ? 303 : 422,
    )

  const again = (await emailCode('pia@panel.example')).visitor
  const used = key.use(optionsIn((await again.get('/sign-in/second')).text))
  assert.equal((await again.send('/sign-in/passkey', { answer: used }, '/sign-in/second')).location, '/staff')
  const replay = (await emailCode('pia@panel.example')).visitor
  assert.equal((await replay.send('/sign-in/passkey', { answer: used }, '/sign-in/second')).status, 422)
})

interface Options {
  challenge: string
}

function optionsIn(html: string): Options {
  const text = /data-options="([^"]*)"/.exec(html)?.[1] ?? '{}'
  return JSON.parse(text.replaceAll('&quot;', '"').replaceAll('&amp;', '&'))
}

/** An authenticator as in a phone: a key pair, and answers in the words of WebAuthn. */
function passkey(id = randomBytes(16).toString('base64url')) {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const jwk = publicKey.export({ format: 'jwk' })
  const bytes = (text = '') => Uint8Array.from(Buffer.from(text, 'base64url'))
  const cose = isoCBOR.encode(
    new Map<number, number | Uint8Array>([
      [1, 2],
      [3, -7],
      [-1, 1],
      [-2, bytes(jwk.x)],
      [-3, bytes(jwk.y)],
    ]) as never,
  )
  let counter = 0
  const head = (flags: number) => {
    const count = Buffer.alloc(4)
    count.writeUInt32BE(++counter)
    return Buffer.concat([createHash('sha256').update('localhost').digest(), Buffer.from([flags]), count])
  }
  const client = (type: string, options: Options) =>
    Buffer.from(JSON.stringify({ type, challenge: options.challenge, origin: 'http://localhost:3000' }))
  const said = (response: object) =>
    JSON.stringify({ id, rawId: id, type: 'public-key', clientExtensionResults: {}, response })
  return {
    id,
    make: (options: Options) => {
      const length = Buffer.alloc(2)
      length.writeUInt16BE(bytes(id).length)
      const authData = Buffer.concat([head(0x45), Buffer.alloc(16), length, bytes(id), cose])
      const attestation = isoCBOR.encode(
        new Map<string, unknown>([
          ['fmt', 'none'],
          ['attStmt', new Map()],
          ['authData', Uint8Array.from(authData)],
        ]) as never,
      )
      return said({
        clientDataJSON: client('webauthn.create', options).toString('base64url'),
        attestationObject: Buffer.from(attestation).toString('base64url'),
        transports: ['internal'],
      })
    },
    use: (options: Options) => {
      const data = client('webauthn.get', options)
      const authData = head(0x05)
      const signed = Buffer.concat([authData, createHash('sha256').update(data).digest()])
      return said({
        clientDataJSON: data.toString('base64url'),
        authenticatorData: authData.toString('base64url'),
        signature: sign('sha256', signed, privateKey).toString('base64url'),
      })
    },
  }
}
