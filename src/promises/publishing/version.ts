import { createHash } from 'node:crypto'
import { type Generated, sql } from 'kysely'
import { z } from 'zod'
import { londonDate, sayDate } from '#src/platform/calendar/london.ts'
import type { Tx } from '#src/platform/database/database.ts'
import type { House } from '../house.ts'
import { record } from '../ledger/ledger.ts'
import type { Actor } from '../notice/actor.ts'
import { type Clause, clauses } from '../notice/clauses.ts'
import { draftNotice, type NoticeSection } from '../notice/draft.ts'

declare module '#src/platform/database/tables.ts' {
  interface Tables {
    notice_version: {
      version: Generated<number>
      sections: unknown
      drafted_at: Date
      approved_at: Date | null
      approved_by: string | null
      effective_on: string | null
      activated_at: Date | null
      sha256: string | null
    }
    notice_told: { dossier_id: string; version: number; how: string; at: Date }
  }
}

const section = z.object({
  heading: z.string(),
  clauses: z.array(
    z.object({
      id: z.custom<Clause>(value => typeof value === 'string' && /^N-\d{2,}$/.test(value)),
      text: z.string(),
      item: z.literal(true).exactOptional(),
      links: z.array(z.object({ text: z.string(), href: z.string() })).exactOptional(),
    }),
  ),
})
const sectionsSchema = z.array(section)

export interface NoticeVersion {
  version: number
  sections: z.output<typeof sectionsSchema>
  draftedAt: Date
  approvedAt: Date | null
  effectiveOn: string | null
  activatedAt: Date | null
  sha256: string | null
}

/** Every version, the newest first. */
export async function versions(tx: Tx): Promise<NoticeVersion[]> {
  const rows = await tx.selectFrom('notice_version').selectAll().orderBy('version', 'desc').execute()
  return rows.map(row => ({
    version: row.version,
    sections: sectionsSchema.parse(row.sections),
    draftedAt: row.drafted_at,
    approvedAt: row.approved_at,
    effectiveOn: row.effective_on,
    activatedAt: row.activated_at,
    sha256: row.sha256,
  }))
}

/** The version in force; undefined before the first is approved. */
export async function noticeInForce(tx: Tx): Promise<NoticeVersion | undefined> {
  const all = await versions(tx)
  return all.find(one => one.activatedAt !== null)
}

/** The draft that the DPO works on: the newest one not approved, or a new one from the version in force or the data map. */
export async function draftInHand(tx: Tx, house: Pick<House, 'clock'>, by: Actor): Promise<NoticeVersion> {
  const all = await versions(tx)
  const open = all.find(one => !one.approvedAt)
  if (open) return open
  const sections = all.find(one => one.activatedAt)?.sections ?? draftNotice()
  const at = house.clock.now()
  await tx.insertInto('notice_version').values(emptyVersion(sections, at)).execute()
  await record(tx, { ...acting(by), act: 'notice drafted', at })
  const made = (await versions(tx)).find(one => !one.approvedAt)
  if (!made) throw new Error('A draft was just made.')
  return made
}

/** Saves the words of a draft. */
export async function saveDraft(
  tx: Tx,
  house: Pick<House, 'clock'>,
  by: Actor,
  version: number,
  sections: NoticeSection[],
): Promise<void> {
  await tx
    .updateTable('notice_version')
    .set({ sections: JSON.stringify(sections) })
    .where('version', '=', version)
    .where('approved_at', 'is', null)
    .execute()
  await record(tx, { ...acting(by), act: 'notice draft saved', detail: { version }, at: house.clock.now() })
}

/** Clauses that a text leaves out or has twice; a notice may be approved when there are none. */
export function clauseFaults(sections: readonly { clauses: readonly { id: Clause; text: string }[] }[]): string[] {
  const seen = new Map<string, number>()
  for (const one of sections)
    for (const { id, text } of one.clauses) if (text.trim()) seen.set(id, (seen.get(id) ?? 0) + 1)
  const known = new Set(clauses.map(clause => clause.id))
  return [
    ...clauses.filter(({ id }) => !seen.has(id)).map(({ id }) => `Clause ${id} has no words.`),
    ...[...seen].filter(([, count]) => count > 1).map(([id]) => `Clause ${id} stands more than once.`),
    ...[...seen.keys()].filter(id => !known.has(id as Clause)).map(id => `Clause ${id} is not in the clause list.`),
  ]
}

/** A notice as plain text, a clause a line: what its fingerprint is of, so that anyone can check it. */
export function noticeText(sections: readonly NoticeSection[]): string {
  const lines = sections.flatMap(one => [
    one.heading,
    ...one.clauses.map(({ id, text, links = [] }) =>
      [`${id} ${text}`, ...links.map(link => `${link.text} ${link.href}`)].join(' '),
    ),
  ])
  return `${lines.join('\n')}\n`
}

