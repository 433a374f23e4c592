import type { Tx } from '#src/platform/database/database.ts'
import type { House } from '#src/promises/house.ts'
import { record } from '#src/promises/ledger/ledger.ts'
import type { Actor } from '#src/promises/notice/actor.ts'
import type { LetterDetail, LetterName } from './letters.ts'
import { type LetterTo, queueLetters } from './queue.ts'
import { supported } from './supporter.ts'

export { lettersQueue } from './queue.ts'

/** What a supporter hears too: matters of the panel; never codes, rights or what is about the application alone. */
const copies: ReadonlySet<LetterName> = new Set(['offer', 'offer reminder', 'welcome to the panel', 'left the panel'])

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
  const detailOf = typeof detail === 'function' ? detail : () => detail
  const copied = copies.has(template) ? await supported(tx, house, ids) : new Set<string>()
  const all: LetterTo[] = ids.flatMap(id => [
    { dossier: id, detail: detailOf(id), channel: channels.get(id) ?? 'email' },
    ...(copied.has(id) ? [{ dossier: id, detail: detailOf(id), forSupporter: true as const }] : []),
  ])
  const reached = await queueLetters(tx, house, template, all, at)
  if (!reached.size) return
  const [first] = reached
  await record(tx, {
    actor: by.id,
    role: by.roles[0] ?? 'system',
    purpose: 'administer the panel',
    act: 'letter queued',
    count: reached.size,
    detail: { template },
    at: now,
    ...(first && reached.size === 1 ? { subject: first } : {}),
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
