import { addDays } from '#src/platform/calendar/dates.ts'
import { londonDate } from '#src/platform/calendar/london.ts'
import type { OwnerConnection } from '#src/platform/database/database.ts'
import type { Kind } from '../notice/datamap.ts'
import type { KeyRecord, KeyStore } from '../vault/keystore.ts'

const PAGE = 2000
/** Days after which someone looks again at a hold whose ground was in the data that is lost. */
const lookAgainDays = 14

export interface Reconciled {
  /** Records without a living key, now deleted. */
  gone: number
  /** Records whose date, hold or restriction was taken from the key store. */
  changed: number
  /** Living records that began after the backup and so are not in it, by kind: the key store knows that they were. */
  missing: Partial<Record<Kind, number>>
}

/**
 * After the main data came back, the key store decides, in the owner's transaction: rows without a living key go;
 * dates, holds and restrictions are the key store's. The sweep waits, and the ledger says what was done.
 */
export async function takeTheWordOf(
  keys: KeyStore,
  owner: OwnerConnection,
  now: Date,
  backedUpAt: string,
): Promise<Reconciled> {
  const result: Reconciled = { gone: 0, changed: 0, missing: {} }
  for await (const rows of pages<Row>(text => owner.query(text), dossiersAfter)) {
    const records = await keys.read(rows.map(row => row.id))
    const dead = rows.filter(row => records.get(row.id)?.state !== 'alive').map(row => row.id)
    if (dead.length) await owner.query('delete from dossier where id = any($1::uuid[])', [dead])
    result.gone += dead.length
    for (const row of rows) {
      const record = records.get(row.id)
      if (record?.state === 'alive' && (await follow(owner, row, record, now))) result.changed++
    }
  }
  result.missing = await missingFrom(keys, owner, backedUpAt)
  await owner.query(`insert into sweep_pause (since, reason) values ($1, 'the main data was restored')`, [now])
  await owner.query(
    `insert into ledger_entry (at, actor, role, purpose, act, detail)
     values ($1, 'system:restore', 'system', 'store', 'main data restored', $2)`,
    [now, JSON.stringify({ backedUpAt, ...result })],
  )
  return result
}

async function missingFrom(keys: KeyStore, owner: OwnerConnection, backedUpAt: string): Promise<Reconciled['missing']> {
  const missing: Reconciled['missing'] = {}
  for (let after = ''; ; ) {
    const page = await keys.page(after, PAGE)
    const last = page.at(-1)
    if (!last) return missing
    after = last.id
    const young = page.filter(one => one.state === 'alive' && one.bornAt >= backedUpAt)
    if (!young.length) continue
    const ids = young.map(one => one.id)
    const rows = await owner.query<{ id: string }>('select id from dossier where id = any($1::uuid[])', [ids])
    const there = new Set(rows.map(row => row.id))
    for (const one of young) if (!there.has(one.id)) missing[one.kind] = (missing[one.kind] ?? 0) + 1
  }
}

interface Row {
  id: string
  expires_on: string
  restricted: boolean
  held: boolean
}

async function follow(owner: OwnerConnection, row: Row, record: KeyRecord, now: Date): Promise<boolean> {
  if (row.expires_on === record.expiresOn && row.restricted === record.restricted && row.held === record.held)
    return false
  await owner.query(
    `update dossier set expires_on = $2,
       restricted_at = case when $3 then coalesce(restricted_at, $5) end, held_at = case when $4 then coalesce(held_at, $5) end
     where id = $1`,
    [row.id, record.expiresOn, record.restricted, record.held, now],
  )
  if (record.held && !row.held)
    await owner.query(
      `insert into hold (dossier_id, ground, placed_at, placed_by, review_on) values ($1, $2, $3, 'system:restore', $4)`,
      [row.id, record.restricted ? 'restriction' : 'legal matter', now, addDays(londonDate(now), lookAgainDays)],
    )
  if (!record.held && row.held)
    await owner.query(
      `update hold set lifted_at = $2, lifted_by = 'system:restore' where dossier_id = $1 and lifted_at is null`,
      [row.id, now],
    )
  return true
}

type Ask = <R>(text: string) => Promise<R[]>

/**
 * After the key store came back from a copy, the main data's certificates tell who died since: their keys go again.
 * Returns how many.
 */
export async function replayDeaths(keys: KeyStore, ask: Ask, now: Date): Promise<number> {
  let died = 0
  for await (const rows of pages<{ id: string }>(
    ask,
    after => `
    select dossier_was as id from certificate where dossier_was > '${after}' order by dossier_was limit ${PAGE}`,
  )) {
    const records = await keys.read(rows.map(row => row.id))
    const again = [...records.values()].filter(one => one.state === 'alive' || one.wrapped).map(one => one.id)
    await keys.tombstone(again, now)
    await keys.destroyKeys(again)
    died += again.length
  }
  return died
}

/**
 * After the key store alone came back from a copy: dates, holds and restrictions of the living are those of the main
 * data. Returns how many records have no key because they began after the copy: nobody can open them any more.
 */
export async function takeTheWordOfMain(keys: KeyStore, ask: Ask): Promise<number> {
  let lost = 0
  for await (const rows of pages<Row>(ask, after => dossiersAfter(after))) {
    const records = await keys.read(rows.map(row => row.id))
    for (const row of rows) {
      const record = records.get(row.id)
      if (!record) lost++
      else if (record.state === 'alive') await obey(keys, record, row)
    }
  }
  return lost
}

/** Pages of rows in the order of their ids. */
async function* pages<R extends { id: string }>(ask: Ask, query: (after: string) => string): AsyncGenerator<R[]> {
  for (let after = '00000000-0000-0000-0000-000000000000'; ; ) {
    const rows = await ask<R>(query(after))
    const last = rows.at(-1)
    if (!last) return
    yield rows
    after = last.id
  }
}

function dossiersAfter(after: string): string {
  return `select id, expires_on::text as expires_on, restricted_at is not null as restricted, held_at is not null as held
    from dossier where id > '${after}' order by id limit ${PAGE}`
}

async function obey(keys: KeyStore, record: KeyRecord, row: Row): Promise<void> {
  if (record.expiresOn !== row.expires_on) await keys.setExpiry([row.id], row.expires_on)
  if (record.held !== row.held) await keys.setHeld(row.id, row.held)
  if (record.restricted !== row.restricted) await keys.setRestricted(row.id, row.restricted)
}
