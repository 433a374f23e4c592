import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import type { FileStore } from './store.ts'

// A sealed file: 1 byte of version, 7 random bytes, then chunks of 64 KiB, each with a 16-byte tag. A chunk's nonce is
// the 7 random bytes, its index and whether it is the last, so that chunks cannot be dropped, moved or cut off: the
// STREAM construction (Hoang, Reyhanitabar, Rogaway and Vizár, CRYPTO 2015).
const VERSION = 1
const PREFIX = 7
const HEAD = 1 + PREFIX
const CHUNK = 64 * 1024
const TAG = 16

/** How many bytes a sealed file of this size holds in clear. */
export function plainSizeOf(size: number): number {
  return size - HEAD - Math.ceil((size - HEAD) / (CHUNK + TAG)) * TAG
}

/** The file is not what was sealed: cut, changed, moved, or under another key. */
export class FileUnreadable extends Error {}

/** Seals a stream under a 32-byte key into the store; memory stays flat. `context` says whose file it is. */
export function putSealed(
  store: FileStore,
  key: string,
  dataKey: Buffer,
  context: string,
  bytes: AsyncIterable<Uint8Array>,
): Promise<void> {
  return store.put(key, sealChunks(dataKey, context, bytes))
}

/**
 * Opens bytes `from` to `to` (inclusive; to the end when undefined) of a sealed file without reading the rest.
 * Throws FileUnreadable.
 */
export async function* openSealed(
  store: FileStore,
  key: string,
  dataKey: Buffer,
  context: string,
  from = 0,
  to?: number,
): AsyncGenerator<Buffer> {
  const size = await store.size(key)
  if (size === undefined || size < HEAD + TAG) throw new FileUnreadable('no such file')
  const whole = CHUNK + TAG
  const chunks = Math.ceil((size - HEAD) / whole)
  const plainSize = plainSizeOf(size)
  const end = Math.min(to ?? plainSize - 1, plainSize - 1)
  const first = Math.floor(Math.min(from, Math.max(plainSize - 1, 0)) / CHUNK)
  const final = Math.max(first, Math.floor(Math.max(end, 0) / CHUNK))
  const head = await all(store.get(key, 0, HEAD - 1))
  if (head[0] !== VERSION) throw new FileUnreadable('not a sealed file')
  let index = first
  const sealed = await store.get(key, HEAD + first * whole, Math.min(size - 1, HEAD + (final + 1) * whole - 1))
  for await (const chunk of inPieces(sealed, whole)) {
    const plain = openChunk(dataKey, context, head.subarray(1), index, index === chunks - 1, chunk)
    const at = index * CHUNK
    const part = plain.subarray(Math.max(0, from - at), Math.max(0, Math.min(plain.length, end - at + 1)))
    if (part.length) yield part
    index++
  }
  if (index !== final + 1) throw new FileUnreadable('the file is cut short')
}

async function* sealChunks(dataKey: Buffer, context: string, bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  const prefix = randomBytes(PREFIX)
  yield Buffer.concat([Buffer.from([VERSION]), prefix])
  let index = 0
  let held: Buffer | undefined
  for await (const piece of inPieces(bytes, CHUNK)) {
    if (held) yield sealChunk(dataKey, context, prefix, index++, false, held)
    held = piece
  }
  yield sealChunk(dataKey, context, prefix, index, true, held ?? Buffer.alloc(0))
}

function nonce(prefix: Uint8Array, index: number, last: boolean): Buffer {
  const made = Buffer.alloc(12)
  made.set(prefix)
  made.writeUInt32BE(index, PREFIX)
  made[11] = last ? 1 : 0
  return made
}

function sealChunk(
  key: Buffer,
  context: string,
  prefix: Uint8Array,
  index: number,
  last: boolean,
  plain: Buffer,
): Buffer {
  const cipher = createCipheriv('aes-256-gcm', key, nonce(prefix, index, last))
  cipher.setAAD(Buffer.from(`panelkeeper/file/${VERSION}/${context}`))
  return Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()])
}

function openChunk(
  key: Buffer,
  context: string,
  prefix: Uint8Array,
  index: number,
  last: boolean,
  sealed: Buffer,
): Buffer {
  if (sealed.length < TAG) throw new FileUnreadable('the file is cut short')
  const decipher = createDecipheriv('aes-256-gcm', key, nonce(prefix, index, last))
  decipher.setAAD(Buffer.from(`panelkeeper/file/${VERSION}/${context}`))
  decipher.setAuthTag(sealed.subarray(sealed.length - TAG))
  try {
    return Buffer.concat([decipher.update(sealed.subarray(0, sealed.length - TAG)), decipher.final()])
  } catch {
    throw new FileUnreadable('the file was changed, or the key is another')
  }
}

/** The same bytes in pieces of one size; the last may be shorter. */
async function* inPieces(bytes: AsyncIterable<Uint8Array>, size: number): AsyncGenerator<Buffer> {
  let held: Buffer[] = []
  let length = 0
  for await (const chunk of bytes) {
    held.push(Buffer.from(chunk))
    length += chunk.length
    if (length < size) continue
    const joined = Buffer.concat(held)
    let at = 0
    for (; joined.length - at >= size; at += size) yield joined.subarray(at, at + size)
    held = [joined.subarray(at)]
    length = joined.length - at
  }
  if (length) yield Buffer.concat(held)
}

async function all(bytes: Promise<AsyncIterable<Uint8Array>>): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  for await (const chunk of await bytes) chunks.push(chunk)
  return Buffer.concat(chunks)
}