/** How many days before it takes effect a new version must be approved, so that everyone is told. */
export const NOTICE_DAYS = 14

/** Approves and dates a draft. The words can change no more. Returns what is wrong, in one sentence. */
export async function approve(
  tx: Tx,
  house: Pick<House, 'clock'>,
  by: Actor,
  draft: NoticeVersion,
  effectiveOn: string,
): Promise<string | undefined> {
  const now = house.clock.now()
  const faults = clauseFaults(draft.sections)
  if (faults.length) return faults[0]
  const first = !(await noticeInForce(tx))
  const earliest = first ? londonDate(now) : londonDate(new Date(now.getTime() + NOTICE_DAYS * 86_400_000))
  if (effectiveOn < earliest)
    return `The date must be ${sayDate(earliest)} or later, so that everyone can be told before it takes effect`
  const sha256 = createHash('sha256').update(noticeText(draft.sections)).digest('hex')
  await tx
    .updateTable('notice_version')
    .set({ approved_at: now, approved_by: by.id, effective_on: effectiveOn, sha256 })
    .where('version', '=', draft.version)
    .where('approved_at', 'is', null)
    .execute()
  await record(tx, {
    ...acting(by),
    act: 'notice approved',
    detail: { version: draft.version, effectiveOn, sha256 },
    at: now,
  })
  return undefined
}

/** The approved version that is not in force yet. */
export async function comingVersion(tx: Tx): Promise<NoticeVersion | undefined> {
  return (await versions(tx)).find(one => one.approvedAt && !one.activatedAt)
}

/** Living people's dossiers that nobody has told of a version yet. */
export async function untold(tx: Tx, version: number): Promise<string[]> {
  const rows = await tx
    .selectFrom('dossier')
    .select('id')
    .where('kind', '=', 'panel')
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('notice_told')
            .select('version')
            .whereRef('notice_told.dossier_id', '=', 'dossier.id')
            .where('version', '=', version),
        ),
      ),
    )
    .execute()
  return rows.map(row => row.id)
}

/** Notes that people were told of a version, and how. */
export async function noteTold(
  tx: Tx,
  house: Pick<House, 'clock'>,
  version: number,
  ids: readonly string[],
  how: string,
): Promise<void> {
  const at = house.clock.now()
  for (let from = 0; from < ids.length; from += 5000)
    await tx
      .insertInto('notice_told')
      .values(ids.slice(from, from + 5000).map(dossier_id => ({ dossier_id, version, how, at })))
      .onConflict(on => on.columns(['dossier_id', 'version']).doNothing())
      .execute()
}

/**
 * [N-03] Puts an approved version into force on its day, and refuses while a living person has not been told. Returns
 * whether one came into force, and how many people still have to be told.
 */
export async function activate(
  tx: Tx,
  house: Pick<House, 'clock'>,
  by: Actor,
): Promise<{ activated: boolean; untold: number }> {
  const now = house.clock.now()
  const coming = await comingVersion(tx)
  if (!coming?.effectiveOn || coming.effectiveOn > londonDate(now)) return { activated: false, untold: 0 }
  const first = !(await noticeInForce(tx))
  const waiting = first ? [] : await untold(tx, coming.version)
  if (waiting.length) return { activated: false, untold: waiting.length }
  await tx.updateTable('notice_version').set({ activated_at: now }).where('version', '=', coming.version).execute()
  await record(tx, { ...acting(by), act: 'notice in force', detail: { version: coming.version }, at: now })
  return { activated: true, untold: 0 }
}

/** [N-19] Fields that nobody has opened, searched or counted for any purpose since an instant. */
export async function fieldsRead(tx: Tx, since: Date): Promise<Set<string>> {
  const { rows } = await sql<{ field: string }>`
    select distinct (detail->>'kind') || '.' || f as field
    from ledger_entry, jsonb_array_elements_text(detail->'fields') f
    where act in ('opened', 'searched', 'tallied') and at >= ${since}`.execute(tx)
  return new Set(rows.map(row => row.field))
}

function emptyVersion(sections: NoticeSection[], draftedAt: Date) {
  return {
    sections: JSON.stringify(sections),
    drafted_at: draftedAt,
    approved_at: null,
    approved_by: null,
    effective_on: null,
    activated_at: null,
    sha256: null,
  }
}

function acting(by: Actor) {
  return { actor: by.id, role: by.roles[0] ?? ('system' as const), purpose: 'administer the panel' as const }
}
