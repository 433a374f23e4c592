import { createHash, randomUUID } from 'node:crypto'
import type { Tx } from '#src/platform/database/database.ts'
import { csv } from '#src/platform/web/csv.ts'
import type { House } from '#src/promises/house.ts'
import { type Detail, record } from '#src/promises/ledger/ledger.ts'
import type { Actor } from '#src/promises/notice/actor.ts'
import { questionsOf } from '../round.ts'
import { contentsFor, type ExportPurpose, exportPurposes } from './contents.ts'
import './tables.ts'

/** Asks for an export. One with contact details waits for a second person. Returns its id. */
export async function askForExport(
  tx: Tx,
  house: House,
  by: Actor,
  wanted: { round: string; purpose: ExportPurpose; contact: boolean },
): Promise<string> {
  const id = randomUUID()
  const asked = { id, round_id: wanted.round, purpose: wanted.purpose, contact: wanted.contact, asked_by: by.id }
  const undecided = { decision: null, decided_by: null, decided_at: null, taken_at: null }
  await tx
    .insertInto('application_export')
    .values({ ...asked, asked_at: house.clock.now(), ...undecided })
    .execute()
  await note(tx, house, by, wanted.purpose, 'export asked for', { export: id, contact: wanted.contact })
  return id
}

/** Approves or refuses an export with contact details; nobody decides their own. False when there is nothing to decide. */
export async function decideExport(
  tx: Tx,
  house: House,
  by: Actor,
  id: string,
  decision: 'approved' | 'refused',
): Promise<boolean> {
  const row = await tx
    .updateTable('application_export')
    .set({ decision, decided_by: by.id, decided_at: house.clock.now() })
    .where('id', '=', id)
    .where('contact', '=', true)
    .where('decision', 'is', null)
    .where('asked_by', '!=', by.id)
    .returning('purpose')
    .executeTakeFirst()
  if (row) await note(tx, house, by, purposeOf(row.purpose), `export ${decision}`, { export: id })
  return row !== undefined
}

/** Exports with contact details that are not taken yet: others' to decide on, one's own approved, one's own that wait. */
export async function countExports(tx: Tx, me: string): Promise<{ theirs: number; ready: number; waiting: number }> {
  const rows = await tx
    .selectFrom('application_export')
    .select(['asked_by', 'decision'])
    .where('taken_at', 'is', null)
    .where('contact', '=', true)
    .execute()
  const own = rows.filter(row => row.asked_by === me)
  return {
    theirs: rows.filter(row => row.asked_by !== me && row.decision === null).length,
    ready: own.filter(row => row.decision === 'approved').length,
    waiting: own.filter(row => row.decision === null).length,
  }
}

/** Makes the file, once, for the person who asked. Undefined when it may not be taken, or was taken already. */
export async function takeExport(tx: Tx, house: House, by: Actor, id: string): Promise<string | undefined> {
  const row = await tx
    .updateTable('application_export')
    .set({ taken_at: house.clock.now() })
    .where('id', '=', id)
    .where('asked_by', '=', by.id)
    .where('taken_at', 'is', null)
    .where(eb => eb.or([eb('contact', '=', false), eb('decision', '=', 'approved')]))
    .returning(['round_id', 'purpose', 'contact'])
    .executeTakeFirst()
  if (!row) return undefined
  const sent = await tx
    .selectFrom('application')
    .select(['dossier_id', 'reference', 'received_via', 'received_on', 'sent_at'])
    .where('round_id', '=', row.round_id)
    .where('state', '=', 'sent')
    .orderBy('reference')
    .execute()
  const purpose = purposeOf(row.purpose)
  const { header, rows } = await contentsFor(tx, house, by, purpose, {
    contact: row.contact,
    questions: await questionsOf(tx, row.round_id),
    sent,
  })
  const file = csv(
    [...header, 'Export'],
    rows.map(cells => [...cells, id]),
  )
  const sha256 = createHash('sha256').update(file).digest('hex')
  const detail = { export: id, round: row.round_id, contact: row.contact, sha256 }
  await note(tx, house, by, purpose, 'applications exported', detail, rows.length)
  return file
}

function purposeOf(text: string): ExportPurpose {
  const purpose = exportPurposes.find(one => one === text)
  if (!purpose) throw new Error('An export has a purpose of the closed list.')
  return purpose
}

function note(tx: Tx, house: House, by: Actor, purpose: ExportPurpose, act: string, detail: Detail, count = 1) {
  return record(tx, { actor: by.id, role: by.roles[0] ?? 'system', purpose, act, count, detail, at: house.clock.now() })
}
