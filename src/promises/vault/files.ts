import type { Tx } from '#src/platform/database/database.ts'
import { openSealed, putSealed } from '#src/platform/files/sealed.ts'
import type { House } from '../house.ts'
import type { Actor } from '../notice/actor.ts'
import type { Field, FieldFor, Kind } from '../notice/datamap.ts'
import { ruleOf } from '../notice/datamap.ts'
import type { Ask, OpeningPurpose, Values } from './vault.ts'

/**
 * Keeps a file as a field of a dossier: sealed in chunks in the file store under the dossier's key, and so ended with
 * it; the field's value in the database says that it is there. The file is written before the caller's transaction
 * commits: without the row it is nobody's, and goes with the dossier.
 */
export async function putFile<K extends Kind>(
  tx: Tx,
  house: House,
  by: Actor,
  kind: K,
  id: string,
  field: Field<K>,
  bytes: AsyncIterable<Uint8Array>,
): Promise<void> {
  await putSealed(
    house.files,
    `${id}/${field}`,
    await keyFor(house, kind, id, field),
    contextOf(kind, field, id),
    bytes,
  )
  await house.vault.put(tx, by, kind, id, { [field]: 'a file' } as Values<K>) // the checked edge: the field is of this kind
}

/**
 * Opens a file for a purpose, as `vault.open` opens a value (its one field names the file): checked, and told to the person.
 * `part` gives some of its bytes, both ends included. Undefined when there is none, or the record is not to be opened.
 */
export async function openFile<K extends Kind, const P extends OpeningPurpose, F extends FieldFor<K, P> & Field<K>>(
  tx: Tx,
  house: House,
  kind: K,
  ask: Ask<K, P, F>,
  id: string,
  part: { from?: number; to?: number } = {},
): Promise<AsyncGenerator<Buffer> | undefined> {
  const [field] = ask.fields
  const [opened] = await house.vault.open<K, P, F>(tx, kind, ask, [id])
  if (!field || !opened?.[field]) return undefined
  const key = await keyFor(house, kind, id, field)
  return openSealed(house.files, `${id}/${field}`, key, contextOf(kind, field, id), part.from, part.to)
}

async function keyFor(house: House, kind: Kind, id: string, field: string): Promise<Buffer> {
  const keys = await house.vault.keysOf(id)
  const key = ruleOf(kind, field)?.special ? keys?.special : keys?.ordinary
  if (!key) throw new Error('The record has no key.')
  return key
}

function contextOf(kind: Kind, field: string, id: string): string {
  return `file/${kind}/${field}/${id}`
}
