import { randomUUID } from 'node:crypto'
import { londonDate } from '#src/platform/calendar/london.ts'
import type { Clock } from '#src/platform/clock.ts'
import { forPurpose, type Tx } from '#src/platform/database/database.ts'
import { isPractice } from '#src/platform/database/world.ts'
import { record } from '../ledger/ledger.ts'
import type { Actor } from '../notice/actor.ts'
import { type Field, type Kind, ruleOf } from '../notice/datamap.ts'
import { type Purpose, purposes, type Role, seesRestricted } from '../notice/purposes.ts'
import { tallyOver } from '../tally/tally.ts'
import {
  acting,
  holdsSpecial,
  mayWrite,
  notForSupporters,
  passGate,
  passReadGate,
  Refused,
  refuseCounting,
  roleFor,
  stoppedFor,
} from './allowed.ts'
import type { Opened, Values, Vault } from './ask.ts'
import { gateOn } from './gate.ts'
import { emailHash, newKeys, secret, unwrapKeys } from './keys.ts'
import type { KeyStore } from './keystore.ts'
import type { Masters } from './masters.ts'
import { seal, unseal } from './seal.ts'
import { Special } from './special.ts'
import './tables.ts'

export { Refused, SpecialDataStopped } from './allowed.ts'
export type { Ask, Opened, OpeningPurpose, Values, Vault } from './ask.ts'

