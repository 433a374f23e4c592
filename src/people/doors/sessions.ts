import { createHash, randomBytes, randomUUID } from 'node:crypto'
import { sql } from 'kysely'
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
}

const minute = 60_000
/** Staff: 20 idle minutes, 12 hours in all. Residents: a day without use, so that a form can be finished in peace. */
const limits = {
  staff: { idle: 20 * minute, whole: 12 * 60 * minute },
  resident: { idle: 24 * 60 * minute, whole: 30 * 24 * 60 * minute },
}

/** Starts a session for dossiers, the first of them in hand; returns the token that the browser keeps. */
export async function startSession(
  tx: Tx,
  now: Date,
  kind: 'resident' | 'staff',
  dossiers: readonly string[],
  secondFactor = false,
): Promise<string> {
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
    })
    .execute()
  await tx
    .insertInto('session_dossier')
    .values(dossiers.map((dossier_id, at) => ({ session_id: id, dossier_id, in_hand: at === 0 })))
    .execute()
  return token
}

/** The living session of a token, with who acts; undefined when it has ended. */
export async function readSession(tx: Tx, now: Date, token: string): Promise<Session | undefined> {
  const row = await tx.selectFrom('session').selectAll().where('token_hash', '=', hashOf(token)).executeTakeFirst()
  if (!row) return undefined
  const { idle, whole } = limits[row.kind]
  const dossiers = await tx.selectFrom('session_dossier').selectAll().where('session_id', '=', row.id).execute()
  const ended = now.getTime() - row.used_at.getTime() >= idle || now.getTime() - row.started_at.getTime() >= whole
  if (ended || !dossiers.length) {
    await tx.deleteFrom('session').where('id', '=', row.id).execute()
    return undefined
  }
  if (now.getTime() - row.used_at.getTime() > minute)
    await tx.updateTable('session').set({ used_at: now }).where('id', '=', row.id).execute()
  const own = dossiers.map(one => one.dossier_id)
  const inHand = dossiers.find(one => one.in_hand)?.dossier_id ?? own[0] ?? ''
  if (row.kind === 'resident')
    return { id: row.id, kind: row.kind, complete: true, actor: { id: inHand, roles: ['resident'], own } }
  const staff = await tx.selectFrom('staff').selectAll().where('dossier_id', '=', inHand).executeTakeFirst()
  if (!staff || staff.disabled_at) return undefined
  const roles: Role[] = staffRoles.filter(role => staff.roles.includes(role))
  return {
    id: row.id,
    kind: row.kind,
    complete: row.second_factor_at !== null,
    actor: { id: inHand, roles, own: [inHand] },
  }
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

export async function completeSession(tx: Tx, now: Date, id: string): Promise<void> {
  await tx.updateTable('session').set({ second_factor_at: now }).where('id', '=', id).execute()
}

export async function endSession(tx: Tx, id: string): Promise<void> {
  await tx.deleteFrom('session').where('id', '=', id).execute()
}

/** Ends every session of a dossier: a disabled account, a changed address. */
export async function endSessionsOf(tx: Tx, dossier: string): Promise<void> {
  const held = tx.selectFrom('session_dossier').select('session_id').where('dossier_id', '=', dossier)
  await tx.deleteFrom('session').where('id', 'in', held).execute()
}

function hashOf(token: string): Buffer {
  return createHash('sha256').update(token).digest()
}
