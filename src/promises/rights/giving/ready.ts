import type { Tx } from '#src/platform/database/database.ts'
import type { House } from '../../house.ts'
import type { Actor } from '../../notice/actor.ts'
import { draftAsk } from '../answer.ts'
import { type Account, type Case, caseById, step, type WriteToRequester } from '../cases.ts'
import { type AccessCopy, accessCopy } from '../copy.ts'
import { whyWait } from '../stands.ts'
import { without } from './left-out.ts'
import { scopeOf } from './portable.ts'
import { tellable } from './search.ts'

/** The matters that are answered with a copy. */
export const givesCopy = (one: Pick<Case, 'matter'>): boolean =>
  one.matter === 'access' || one.matter === 'transfer' || one.matter === 'portability'

export interface CopyInHand {
  one: Case & { subject: string }
  account: Account
  byEmail: boolean
  /** As it is held; `going` is as it goes, without what is left out. */
  copy: AccessCopy
  going: AccessCopy
}

/** The copy that a granted request is answered with; undefined while there is none to give. */
export async function copyInHand(tx: Tx, house: House, by: Actor, id: string): Promise<CopyInHand | undefined> {
  const held = await caseById(tx, house, by, id)
  if (!held) return undefined
  const { one, account, requester } = held
  const { subject, decision, closed_at: closed } = one
  if (!subject || !decision || decision === 'refused' || closed || !givesCopy(one) || (await whyWait(tx, one)))
    return undefined
  const whole = await accessCopy(tx, house, by, subject)
  if (!whole) return undefined
  const copy = scopeOf(one.matter, whole)
  const searched = account.searched?.places
  const going = { ...without(copy, account.leftOut), ...(searched ? { searched: tellable(searched, whole) } : {}) }
  return { one: { ...one, subject }, account, byEmail: requester.reach.includes('@'), copy, going }
}

/** Why a copy cannot be made ready yet, by field in a sentence. */
export function lacksForReady({ one, account }: CopyInHand, looked: boolean): { [field: string]: string } | undefined {
  if (!account.searched) return { search: 'Search everywhere first' }
  if (one.matter === 'transfer' && !account.transfer) return { to: 'Say first to whom it goes' }
  return looked ? undefined : { looked: 'Look through it first, and tick that you did' }
}

/** Notes that the copy waits, and writes to whoever asked by email where to take it; the code goes another way. */
export async function tellReady(
  tx: Tx,
  house: House,
  by: Actor,
  id: string,
  link: string,
  write: WriteToRequester,
): Promise<void> {
  const held = await caseById(tx, house, by, id)
  if (!held) return
  const { one, requester, account } = held
  const isWritten = one.matter !== 'transfer' && requester.reach.includes('@')
  const text = draftAsk(one, requester.name, 'copy', link)
  const letter = { at: house.clock.now().toISOString(), what: 'copy' as const, text }
  await step(tx, house, by, id, 'copy looked through and made ready', {}, all => ({
    ...all,
    letters: isWritten ? [...all.letters, letter] : all.letters,
  }))
  if (isWritten)
    await write(tx, id, 'rights update', { reference: one.reference, letter: String(account.letters.length) })
}
