import { type SqlBool, sql } from 'kysely'
import type { Tx } from '#src/platform/database/database.ts'
import type { House } from '#src/promises/house.ts'
import type { Actor } from '#src/promises/notice/actor.ts'
import { councilByCode } from '../councils.ts'
import '../tables.ts'

/** What an officer narrows the list to. Drafts are their writers' alone: they are counted and never listed. */
export interface Wanted {
  round: string
  state: 'sent' | 'withdrawn' | 'all'
  via: 'web' | 'phone' | 'post' | 'import' | 'all'
  flag: 'landlord' | 'special' | 'all'
  sort: 'newest' | 'oldest' | 'reference'
  /** An ONS code of a region of England. */
  region: string
  text: string
}

export interface Counts {
  draft: number
  sent: number
  withdrawn: number
  unlisted: number
  special: number
}

/** How many applications of a round stand in each state, and how many sent ones carry a flag. */
export async function countApplications(tx: Tx, round: string): Promise<Counts> {
  const row = await tx
    .selectFrom('application')
    .select(({ fn }) => [
      fn.countAll<number>().filterWhere('state', '=', 'draft').as('draft'),
      fn.countAll<number>().filterWhere('state', '=', 'sent').as('sent'),
      fn.countAll<number>().filterWhere('state', '=', 'withdrawn').as('withdrawn'),
      fn.countAll<number>().filterWhere(sql<SqlBool>`state = 'sent' and landlord_unlisted`).as('unlisted'),
      fn.countAll<number>().filterWhere(sql<SqlBool>`state = 'sent' and marked_special`).as('special'),
    ])
    .where('round_id', '=', round)
    .executeTakeFirstOrThrow()
  return row
}

/** A page of the applications wanted, in order, and how many there are in all. */
export async function findApplications(
  tx: Tx,
  house: House,
  by: Actor,
  wanted: Wanted,
  page: { from: number; size: number },
): Promise<{ ids: string[]; total: number }> {
  const query = narrowed(tx, wanted)
  if (!wanted.text && wanted.region === 'all') {
    const { total } = await query.select(eb => eb.fn.countAll<number>().as('total')).executeTakeFirstOrThrow()
    const rows = await ordered(query, wanted.sort).select('dossier_id').limit(page.size).offset(page.from).execute()
    return { ids: rows.map(row => row.dossier_id), total }
  }
  const rows = await ordered(query, wanted.sort).select(['dossier_id', 'reference', 'state']).execute()
  const code = plain(wanted.text).replaceAll(' ', '')
  const byReference = rows.filter(row => code.length >= 4 && plain(row.reference).replaceAll(' ', '').includes(code))
  const looked = byReference.length ? byReference : rows
  const sent = looked.filter(row => row.state === 'sent').map(row => row.dossier_id)
  const ids =
    byReference.length && wanted.region === 'all'
      ? byReference.map(row => row.dossier_id)
      : await searchSealed(tx, house, by, sent, { ...wanted, ...(byReference.length ? { text: '' } : {}) })
  return { ids: ids.slice(page.from, page.from + page.size), total: ids.length }
}

/** Text without case, accents and marks, for comparing what people typed. */
export function plain(text: string): string {
  return text
    .normalize('NFKD')
    .toLowerCase()
    .replace(/\p{M}/gu, '')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
}

/** Looks through sealed names and councils: one entry in the ledger, and nobody counts as opened. */
function searchSealed(tx: Tx, house: House, by: Actor, ids: string[], { text, region }: Wanted): Promise<string[]> {
  const words = plain(text).split(' ').filter(Boolean)
  if (text && !words.length) return Promise.resolve([])
  const ask = { by, for: 'administer the panel', fields: ['name', 'area'] } as const
  return house.vault.search(tx, 'panel', ask, ids, ({ name = '', area = '' }) => {
    const council = councilByCode(area)
    const spoken = `${plain(name)} ${plain(council?.name ?? '')}`
    return (region === 'all' || council?.region === region) && words.every(word => spoken.includes(word))
  })
}

function narrowed(tx: Tx, { round, state, via, flag }: Wanted) {
  let query = tx.selectFrom('application').where('round_id', '=', round)
  query = state === 'all' ? query.where('state', '!=', 'draft') : query.where('state', '=', state)
  if (via !== 'all') query = query.where('received_via', '=', via)
  if (flag === 'landlord') query = query.where('landlord_unlisted', '=', true)
  if (flag === 'special') query = query.where('marked_special', '=', true)
  return query
}

function ordered(query: ReturnType<typeof narrowed>, sort: Wanted['sort']) {
  if (sort === 'reference') return query.orderBy('reference')
  const way = sort === 'oldest' ? 'asc' : 'desc'
  return query
    .orderBy(sql`coalesce(received_on, (sent_at at time zone 'Europe/London')::date)`, way)
    .orderBy('reference')
}
