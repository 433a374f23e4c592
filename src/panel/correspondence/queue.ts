import { randomUUID } from 'node:crypto'
import type { Tx } from '#src/platform/database/database.ts'
import { insertJobs, type Queue } from '#src/platform/jobs/jobs.ts'
import type { House } from '#src/promises/house.ts'
import { theDead } from './died.ts'
import type { LetterDetail, LetterName } from './letters.ts'
import './tables.ts'

/** Letters that wait to go out by e-mail. */
export const lettersQueue: Queue = { name: 'send-letter' }

/** One letter to one person, or to the supporter of that person. */
export interface LetterTo {
  dossier: string
  detail: LetterDetail
  channel?: 'email' | 'letter' | 'call'
  forSupporter?: true
}

/**
 * Puts letters in line, in the caller's transaction; by e-mail they go by themselves, from `at` on. Nobody who has died is
 * written to, nor who supports them. Returns whom a letter goes to.
 */
export async function queueLetters(
  tx: Tx,
  house: House,
  template: LetterName,
  all: readonly LetterTo[],
  at?: Date,
): Promise<ReadonlySet<string>> {
  const now = house.clock.now()
  const dead = await theDead(tx)
  const wanted = all.filter(one => !dead.has(one.dossier))
  const rows = wanted.map(one => ({
    id: randomUUID() as string,
    dossier_id: one.dossier,
    template,
    detail: JSON.stringify(one.detail),
    channel: one.channel ?? ('email' as const),
    state: 'waiting' as const,
    queued_at: now,
    sent_at: null,
    attempts: 0,
    error: null,
    for_supporter: one.forSupporter === true,
  }))
  for (let from = 0; from < rows.length; from += 2000)
    await tx
      .insertInto('message')
      .values(rows.slice(from, from + 2000))
      .execute()
  await insertJobs(
    tx,
    lettersQueue,
    rows.filter(row => row.channel === 'email').map(row => row.id),
    at,
  )
  return new Set(rows.map(row => row.dossier_id))
}
