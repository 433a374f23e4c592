import { createHmac, randomUUID, timingSafeEqual } from 'node:crypto'
import type { Tx } from '#src/platform/database/database.ts'
import '../tables.ts'

// No letter or digit that is taken for another: 0 O, 1 I L, 2 Z, 5 S, 8 B, U V.
const letters = 'ACDEFGHJKMNPQRTVWXY34679'
const lookAlikes: Record<string, string> = {
  '0': 'Q',
  O: 'Q',
  '1': 'J',
  I: 'J',
  L: 'J',
  '2': '7',
  Z: '7',
  '5': '6',
  S: '6',
  '8': '3',
  B: '3',
  U: 'V',
}
const HOUR = 60 * 60_000
const MOST_CODES_AN_HOUR = 6
const MOST_TRIES = 6

/** Notes that a code was asked for, by a person or their supporter; undefined when too many were, and then none is sent. */
export async function askForCode(tx: Tx, now: Date, dossier: string, supporter?: string): Promise<string | undefined> {
  const since = new Date(now.getTime() - HOUR)
  const recent = await tx
    .selectFrom('sign_in')
    .select('id')
    .where('dossier_id', '=', dossier)
    .where('asked_at', '>', since)
    .where('supporter_id', supporter ? '=' : 'is', supporter ?? null)
    .execute()
  if (recent.length >= MOST_CODES_AN_HOUR) return undefined
  const id = randomUUID()
  const whose = supporter ? { supporter_id: supporter } : {}
  await tx
    .insertInto('sign_in')
    .values({ id, dossier_id: dossier, asked_at: now, used_at: null, ...whose })
    .execute()
  return id
}

/** The six characters of a code, made from its id and a secret, so that they are kept nowhere. */
export function codeOf(secret: Buffer, id: string): string {
  const bytes = createHmac('sha256', secret).update(`sign-in code/${id}`).digest()
  return Array.from(bytes.subarray(0, 6), byte => letters[byte % letters.length]).join('')
}

/** The part of a link that only its reader knows. */
export function linkMark(secret: Buffer, what: string): string {
  return createHmac('sha256', secret).update(`link/${what}`).digest('base64url').slice(0, 32)
}

export function isMark(secret: Buffer, what: string, mark: string): boolean {
  const expected = Buffer.from(linkMark(secret, what))
  const given = Buffer.from(mark)
  return expected.length === given.length && timingSafeEqual(expected, given)
}

/** What a person typed, in capitals without spaces; look-alikes count as what they were taken for. */
export function normalCode(typed: string): string {
  const plain = typed.toUpperCase().replace(/[^A-Z0-9]/g, '')
  return [...plain].map(letter => lookAlikes[letter] ?? letter).join('')
}

/**
 * Uses a code once, within the hour, for one of these dossiers. A wrong try counts against every code that is out.
 * Returns the dossier that it was sent for. A code of a supporter is used as theirs alone.
 */
export async function useCode(
  tx: Tx,
  now: Date,
  secret: Buffer,
  dossiers: readonly string[],
  typed: string,
  supporter?: string,
): Promise<string | undefined> {
  if (!dossiers.length) return undefined
  const wanted = normalCode(typed)
  const out = await tx
    .selectFrom('sign_in')
    .selectAll()
    .where('dossier_id', 'in', [...dossiers])
    .where('used_at', 'is', null)
    .where('asked_at', '>', new Date(now.getTime() - HOUR))
    .where('tries', '<', MOST_TRIES)
    .where('supporter_id', supporter ? '=' : 'is', supporter ?? null)
    .forUpdate()
    .execute()
  const hit = out.find(row => normalCode(codeOf(secret, row.id)) === wanted)
  if (!hit) {
    if (out.length)
      await tx
        .updateTable('sign_in')
        .set(eb => ({ tries: eb('tries', '+', 1) }))
        .where(
          'id',
          'in',
          out.map(row => row.id),
        )
        .execute()
    return undefined
  }
  await tx.updateTable('sign_in').set({ used_at: now }).where('id', '=', hit.id).execute()
  return hit.dossier_id
}

/** Ends the codes and links that are out for a dossier: they went to an address that is not its own any more. */
export async function endCodes(tx: Tx, dossier: string): Promise<void> {
  await tx.deleteFrom('sign_in').where('dossier_id', '=', dossier).where('used_at', 'is', null).execute()
}

/** Uses a link once, within the hour; wrong codes, which anyone can type, do not spoil it. Returns for whom it signs in. */
export async function useLink(
  tx: Tx,
  now: Date,
  id: string,
): Promise<{ dossier: string; supporter: string | undefined } | undefined> {
  const used = await tx
    .updateTable('sign_in')
    .set({ used_at: now })
    .where('id', '=', id)
    .where('used_at', 'is', null)
    .where('asked_at', '>', new Date(now.getTime() - HOUR))
    .returning(['dossier_id', 'supporter_id'])
    .executeTakeFirst()
  return used && { dossier: used.dossier_id, supporter: used.supporter_id ?? undefined }
}
