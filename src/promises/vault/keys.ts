import { createHmac, randomBytes } from 'node:crypto'
import type { Kind } from '../notice/datamap.ts'
import type { KeyRecord, KeyStore } from './keystore.ts'
import type { Masters } from './masters.ts'

/** The data keys of one living dossier. */
export interface DataKeys {
  ordinary: Buffer
  /** Only a panel dossier has one: ethnicity and adjustments are under a key of their own. */
  special: Buffer | null
}

/** A new record with fresh random keys, wrapped under the current master. */
export function newKeys(
  masters: Masters,
  born: { id: string; kind: Kind; expiresOn: string; emailHash: Buffer | null; at: Date },
): KeyRecord {
  const ordinary = masters.wrap(context(born.kind, born.id, 'ordinary'), randomBytes(32))
  const special = born.kind === 'panel' ? masters.wrap(context(born.kind, born.id, 'special'), randomBytes(32)) : null
  return {
    id: born.id,
    kind: born.kind,
    state: 'alive',
    expiresOn: born.expiresOn,
    held: false,
    restricted: false,
    master: ordinary.master,
    wrapped: ordinary.wrapped,
    wrappedSpecial: special?.wrapped ?? null,
    emailHash: born.emailHash,
    bornAt: born.at.toISOString(),
    diedAt: null,
  }
}

/** Unwraps a record's keys; undefined when the dossier is dead. */
export function unwrapKeys(masters: Masters, record: KeyRecord): DataKeys | undefined {
  if (record.state !== 'alive' || !record.wrapped) return undefined
  const { wrapped, wrappedSpecial, kind, id, master } = record
  return {
    ordinary: masters.unwrap(context(kind, id, 'ordinary'), wrapped, master),
    // Opened only when a special-category field is.
    get special() {
      return wrappedSpecial ? masters.unwrap(context(kind, id, 'special'), wrappedSpecial, master) : null
    },
  }
}

/**
 * Rotates the master key: makes a new one and wraps every living dossier's keys and every secret under it, a page at a
 * time, while the service runs. Returns how many were wrapped anew. The old master stays until it is dropped with the
 * last backup of the key store that it opens.
 */
export async function rotate(keys: KeyStore, masters: Masters, now: Date): Promise<number> {
  masters.rotate(now)
  let after = ''
  let count = 0
  for (;;) {
    const page = await keys.page(after, 500)
    const last = page.at(-1)
    if (!last) break
    after = last.id
    for (const record of page) {
      const data = unwrapKeys(masters, record)
      if (!data || record.master === masters.currentId()) continue
      const ordinary = masters.wrap(context(record.kind, record.id, 'ordinary'), data.ordinary)
      const special = data.special && masters.wrap(context(record.kind, record.id, 'special'), data.special).wrapped
      await keys.rewrap({ id: record.id, master: ordinary.master, wrapped: ordinary.wrapped, wrappedSpecial: special })
      count++
    }
  }
  for (const name of await keys.secretNames()) {
    const { wrapped, master } = masters.wrap(`secret/${name}`, await secret(keys, masters, name))
    await keys.putSecret(name, wrapped, master)
  }
  return count
}

/** A 32-byte secret of the service, made when first wanted and kept wrapped in the key store. */
export async function secret(keys: KeyStore, masters: Masters, name: string): Promise<Buffer> {
  const held = await keys.secret(name)
  if (held) return masters.unwrap(`secret/${name}`, held.wrapped, held.master)
  const fresh = randomBytes(32)
  const { wrapped, master } = masters.wrap(`secret/${name}`, fresh)
  await keys.putSecret(name, wrapped, master)
  return fresh
}

/** Keyed hash of an e-mail address, for exact look-up alone; addresses are compared without regard to case. */
export function emailHash(secretKey: Buffer, email: string): Buffer {
  return createHmac('sha256', secretKey)
    .update(`email/${email.trim().normalize('NFC').toLowerCase()}`)
    .digest()
}

function context(kind: Kind, id: string, which: 'ordinary' | 'special'): string {
  return `key/${kind}/${id}/${which}`
}
