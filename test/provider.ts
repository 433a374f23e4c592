import { createHash, generateKeyPairSync, randomUUID, sign } from 'node:crypto'
import { createServer } from 'node:http'
import { after } from 'node:test'

interface Person {
  sub: string
  email: string
  email_verified?: boolean
}

/** A small work-account service on this machine (OpenID Connect), in place of the body's own. */
export async function startProvider(client: { id: string; secret: string }) {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const codes = new Map<string, { person: Person; nonce: string; challenge: string; redirect: string }>()
  const server = createServer(async (request, response) => {
    const answer = (body: object, status = 200) => {
      response.writeHead(status, { 'content-type': 'application/json' })
      response.end(JSON.stringify(body))
    }
    if (request.url === '/.well-known/openid-configuration')
      return answer({
        issuer,
        authorization_endpoint: `${issuer}/authorize`,
        token_endpoint: `${issuer}/token`,
        jwks_uri: `${issuer}/keys`,
        response_types_supported: ['code'],
        subject_types_supported: ['public'],
        id_token_signing_alg_values_supported: ['RS256'],
        code_challenge_methods_supported: ['S256'],
      })
    if (request.url === '/keys')
      return answer({ keys: [{ ...publicKey.export({ format: 'jwk' }), kid: '1', alg: 'RS256', use: 'sig' }] })
    let body = ''
    for await (const part of request) body += part
    const form = new URLSearchParams(body)
    const code = codes.get(form.get('code') ?? '')
    codes.delete(form.get('code') ?? '')
    const challenge = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url')
    const isClient = form.get('client_id') === client.id && form.get('client_secret') === client.secret
    if (!code || !isClient || code.challenge !== challenge || code.redirect !== form.get('redirect_uri'))
      return answer({ error: 'invalid_grant' }, 400)
    const now = Math.floor(Date.now() / 1000)
    const claims = { iss: issuer, aud: client.id, iat: now, exp: now + 300, nonce: code.nonce, ...code.person }
    return answer({ access_token: randomUUID(), token_type: 'bearer', id_token: token(claims), expires_in: 300 })
  })
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done))
  after(() => server.close())
  const address = server.address()
  const issuer = `http://127.0.0.1:${address && typeof address === 'object' ? address.port : 0}`

  function token(claims: object): string {
    const text = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url')
    const body = `${text({ alg: 'RS256', kid: '1', typ: 'JWT' })}.${text(claims)}`
    return `${body}.${sign('sha256', Buffer.from(body), privateKey).toString('base64url')}`
  }
  return {
    issuer,
    /** The person signs in there; returns where their browser is sent. */
    signIn: (to: string, person: Person, change: { nonce?: string } = {}): string => {
      const { searchParams: asked } = new URL(to)
      const code = randomUUID()
      const redirect = asked.get('redirect_uri') ?? ''
      const nonce = change.nonce ?? asked.get('nonce') ?? ''
      codes.set(code, { person, nonce, challenge: asked.get('code_challenge') ?? '', redirect })
      const back = new URL(redirect)
      back.search = new URLSearchParams({ code, state: asked.get('state') ?? '' }).toString()
      return back.pathname + back.search
    },
  }
}