/** The vault: how personal data is kept and opened. */
export function createVault(keys: KeyStore, masters: Masters, clock: Clock): Vault {
  const today = () => londonDate(clock.now())

  async function begin(tx: Tx, by: Actor, kind: Kind, expiresOn: string, count: number): Promise<string[]> {
    const at = clock.now()
    const ids = Array.from({ length: count }, () => randomUUID() as string)
    await keys.insert(ids.map(id => newKeys(masters, { id, kind, expiresOn, emailHash: null, at })))
    for (let from = 0; from < ids.length; from += 5000)
      await tx
        .insertInto('dossier')
        .values(
          ids
            .slice(from, from + 5000)
            .map(id => ({ id, kind, born_at: at, expires_on: expiresOn, restricted_at: null, held_at: null })),
        )
        .execute()
    const single = ids.length === 1 ? ids[0] : undefined
    await record(tx, {
      ...acting(by, 'store'),
      act: 'dossier opened',
      count,
      detail: { kind, expiresOn },
      at,
      ...(single ? { subject: single } : {}),
    })
    return ids
  }

  async function put<K extends Kind>(
    tx: Tx,
    by: Actor,
    kind: K,
    all: { id: string; values: Values<K> }[],
  ): Promise<void> {
    const records = await keys.read(all.map(one => one.id))
    const rows: { dossier_id: string; kind: string; field: string; sealed: Buffer }[] = []
    const gone: { id: string; field: string }[] = []
    const hashes: { id: string; hash: Buffer | null }[] = []
    const gate = all.some(one => holdsSpecial(kind, one.values)) ? await gateOn(tx, today()) : undefined
    // Invented people are found by no address: nobody signs in as one, and nobody real is taken for one.
    const lookup =
      all.some(one => 'email' in one.values) && !isPractice() ? await secret(keys, masters, 'email look-up') : undefined
    for (const { id, values } of all) {
      if (!mayWrite(by, id)) throw new Refused('This record is not yours.')
      const found = records.get(id)
      const data = found && unwrapKeys(masters, found)
      if (!found || !data || found.kind !== kind) throw new Refused('There is no such record.')
      for (const [field, value] of Object.entries(values)) {
        const rule = ruleOf(kind, field)
        if (!rule) throw new Refused(`The data map declares no field "${field}" of a ${kind} dossier.`)
        if (rule.equality && by.roles.includes('supporter')) throw new Refused(notForSupporters)
        if (typeof value !== 'string' || value === '') {
          gone.push({ id, field })
          if (field === 'email') hashes.push({ id, hash: null })
          continue
        }
        if (rule.special) passGate(field, gate)
        const key = rule.special ? data.special : data.ordinary
        if (!key) throw new Refused(`A ${kind} dossier holds no special-category data.`)
        rows.push({ dossier_id: id, kind, field, sealed: seal(key, contextOf(kind, field, id), value) })
        if (field === 'email' && lookup) hashes.push({ id, hash: emailHash(lookup, value) })
      }
    }
    if (hashes.length) await keys.setEmailHashes(hashes)
    await forPurpose(tx, 'store', async () => {
      for (const { id, field } of gone)
        await tx.deleteFrom('sealed_value').where('dossier_id', '=', id).where('field', '=', field).execute()
      for (let from = 0; from < rows.length; from += 2000)
        await tx
          .insertInto('sealed_value')
          .values(rows.slice(from, from + 2000))
          .onConflict(on =>
            on.columns(['dossier_id', 'field']).doUpdateSet(eb => ({ sealed: eb.ref('excluded.sealed') })),
          )
          .execute()
    })
    const single = all.length === 1 ? all[0] : undefined
    await record(tx, {
      ...acting(by, 'store'),
      act: 'values sealed',
      count: rows.length,
      detail: { kind, fields: single ? Object.keys(single.values) : [...new Set(rows.map(row => row.field))] },
      at: clock.now(),
      ...(single ? { subject: single.id } : {}),
    })
  }

  /** Reads and unseals, with every check, but tells nobody: `open` and `search` write who looked. */
  async function read<K extends Kind, F extends Field<K>>(
    tx: Tx,
    kind: K,
    ask: { by: Actor; for: Purpose; fields: readonly F[]; related?: readonly string[] },
    ids: readonly string[],
  ): Promise<{ opened: Opened<K, F>[]; role: Role }> {
    const role = roleFor(ask.by, ask.for, ids, ask.related ?? [])
    for (const field of ask.fields)
      if (!ruleOf(kind, field)?.purposes.includes(ask.for))
        throw new Refused(`The notice does not let "${field}" be opened to ${purposes[ask.for].says}.`)
    if (role === 'supporter' && ask.fields.some(field => ruleOf(kind, field)?.equality))
      throw new Refused(notForSupporters)
    const rights = seesRestricted(ask.for)
    const gate =
      ask.fields.some(field => ruleOf(kind, field)?.special) && !rights ? await gateOn(tx, today()) : undefined
    if (gate) for (const field of ask.fields) passReadGate(kind, field, gate)
    const records = await keys.read(ids)
    const stopped = await stoppedFor(tx, ask.for, ids)
    const living = ids.filter(id => {
      if (stopped.has(id)) return false
      const found = records.get(id)
      if (!found || found.kind !== kind || found.state !== 'alive') return false
      if (found.restricted && !rights) return false
      return found.held || found.expiresOn > today()
    })
    const values = new Map<string, Map<string, Buffer>>()
    await forPurpose(tx, ask.for, async () => {
      for (let from = 0; from < living.length; from += 5000) {
        const rows = await tx
          .selectFrom('sealed_value')
          .select(['dossier_id', 'field', 'sealed'])
          .where('dossier_id', 'in', living.slice(from, from + 5000))
          .where('field', 'in', [...ask.fields])
          .execute()
        for (const row of rows) {
          const held = values.get(row.dossier_id) ?? new Map<string, Buffer>()
          values.set(row.dossier_id, held.set(row.field, row.sealed))
        }
      }
    })
    const opened: Opened<K, F>[] = []
    for (const id of living) {
      const found = records.get(id)
      const data = found && unwrapKeys(masters, found)
      if (!data) continue
      const one: Record<string, string | Special> = { id }
      for (const [field, sealed] of values.get(id) ?? []) {
        const special = ruleOf(kind, field)?.special === true
        const key = special ? data.special : data.ordinary
        if (!key) continue
        const text = unseal(key, contextOf(kind, field, id), sealed)
        one[field] = special ? new Special(text) : text
      }
      opened.push(one as Opened<K, F>) // the checked edge: the rows hold just the fields asked for
    }
    return { opened, role }
  }

  return {
    begin: async (tx, by, kind, expiresOn) => {
      const [id] = await begin(tx, by, kind, expiresOn, 1)
      if (!id) throw new Error('A dossier has an id.')
      return id
    },
    beginMany: begin,
    put: (tx, by, kind, id, values) => put(tx, by, kind, [{ id, values }]),
    putMany: put,
    open: async (tx, kind, ask, ids) => {
      refuseCounting(ask.for)
      const { opened, role } = await read(tx, kind, ask, ids)
      if (!opened.length) return opened
      const at = clock.now()
      const single = opened.length === 1 ? opened[0] : undefined
      await record(tx, {
        actor: ask.by.id,
        role,
        purpose: ask.for,
        act: 'opened',
        count: opened.length,
        detail: { kind, fields: ask.fields },
        at,
        ...(single ? { subject: single.id } : {}),
      })
      if (role !== 'system' && role !== 'resident')
        for (let from = 0; from < opened.length; from += 5000)
          await tx
            .insertInto('opening')
            .values(
              opened.slice(from, from + 5000).map(one => ({
                dossier_id: one.id,
                at,
                actor: ask.by.id,
                role,
                purpose: ask.for,
                fields: [...ask.fields],
              })),
            )
            .execute()
      return opened
    },
    search: async (tx, kind, ask, ids, matches) => {
      refuseCounting(ask.for)
      const { opened, role } = await read(tx, kind, ask, ids)
      await record(tx, {
        actor: ask.by.id,
        role,
        purpose: ask.for,
        act: 'searched',
        count: opened.length,
        detail: { kind, fields: ask.fields },
        at: clock.now(),
      })
      return opened.filter(matches).map(one => one.id)
    },
    tally: (tx, ask, population, table, declared) => {
      roleFor(ask.by, ask.for, [], [])
      return tallyOver(
        tx,
        ask.by,
        population,
        table,
        declared,
        async (fields, ids) => {
          const { opened } = await read(tx, 'panel', { by: ask.by, for: 'representativeness', fields }, ids)
          const shown = (value: string | Special | undefined) => (value instanceof Special ? value.reveal() : value)
          return new Map(
            opened.map(one => [one.id, Object.fromEntries(fields.map(field => [field, shown(one[field])]))]),
          )
        },
        clock.now(),
      )
    },
    findByEmail: async email => keys.findByEmailHash(emailHash(await secret(keys, masters, 'email look-up'), email)),
    record: async id => (await keys.read([id])).get(id),
    keysOf: async id => {
      const found = (await keys.read([id])).get(id)
      return found && unwrapKeys(masters, found)
    },
    secret: name => secret(keys, masters, name),
    moveExpiry: async (tx, by, ids, expiresOn, why) => {
      if (!ids.length) return
      await keys.setExpiry(ids, expiresOn)
      for (let from = 0; from < ids.length; from += 5000)
        await tx
          .updateTable('dossier')
          .set({ expires_on: expiresOn })
          .where('id', 'in', ids.slice(from, from + 5000))
          .execute()
      const single = ids.length === 1 ? ids[0] : undefined
      await record(tx, {
        ...acting(by, 'store'),
        act: 'expiry moved',
        count: ids.length,
        detail: { expiresOn, why },
        at: clock.now(),
        ...(single ? { subject: single } : {}),
      })
    },
  }
}

function contextOf(kind: Kind, field: string, id: string): string {
  return `value/${kind}/${field}/${id}`
}
