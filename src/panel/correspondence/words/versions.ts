import { type Selectable, sql } from 'kysely'
import type { Tx } from '#src/platform/database/database.ts'
import type { Tables } from '#src/platform/database/tables.ts'
import type { House } from '#src/promises/house.ts'
import { type Detail, record } from '#src/promises/ledger/ledger.ts'
import { type Actor, system } from '#src/promises/notice/actor.ts'
import { isLetter, type LetterName, standardWords } from '../letters.ts'
import { faultsOf } from './check.ts'
import type { Words } from './write.ts'
import '../tables.ts'

export type Version = Selectable<Tables['letter_words']>

/**
 * The words that a letter goes out with: the staff's own that were put in use last, else the standard ones. Own words
 * that lack what a newer program must tell people are passed over.
 */
export async function wordsInForce(tx: Tx, name: LetterName): Promise<Words> {
  const row = await lastUsed(tx, name)
  if (!row || row.subject === null || row.body === null || faultsOf(name, row.body).length) return standardWords(name)
  return { subject: row.subject, body: row.body, version: `own ${row.number}` }
}

/** Whether own words are in use that lack what the letter must say now, so that the standard words go out instead. */
export async function passedOver(tx: Tx, name: LetterName): Promise<boolean> {
  const row = await lastUsed(tx, name)
  return row?.body ? faultsOf(name, row.body).length > 0 : false
}

function lastUsed(tx: Tx, name: LetterName): Promise<Version | undefined> {
  return tx
    .selectFrom('letter_words')
    .selectAll()
    .where('letter', '=', name)
    .where('used_at', 'is not', null)
    .orderBy('used_at', 'desc')
    .orderBy('number', 'desc')
    .executeTakeFirst()
}

/** Every version of a letter's own words, the newest first. */
export function versionsOf(tx: Tx, name: LetterName): Promise<Version[]> {
  return tx.selectFrom('letter_words').selectAll().where('letter', '=', name).orderBy('number', 'desc').execute()
}

/** The names of the staff who wrote these versions or put them in use. */
export async function writersOf(tx: Tx, house: House, versions: readonly Version[]): Promise<Map<string, string>> {
  const ids = new Set(versions.flatMap(one => [one.written_by, one.used_by ?? '']).filter(Boolean))
  const ask = { by: system('mail'), for: 'administer the panel', fields: ['name'] } as const
  const opened = await house.vault.open(tx, 'staff', ask, [...ids])
  return new Map(opened.map(one => [one.id, one.name ?? '']))
}

/** Letters whose own words are in use. */
export async function reworded(tx: Tx): Promise<Map<LetterName, Words>> {
  const rows = await tx.selectFrom('letter_words').select('letter').distinct().execute()
  const found = new Map<LetterName, Words>()
  for (const { letter } of rows) if (isLetter(letter)) found.set(letter, await wordsInForce(tx, letter))
  return found
}

/** How many messages went out with each version of a letter's words. */
export async function sentWith(tx: Tx, name: LetterName): Promise<Map<string, number>> {
  const rows = await tx
    .selectFrom('message')
    .select(({ fn }) => ['worded', fn.countAll<number>().as('count')])
    .where('template', '=', name)
    .where('worded', 'is not', null)
    .groupBy('worded')
    .execute()
  return new Map(rows.map(row => [row.worded ?? '', row.count]))
}

/** Keeps words as a new version, which is not in use yet. Returns its number. */
export async function keepWords(
  tx: Tx,
  house: House,
  by: Actor,
  name: LetterName,
  words: { subject: string; body: string },
): Promise<number> {
  const number = await addVersion(tx, house, by, name, { ...words, used_by: null, used_at: null })
  await note(tx, house, by, 'words of a letter written', { letter: name, version: number })
  return number
}

/** Puts a version in use from now on. False when there is none, or it lacks what the letter must say. */
export async function useWords(tx: Tx, house: House, by: Actor, name: LetterName, number: number): Promise<boolean> {
  const row = await tx
    .selectFrom('letter_words')
    .selectAll()
    .where('letter', '=', name)
    .where('number', '=', number)
    .executeTakeFirst()
  if (!row?.body || faultsOf(name, row.body).length) return false
  if ((await lastUsed(tx, name))?.number === number) return true
  await tx
    .updateTable('letter_words')
    .set({ used_by: by.id, used_at: house.clock.now() })
    .where('letter', '=', name)
    .where('number', '=', number)
    .execute()
  await note(tx, house, by, 'words of a letter put in use', { letter: name, version: number })
  return true
}

/** Goes back to the standard words. Safe to repeat. */
export async function useStandard(tx: Tx, house: House, by: Actor, name: LetterName): Promise<void> {
  if (!(await lastUsed(tx, name))?.body) return
  const used = { used_by: by.id, used_at: house.clock.now() }
  const number = await addVersion(tx, house, by, name, { subject: null, body: null, ...used })
  await note(tx, house, by, 'standard words of a letter put in use', { letter: name, version: number })
}

type New = Pick<Version, 'subject' | 'body' | 'used_by' | 'used_at'>

async function addVersion(tx: Tx, house: House, by: Actor, letter: LetterName, row: New): Promise<number> {
  // One writer at a time, so that two officers get two numbers.
  await sql`select pg_advisory_xact_lock(hashtext('letter_words'))`.execute(tx)
  const { last } = await tx
    .selectFrom('letter_words')
    .select(({ fn }) => fn.max('number').as('last'))
    .where('letter', '=', letter)
    .executeTakeFirstOrThrow()
  const number = (last ?? 0) + 1
  await tx
    .insertInto('letter_words')
    .values({ letter, number, written_by: by.id, written_at: house.clock.now(), ...row })
    .execute()
  return number
}

function note(tx: Tx, house: House, by: Actor, act: string, detail: Detail): Promise<void> {
  const role = by.roles[0] ?? 'officer'
  return record(tx, {
    actor: by.id,
    role,
    purpose: 'administer the panel',
    act,
    detail,
    at: house.clock.now(),
  })
}
