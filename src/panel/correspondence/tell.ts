import { randomUUID } from 'node:crypto'
import type { Tx } from '#src/platform/database/database.ts'
import { insertJobs, type Queue } from '#src/platform/jobs/jobs.ts'
import type { House } from '#src/promises/house.ts'
import { record } from '#src/promises/ledger/ledger.ts'
import type { Actor } from '#src/promises/notice/actor.ts'
import type { LetterDetail, LetterName } from './letters.ts'
import './tables.ts'

/** Letters that wait to go out by e-mail. */
export const lettersQueue: Queue = { name: 'send-letter', atOnce: 4 }

/**
 * Writes to people, each by the channel they chose, in the caller's transaction: kept or rolled back with it. By
 * e-mail it goes by itself; by post it joins the printable batch; by phone it joins the call list. `detail` may
 * differ by person; `at` puts it off.
 */
export async function tell(
  tx: Tx,
  house: House,
  by: Actor,
  to: string | readonly string[],
  template: LetterName,
  detail: LetterDetail | ((id: string) => LetterDetail) = {},
  at?: Date,
): Promise<void> {
  const ids = typeof to === 'string' ? [to] : to
  if (!ids.length) return
  const now = house.clock.now()
  const channels = await channelsOf(tx, house, ids, template)
  const rows = ids.map(dossier_id => ({
    id: randomUUID() as string,
    dossier_id,
    template,
    detail: JSON.stringify(typeof detail === 'function' ? detail(dossier_id) : detail),
    channel: channels.get(dossier_id) ?? ('email' as const),
    state: 'waiting' as const,
    queued_at: now,
    sent_at: null,
    attempts: 0,
    error: null,
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
  const single = ids.length === 1 ? ids[0] : undefined
  await record(tx, {
    actor: by.id,
    role: by.roles[0] ?? 'system',
    purpose: 'administer the panel',
    act: 'letter queued',
    count: ids.length,
    detail: { template },
    at: now,
    ...(single ? { subject: single } : {}),
  })
}

const always: ReadonlySet<LetterName> = new Set([
  'sign-in code',
  'confirm address',
  'new address',
  'address changing',
  'staff invitation',
])

/** Codes and links go by e-mail whatever the channel; everything else as the person chose. */
async function channelsOf(tx: Tx, house: House, ids: readonly string[], template: LetterName) {
  const channels = new Map<string, 'email' | 'letter' | 'call'>()
  if (always.has(template)) return channels
  const mail = { id: 'system:mail', roles: ['system'], own: [] } as const
  const opened = await house.vault.open(
    tx,
    'panel',
    { by: mail, for: 'administer the panel', fields: ['channel'] },
    ids,
  )
  for (const one of opened)
    if (one.channel === 'post') channels.set(one.id, 'letter')
    else if (one.channel === 'phone') channels.set(one.id, 'call')
  return channels
}
