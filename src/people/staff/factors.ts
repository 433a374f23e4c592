import { Secret } from 'otpauth'
import { z } from 'zod'
import type { Tx } from '#src/platform/database/database.ts'
import type { House } from '#src/promises/house.ts'
import { record } from '#src/promises/ledger/ledger.ts'
import { system } from '#src/promises/notice/actor.ts'
import { endSession, type Session, startSession } from '../doors/sessions.ts'
import { keepAccount, openAccounts } from './accounts.ts'

const doors = system('doors')
const MOST_WRONG = 5

const held = z.object({
  totp: z.string().optional(),
  /** The last time step whose code was used, so that no code works twice; 0 until the app is set up. */
  used: z.number().default(0),
  passkeys: z
    .array(z.object({ id: z.string(), key: z.string(), counter: z.number(), transports: z.array(z.string()) }))
    .default([]),
  /** Who the work sign-in says this is: fixed at the first sign-in, since addresses change hands. */
  subject: z.string().optional(),
})

/** What someone proves who they are with, besides their email. */
export type Factors = z.output<typeof held>

/** Reads someone's second factors and holds their account still until the transaction ends. */
export async function factorsOf(tx: Tx, house: House, id: string): Promise<Factors> {
  await tx.selectFrom('staff').select('dossier_id').where('dossier_id', '=', id).forUpdate().execute()
  const ask = { by: doors, for: 'keep the service safe', fields: ['secondFactor'] } as const
  const [opened] = await house.vault.open(tx, 'staff', ask, [id])
  return held.parse(opened?.secondFactor ? JSON.parse(opened.secondFactor) : {})
}

export function sealFactors(tx: Tx, house: House, id: string, factors: Factors): Promise<void> {
  return house.vault.put(tx, doors, 'staff', id, { secondFactor: JSON.stringify(factors) })
}

/** Whether a second factor is set up and was shown to work. */
export function isSetUp(factors: Factors): boolean {
  return factors.used > 0 || factors.passkeys.length > 0
}

/** The secret to set an app up with: made at the first look, and the same until it is used. */
export async function secretToSetUp(tx: Tx, house: House, id: string, factors: Factors): Promise<string> {
  if (factors.totp) return factors.totp
  const totp = new Secret({ size: 20 }).base32
  await sealFactors(tx, house, id, { ...factors, totp })
  return totp
}

/** Lets someone in after the second factor: a new session in place of the half one. Returns its token. */
export async function enter(tx: Tx, house: House, id: string, by: string, half?: Session): Promise<string> {
  const now = house.clock.now()
  const [account] = await openAccounts(tx, [id])
  if (half) await endSession(tx, half.id)
  await tx.updateTable('staff').set({ second_factor: true }).where('dossier_id', '=', id).execute()
  await keepAccount(tx, house, doors, id)
  await record(tx, {
    actor: id,
    role: account?.roles[0] ?? 'system',
    purpose: 'keep the service safe',
    act: 'second factor given',
    subject: id,
    detail: { by },
    at: now,
  })
  return startSession(tx, now, 'staff', [id], true)
}

/** Counts a wrong second factor; true when it was one too many and the session has ended. */
export async function countWrong(tx: Tx, session: Session): Promise<boolean> {
  const row = await tx
    .updateTable('session')
    .set(eb => ({ second_factor_tries: eb('second_factor_tries', '+', 1) }))
    .where('id', '=', session.id)
    .returning('second_factor_tries')
    .executeTakeFirst()
  if (row && row.second_factor_tries < MOST_WRONG) return false
  await endSession(tx, session.id)
  return true
}
