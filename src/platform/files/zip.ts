import { crc32 } from 'node:zlib'

export interface Part {
  name: string
  bytes: Buffer
}

export const local = 0x04034b50
export const central = 0x02014b50
export const end = 0x06054b50
/** Names are UTF-8. */
export const utf8 = 0x0800

/**
 * Parts in one ZIP file, stored as they are (APPNOTE.TXT 6.3.10, method 0): anyone opens it without a program of ours.
 * `at` is written as the time of each part, in UTC.
 */
export function zip(parts: readonly Part[], at: Date): Buffer {
  const bodies: Buffer[] = []
  const directory: Buffer[] = []
  let offset = 0
  for (const { name, bytes } of parts) {
    const title = Buffer.from(name)
    const common = Buffer.alloc(26)
    common.writeUInt16LE(20, 0)
    common.writeUInt16LE(utf8, 2)
    common.writeUInt16LE(dosTime(at), 6)
    common.writeUInt16LE(dosDate(at), 8)
    common.writeUInt32LE(crc32(bytes), 10)
    common.writeUInt32LE(bytes.length, 14)
    common.writeUInt32LE(bytes.length, 18)
    common.writeUInt16LE(title.length, 22)
    const head = Buffer.concat([number(local), common, title, bytes])
    const entry = Buffer.alloc(14)
    entry.writeUInt32LE(offset, 10)
    directory.push(Buffer.concat([number(central), Buffer.from([20, 0]), common, entry, title]))
    bodies.push(head)
    offset += head.length
  }
  const list = Buffer.concat(directory)
  const tail = Buffer.alloc(18)
  tail.writeUInt16LE(parts.length, 4)
  tail.writeUInt16LE(parts.length, 6)
  tail.writeUInt32LE(list.length, 8)
  tail.writeUInt32LE(offset, 12)
  return Buffer.concat([...bodies, list, number(end), tail])
}

/** The parts of a ZIP file that `zip` made; undefined when it is not one, or is cut short. */
export function unzip(file: Buffer): Part[] | undefined {
  const parts: Part[] = []
  let at = 0
  while (at + 30 <= file.length && file.readUInt32LE(at) === local) {
    const [method, size, titleLength, extra] = [
      file.readUInt16LE(at + 8),
      file.readUInt32LE(at + 18),
      file.readUInt16LE(at + 26),
      file.readUInt16LE(at + 28),
    ]
    const from = at + 30 + titleLength + extra
    if (method !== 0 || from + size > file.length) return undefined
    parts.push({ name: file.toString('utf8', at + 30, at + 30 + titleLength), bytes: file.subarray(from, from + size) })
    at = from + size
  }
  return parts.length && at + 4 <= file.length && file.readUInt32LE(at) === central ? parts : undefined
}

export function number(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value)
  return bytes
}

export function dosTime(at: Date): number {
  return (at.getUTCHours() << 11) | (at.getUTCMinutes() << 5) | (at.getUTCSeconds() >> 1)
}

export function dosDate(at: Date): number {
  return ((at.getUTCFullYear() - 1980) << 9) | ((at.getUTCMonth() + 1) << 5) | at.getUTCDate()
}
