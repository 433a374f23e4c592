import { createHmac } from 'node:crypto'
import {
  type AuthenticationResponseJSON,
  generateAuthenticationOptions,
  generateRegistrationOptions,
  type RegistrationResponseJSON,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
} from '@simplewebauthn/server'
import type { House } from '#src/promises/house.ts'
import { contact } from '#src/promises/notice/contact.ts'
import type { Session } from '../doors/sessions.ts'
import { type Factors, isSetUp } from './factors.ts'

/** What the browser needs to use a passkey, or to make one where no second factor is set up yet. */
export async function passkeyOptions(house: House, session: Session, factors: Factors): Promise<object | undefined> {
  const { hostname: rpID } = new URL(house.config.baseUrl)
  const challenge = Uint8Array.from(await challengeOf(house, session))
  if (factors.passkeys.length)
    return generateAuthenticationOptions({
      rpID,
      challenge,
      userVerification: 'preferred',
      allowCredentials: factors.passkeys.map(({ id, transports }) => ({ id, transports })),
    })
  if (isSetUp(factors)) return undefined
  return generateRegistrationOptions({
    rpName: contact.panel,
    rpID,
    userName: 'staff',
    userID: Uint8Array.from(Buffer.from(session.actor.id)),
    challenge,
    attestationType: 'none',
    authenticatorSelection: { residentKey: 'discouraged', userVerification: 'preferred' },
  })
}

/** What someone's factors are after a passkey's answer; undefined when the answer is not right. */
export async function takePasskey(
  house: House,
  session: Session,
  factors: Factors,
  answer: string,
): Promise<Factors | undefined> {
  const expected = {
    expectedChallenge: (await challengeOf(house, session)).toString('base64url'),
    expectedOrigin: new URL(house.config.baseUrl).origin,
    expectedRPID: new URL(house.config.baseUrl).hostname,
    requireUserVerification: false,
  }
  const response = parse(answer)
  if (!response) return undefined
  try {
    if (factors.passkeys.length) return await use(factors, response as AuthenticationResponseJSON, expected)
    if (isSetUp(factors)) return undefined
    const made = await verifyRegistrationResponse({ ...expected, response: response as RegistrationResponseJSON })
    if (!made.verified) return undefined
    const { id, publicKey, counter, transports = [] } = made.registrationInfo.credential
    const key = Buffer.from(publicKey).toString('base64url')
    return { ...factors, passkeys: [{ id, key, counter, transports }] }
  } catch {
    return undefined // the library throws for every answer that is not right
  }
}

type Expected = Omit<Parameters<typeof verifyAuthenticationResponse>[0], 'response' | 'credential'>

async function use(
  factors: Factors,
  response: AuthenticationResponseJSON,
  expected: Expected,
): Promise<Factors | undefined> {
  const passkey = factors.passkeys.find(one => one.id === response.id)
  if (!passkey) return undefined
  const { id, counter, transports } = passkey
  const publicKey = Uint8Array.from(Buffer.from(passkey.key, 'base64url'))
  const used = await verifyAuthenticationResponse({
    ...expected,
    response,
    credential: { id, publicKey, counter, transports },
  })
  if (!used.verified) return undefined
  const { newCounter } = used.authenticationInfo
  return {
    ...factors,
    passkeys: factors.passkeys.map(one => (one.id === id ? { ...one, counter: newCounter } : one)),
  }
}

/** Made from the half session's id, which ends with the right answer: no challenge is kept, none works twice. */
async function challengeOf(house: House, session: Session): Promise<Buffer> {
  return createHmac('sha256', await house.vault.secret('sign-in'))
    .update(`passkey/${session.id}`)
    .digest()
}

/** The checked edge: what is missing in it, the library refuses. */
function parse(answer: string): unknown {
  try {
    return JSON.parse(answer)
  } catch {
    return undefined
  }
}
