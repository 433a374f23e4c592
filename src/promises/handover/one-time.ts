import { createHash, randomBytes, randomInt, timingSafeEqual } from 'node:crypto'

/** Hours that something waits to be taken. */
export const openHours = 72
const mostTries = 5
const hour = 60 * 60_000

/** What is kept of a link and its code: fingerprints alone, and until when they work. */
export interface OneTime {
  token_hash: Buffer | null
  code_hash: Buffer | null
  tries: number
  open_until: Date | null
}

/** A link to send by one channel and a code to tell by another; both work once, for 72 hours. */
export function newOneTime(now: Date): { token: string; code: string; kept: OneTime } {
  const token = randomBytes(24).toString('base64url')
  const code = String(randomInt(1_000_000)).padStart(6, '0')
  const open_until = new Date(now.getTime() + openHours * hour)
  return {
    token,
    code,
    kept: { token_hash: hashOf(token), code_hash: hashOf(`${token}/${code}`), tries: 0, open_until },
  }
}

/** A link that no code opens. */
export const noOneTime: OneTime = { token_hash: null, code_hash: null, tries: 0, open_until: null }

/** Whether a code may still be tried: a link runs out, and closes after five wrong codes. */
export function isOpen(one: OneTime, now: Date): boolean {
  return one.token_hash !== null && one.open_until !== null && one.open_until >= now && one.tries < mostTries
}

/** Whether this is the code that belongs to the link, however it was typed. */
export function codeFits(one: OneTime, token: string, code: string): boolean {
  return one.code_hash !== null && timingSafeEqual(hashOf(`${token}/${code.replace(/\D/g, '')}`), one.code_hash)
}

/** The fingerprint by which a link is found. */
export function hashOf(secret: string): Buffer {
  return createHash('sha256').update(secret).digest()
}
