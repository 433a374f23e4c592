import { createHash } from 'node:crypto'
import type { Selectable } from 'kysely'
import type { Tx } from '#src/platform/database/database.ts'
import type { Tables } from '#src/platform/database/tables.ts'
import { openSealed, putSealed } from '#src/platform/files/sealed.ts'
import { later, type Queue } from '#src/platform/jobs/jobs.ts'
import { codeFits, hashOf, isOpen, newOneTime, type OneTime } from '../../handover/one-time.ts'
import { type House, within } from '../../house.ts'
import { record } from '../../ledger/ledger.ts'
import { type Actor, system } from '../../notice/actor.ts'

declare module '#src/platform/database/tables.ts' {
  interface Tables {
    copy_given: {
      dossier_id: string
      made_at: Date
      made_by: string
      sha256: Buffer
      handed_at: Date | null
    } & OneTime
  }
}
export type CopyGiven = Selectable<Tables['copy_given']>

/** Removes a copy once its link has run out. */
export const copyQueue: Queue = { name: 'copy-run-out' }

/** Where a copy waits: in the folder of the person whose data it is, under their key, so that it ends with their record. */
const keyOf = (subject: string, caseId: string) => `${subject}/${waiting}${caseId}`
const contextOf = (subject: string, caseId: string) => `copy/${caseId}/${subject}`
/** How the file of a copy that waits begins its name: it is no part of a copy itself. */
export const waiting = 'waiting-copy-'

/** Seals a copy as it is written, and gives back its fingerprint; throws when the record ends meanwhile. */
export async function sealCopy(
  house: House,
  subject: string,
  caseId: string,
  pieces: AsyncIterable<Buffer>,
): Promise<Buffer> {
  const keys = await house.vault.keysOf(subject)
  if (!keys?.special) throw new RecordEnded()
  const hash = createHash('sha256')
  async function* hashed() {
    for await (const piece of pieces) {
      hash.update(piece)
      yield piece
    }
  }
  await putSealed(house.files, keyOf(subject, caseId), keys.special, contextOf(subject, caseId), hashed())
  return hash.digest()
}

/** The record ended while its copy was written: there is nothing to give. */
export class RecordEnded extends Error {}

/** Lets a sealed copy be taken: a link and a code, new each time. The copy goes when they have run out. */
export async function openForTaking(
  tx: Tx,
  house: House,
  by: Actor,
  caseId: string,
  sha256: Buffer,
): Promise<{ token: string; code: string }> {
  const made_at = house.clock.now()
  const { token, code, kept } = newOneTime(made_at)
  const row = { made_at, made_by: by.id, sha256, handed_at: null, ...kept }
  await tx
    .insertInto('copy_given')
    .values({ dossier_id: caseId, ...row })
    .onConflict(on => on.column('dossier_id').doUpdateSet(row))
    .execute()
  await note(tx, house, by, 'copy made ready', caseId, { sha256: sha256.toString('hex') })
  if (kept.open_until) await later(tx, copyQueue, caseId, kept.open_until)
  return { token, code }
}

export function givenOf(tx: Tx, caseId: string): Promise<CopyGiven | undefined> {
  return tx.selectFrom('copy_given').selectAll().where('dossier_id', '=', caseId).executeTakeFirst()
}

interface Waits {
  given: CopyGiven
  subject: string
}

/** The copy that a link leads to, while it may be taken. */
export async function waitsAt(tx: Tx, house: House, token: string): Promise<Waits | undefined> {
  const given = await tx
    .selectFrom('copy_given')
    .selectAll()
    .where('token_hash', '=', hashOf(token))
    .forUpdate()
    .executeTakeFirst()
  if (!given || !isOpen(given, house.clock.now())) return undefined
  const one = await tx
    .selectFrom('rights_case')
    .select('subject')
    .where('dossier_id', '=', given.dossier_id)
    .executeTakeFirst()
  if (!one?.subject || (await house.vault.record(one.subject))?.state !== 'alive') return undefined
  return { given, subject: one.subject }
}

/** Takes a copy, once: by the link, and the code that came another way. A wrong code counts. */
export async function take(
  tx: Tx,
  house: House,
  token: string,
  code: string,
): Promise<AsyncGenerator<Buffer> | undefined> {
  const waits = await waitsAt(tx, house, token)
  if (!waits) return undefined
  const { given, subject } = waits
  const { dossier_id: caseId } = given
  const set = codeFits(given, token, code)
    ? { handed_at: house.clock.now(), token_hash: null }
    : { tries: given.tries + 1 }
  await tx.updateTable('copy_given').set(set).where('dossier_id', '=', caseId).execute()
  if (!('handed_at' in set)) return undefined
  await note(tx, house, system('rights'), 'copy taken', caseId, {})
  return readCopy(house, subject, caseId)
}

/** A copy that waits, as it was sealed. */
export async function readCopy(
  house: House,
  subject: string,
  caseId: string,
): Promise<AsyncGenerator<Buffer> | undefined> {
  const keys = await house.vault.keysOf(subject)
  const key = keyOf(subject, caseId)
  if (!keys?.special || (await house.files.size(key)) === undefined) return undefined
  return openSealed(house.files, key, keys.special, contextOf(subject, caseId))
}

export function removeCopy(house: House, subject: string, caseId: string): Promise<void> {
  return house.files.remove(keyOf(subject, caseId))
}

/** Removes a copy whose link has run out; one that was made anew meanwhile waits for its own time. */
export async function endCopy(house: House, caseId: string): Promise<void> {
  const by = system('rights')
  await within(house, { by, for: 'exercise rights' }, async tx => {
    const given = await givenOf(tx, caseId)
    if (!given || (given.open_until && given.open_until > house.clock.now())) return
    const one = await tx.selectFrom('rights_case').select('subject').where('dossier_id', '=', caseId).executeTakeFirst()
    if (one?.subject) await removeCopy(house, one.subject, caseId)
    await tx.updateTable('copy_given').set({ token_hash: null }).where('dossier_id', '=', caseId).execute()
    await note(tx, house, by, 'copy ended', caseId, {})
  })
}

function note(tx: Tx, house: House, by: Actor, act: string, subject: string, detail: Record<string, string>) {
  const role = by.roles[0] ?? 'system'
  return record(tx, { actor: by.id, role, purpose: 'exercise rights', act, subject, detail, at: house.clock.now() })
}
