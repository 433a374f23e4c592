import { createHash, createHmac } from 'node:crypto'

/** SHA-256, as 64 hexadecimal digits. */
export function digest(text: string | Uint8Array): string {
  return createHash('sha256').update(text).digest('hex')
}

/** What is committed to before the seed is known: the published lottery, and the two files that it was made from. */
export type Committed = { lottery: string; pool: string; quotas: string }

/** The commitment: SHA-256 over salt and digests, one a line. Whoever is told the salt later can check it. */
export function commitTo(salt: string, { lottery, pool, quotas }: Committed): string {
  return digest(`${salt}\n${lottery}\n${pool}\n${quotas}\n`)
}

/** Someone's ticket: sixteen digits that only who knows the salt can work out from an id. */
export function ticketOf(salt: string, id: string): string {
  const number = createHmac('sha256', salt).update(id, 'utf8').digest().readBigUInt64BE()
  return String(number % 10n ** 16n).padStart(16, '0')
}
