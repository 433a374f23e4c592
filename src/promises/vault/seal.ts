import { createCipheriv, createDecipheriv, createSecretKey, type KeyObject, randomBytes } from 'node:crypto'

const NONCE = 12
const TAG = 16
const VERSION = 1
/** Plain text is filled up to whole blocks of this many bytes, so that its length does not tell what it says. */
const BLOCK = 32

/** A value that does not open: another key, another place, or a changed byte. */
export class Unreadable extends Error {}

/**
 * Seals text under a 32-byte key with AES-256-GCM: version, random 96-bit nonce, cipher text, tag. `context` says
 * where it belongs (kind, field, dossier, version) and is authenticated, so that a value cannot be moved elsewhere.
 */
export function seal(key: Buffer, context: string, text: string): Buffer {
  const plain = Buffer.from(text, 'utf8')
  const padded = Buffer.alloc(Math.ceil((plain.length + 4) / BLOCK) * BLOCK)
  padded.writeUInt32BE(plain.length)
  plain.copy(padded, 4)
  return sealBytes(key, context, padded)
}

/** Opens what `seal` made. Throws Unreadable. */
export function unseal(key: Buffer, context: string, sealed: Uint8Array): string {
  const padded = unsealBytes(key, context, sealed)
  return padded.toString('utf8', 4, 4 + padded.readUInt32BE())
}

/** Seals bytes as they are: for keys, which all have one length. */
export function sealBytes(key: Buffer, context: string, plain: Uint8Array): Buffer {
  const nonce = randomBytes(NONCE)
  const cipher = createCipheriv('aes-256-gcm', prepared(key), nonce)
  cipher.setAAD(Buffer.from(`panelkeeper/${VERSION}/${context}`))
  return Buffer.concat([Buffer.from([VERSION]), nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()])
}

/** Opens what `sealBytes` made. Throws Unreadable. */
export function unsealBytes(key: Buffer, context: string, sealed: Uint8Array): Buffer {
  if (sealed.length < 1 + NONCE + TAG || sealed[0] !== VERSION) throw new Unreadable('not a sealed value')
  const decipher = createDecipheriv('aes-256-gcm', prepared(key), sealed.subarray(1, 1 + NONCE))
  decipher.setAAD(Buffer.from(`panelkeeper/${VERSION}/${context}`))
  decipher.setAuthTag(sealed.subarray(sealed.length - TAG))
  try {
    return Buffer.concat([decipher.update(sealed.subarray(1 + NONCE, sealed.length - TAG)), decipher.final()])
  } catch {
    throw new Unreadable('the key does not open this value')
  }
}

const keysPrepared = new WeakMap<Buffer, KeyObject>()

/** Preparing a key costs Node five times what a short value does, and a master opens thousands in a row. */
function prepared(key: Buffer): KeyObject {
  const known = keysPrepared.get(key)
  if (known) return known
  const made = createSecretKey(key)
  keysPrepared.set(key, made)
  return made
}
