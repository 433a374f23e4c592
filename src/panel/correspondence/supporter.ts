import { randomUUID } from 'node:crypto'
import type { Selectable } from 'kysely'
import { londonDate, sayDate } from '#src/platform/calendar/london.ts'
import type { Tx } from '#src/platform/database/database.ts'
import type { Tables } from '#src/platform/database/tables.ts'
import type { Queue } from '#src/platform/jobs/jobs.ts'
import { type House, within } from '#src/promises/house.ts'
import { type Detail, record } from '#src/promises/ledger/ledger.ts'
import { type Actor, system } from '#src/promises/notice/actor.ts'
import { queueLetters } from './queue.ts'
import './tables.ts'

export type Supporter = Selectable<Tables['supporter']>

export const scopes = {
  told: 'They get a copy of what we write to me',
  acts: 'They get a copy, and may do things here for me',
} as const
export const authorities = {
  'say-so': 'I say so, and can end it when I like',
  'power-of-attorney': 'They hold a power of attorney for me',
  other: 'Something else, such as a court’s order',
} as const

/** What someone says of the person who supports them. */
export interface Named {
  name: string
  email: string
  phone?: string | undefined
  scope: keyof typeof scopes
  authority: keyof typeof authorities
  /** The last day, in London. */
  endsOn: string
}

const by = system('supporters')
/** Every morning: forgets supporters whose last day is over. */
export const supporterQueue: Queue = { name: 'end-supporters', cron: '11 1 * * *' }

/** The supporter of someone, until their last day; agreed or not. */
export async function supporterOf(tx: Tx, house: House, dossier: string): Promise<Supporter | undefined> {
  const row = await tx.selectFrom('supporter').selectAll().where('dossier_id', '=', dossier).executeTakeFirst()
  return row && row.ends_on >= londonDate(house.clock.now()) ? row : undefined
}

/** The supporter of this id, until their last day; agreed or not. */
export async function supporterById(tx: Tx, house: House, id: string): Promise<Supporter | undefined> {
  const row = await tx.selectFrom('supporter').selectAll().where('id', '=', id).executeTakeFirst()
  return row && row.ends_on >= londonDate(house.clock.now()) ? row : undefined
}

/** The supporter of this id, if they may act for the person at present: agreed, and not past their last day. */
export async function whoActs(tx: Tx, now: Date, id: string): Promise<Supporter | undefined> {
  return tx
    .selectFrom('supporter')
    .selectAll()
    .where('id', '=', id)
    .where('scope', '=', 'acts')
    .where('agreed_at', 'is not', null)
    .where('ends_on', '>=', londonDate(now))
    .executeTakeFirst()
}

/** Those of these people whose supporter has agreed to hear what they hear. */
export async function supported(tx: Tx, house: House, ids: readonly string[]): Promise<Set<string>> {
  const found = new Set<string>()
  for (let from = 0; from < ids.length; from += 5000) {
    const rows = await tx
      .selectFrom('supporter')
      .select('dossier_id')
      .where('dossier_id', 'in', ids.slice(from, from + 5000))
      .where('agreed_at', 'is not', null)
      .where('ends_on', '>=', londonDate(house.clock.now()))
      .execute()
    for (const row of rows) found.add(row.dossier_id)
  }
  return found
}

/** Names a supporter, in place of any before; they are asked by e-mail whether they agree. */
export async function nameSupporter(tx: Tx, house: House, me: Actor, dossier: string, named: Named): Promise<void> {
  await endSupporter(tx, house, me, dossier)
  const id = randomUUID()
  await tx
    .insertInto('supporter')
    .values({
      id,
      dossier_id: dossier,
      scope: named.scope,
      authority: named.authority,
      named_at: house.clock.now(),
      ends_on: named.endsOn,
      agreed_at: null,
    })
    .execute()
  await house.vault.put(tx, me, 'panel', dossier, {
    supporterName: named.name,
    supporterEmail: named.email,
    supporterPhone: named.phone,
  })
  const detail = { supporter: id, until: sayDate(named.endsOn), acts: named.scope === 'acts' }
  await queueLetters(tx, house, 'named as supporter', [{ dossier, detail, forSupporter: true }])
  await note(tx, house, me, 'supporter named', dossier, { scope: named.scope, authority: named.authority })
}

/** The supporter agrees, from the letter to their own address. Safe to repeat; false when it is over. */
export async function agreeToSupport(tx: Tx, house: House, id: string): Promise<boolean> {
  const row = await tx.selectFrom('supporter').selectAll().where('id', '=', id).executeTakeFirst()
  if (!row || row.ends_on < londonDate(house.clock.now())) return false
  if (row.agreed_at) return true
  await tx.updateTable('supporter').set({ agreed_at: house.clock.now() }).where('id', '=', id).execute()
  await note(tx, house, by, 'supporter agreed', row.dossier_id)
  return true
}

/** Ends it at once: who the supporter was is forgotten, and letters to them that wait do not go. */
export async function endSupporter(tx: Tx, house: House, actor: Actor, dossier: string): Promise<boolean> {
  const gone = await tx.deleteFrom('supporter').where('dossier_id', '=', dossier).executeTakeFirst()
  if (!Number(gone.numDeletedRows)) return false
  const nobody = { supporterName: undefined, supporterEmail: undefined, supporterPhone: undefined }
  await house.vault.put(tx, actor, 'panel', dossier, nobody)
  await tx
    .deleteFrom('message')
    .where('dossier_id', '=', dossier)
    .where('for_supporter', '=', true)
    .where('state', '!=', 'sent')
    .execute()
  await note(tx, house, actor, 'supporter ended', dossier)
  return true
}

/** Ends what is past its last day. Returns how many. */
export async function endOverdueSupporters(house: House): Promise<number> {
  return within(house, { by, for: 'exercise rights' }, async tx => {
    const today = londonDate(house.clock.now())
    const rows = await tx.selectFrom('supporter').select('dossier_id').where('ends_on', '<', today).execute()
    let ended = 0
    for (const row of rows)
      if ((await house.vault.record(row.dossier_id))?.state === 'alive')
        ended += Number(await endSupporter(tx, house, by, row.dossier_id))
    return ended
  })
}

function note(tx: Tx, house: House, actor: Actor, act: string, subject: string, detail: Detail = {}): Promise<void> {
  const role = actor.roles[0] ?? 'system'
  const at = house.clock.now()
  return record(tx, { actor: actor.id, role, purpose: 'administer the panel', act, subject, detail, at })
}
