import { createHash, randomBytes, randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { whoActs } from '#src/panel/correspondence/supporter.ts'
import type { Tx } from '#src/platform/database/database.ts'
import type { Actor } from '#src/promises/notice/actor.ts'
import { type Role, staffRoles } from '#src/promises/notice/purposes.ts'
import '../tables.ts'

export interface Session {
  id: string
  kind: 'resident' | 'staff'
  actor: Actor
  /** False for staff who have still to give the second factor. */
  complete: boolean
  /** Which invented colleague they are in their practice; undefined while they do real work. */
  practisingAs: string | undefined
  /** A supporter's session: the last day on which they may act for the person in hand. */
  actsUntil: string | undefined
  /** When it ends if nothing more is done. */
  endsAt: Date
}

/** What a token leads to: a session that lives, or whose it was before it lapsed. */
export type Found = { session: Session } | { lapsed: string }

const minute = 60_000
/** How often a use is noted: often enough for the warning to be true, seldom enough not to write at every click. */
const NOTED_EVERY = 10_000
/** A lapsed session still says whose it was, so that what is typed into an old page can be kept for them alone. */
const KEPT_LAPSED = 31 * 24 * 60 * minute
/** Staff: 20 idle minutes, 12 hours in all. Residents: a day without use, so that a form can be finished in peace. */
const limits = {
  staff: { idle: 20 * minute, whole: 12 * 60 * minute },
  resident: { idle: 24 * 60 * minute, whole: 30 * 24 * 60 * minute },
}

/**
 * Starts a session for dossiers, the first of them in hand; returns the token that the browser keeps. One of a supporter
 * ends with what the supporter may do.
 */
export async function startSession(
  tx: Tx,
  now: Date,
  kind: 'resident' | 'staff',
  dossiers: readonly string[],
  secondFactor = false,
  supporter?: string,
): Promise<string> {
  await tx
    .deleteFrom('session')
    .where('used_at', '<', new Date(now.getTime() - KEPT_LAPSED))
    .execute()
  const token = randomBytes(32).toString('base64url')
  const id = randomUUID()
  await tx
    .insertInto('session')
    .values({
      id,
      token_hash: hashOf(token),
      kind,
      started_at: now,
      used_at: now,
      second_factor_at: secondFactor ? now : null,
      ...(supporter ? { supporter_id: supporter } : {}),
    })
    .execute()
  await tx
    .insertInto('session_dossier')
    .values(dossiers.map((dossier_id, at) => ({ session_id: id, dossier_id, in_hand: at === 0 })))
    .execute()
  return token
}

/** The session of a token, with who acts; undefined when there is none, or its account is closed. */
export async function readSession(tx: Tx, now: Date, token: string): Promise<Found | undefined> {
  const row = await tx.selectFrom('session').selectAll().where('token_hash', '=', hashOf(token)).executeTakeFirst()
  if (!row) return undefined
  const { idle, whole } = limits[row.kind]
  const dossiers = await tx.selectFrom('session_dossier').selectAll().where('session_id', '=', row.id).execute()
  const own = dossiers.map(one => one.dossier_id)
  const inHand = dossiers.find(one => one.in_hand)?.dossier_id ?? own[0]
  if (!inHand) {
    await tx.deleteFrom('session').where('id', '=', row.id).execute()
    return undefined
  }
  const wholeEnds = row.started_at.getTime() + whole
  if (now.getTime() >= Math.min(row.used_at.getTime() + idle, wholeEnds))
    return row.supporter_id ? undefined : { lapsed: inHand }
  if (now.getTime() - row.used_at.getTime() > NOTED_EVERY)
    await tx.updateTable('session').set({ used_at: now }).where('id', '=', row.id).execute()
  const { id, kind } = row
  const endsAt = new Date(Math.min(now.getTime() + idle, wholeEnds))
  const common = { id, kind, endsAt, practisingAs: row.practising_as ?? undefined, actsUntil: undefined }
  if (row.supporter_id) {
    const acts = await whoActs(tx, now, row.supporter_id)
    const actor: Actor = { id: inHand, roles: ['supporter'], own: [inHand] }
    return acts && { session: { ...common, complete: true, actsUntil: acts.ends_on, actor } }
  }
  if (kind === 'resident')
    return { session: { ...common, complete: true, actor: { id: inHand, roles: ['resident'], own } } }
  const staff = await tx.selectFrom('staff').selectAll().where('dossier_id', '=', inHand).executeTakeFirst()
  if (!staff?.activated_at || staff.disabled_at) return undefined
  const roles: Role[] = staffRoles.filter(role => staff.roles.includes(role))
  const complete = row.second_factor_at !== null
  return { session: { ...common, complete, actor: { id: inHand, roles, own: [inHand] } } }
}

/** Takes another of the session's dossiers in hand. */
export async function takeInHand(tx: Tx, session: Session, dossier: string): Promise<boolean> {
  if (!session.actor.own.includes(dossier)) return false
  await tx
    .updateTable('session_dossier')
    .set({ in_hand: sql<boolean>`dossier_id = ${dossier}` })
    .where('session_id', '=', session.id)
    .execute()
  return true
}

export async function endSession(tx: Tx, id: string): Promise<void> {
  await tx.deleteFrom('session').where('id', '=', id).execute()
}

/** Ends every session of a dossier: a disabled account, a changed address. */
export async function endSessionsOf(tx: Tx, dossier: string): Promise<void> {
  const held = tx.selectFrom('session_dossier').select('session_id').where('dossier_id', '=', dossier)
  await tx.deleteFrom('session').where('id', 'in', held).execute()
}

/** Takes a dossier out of every session but one: whoever came in by an address that is no longer theirs stays out. */
export async function leaveSessions(tx: Tx, dossier: string, but?: string): Promise<void> {
  const all = tx.deleteFrom('session_dossier').where('dossier_id', '=', dossier)
  await (but ? all.where('session_id', '!=', but) : all).execute()
}

function hashOf(token: string): Buffer {
  return createHash('sha256').update(token).digest()
}
