import { crc32 } from 'node:zlib'
import { central, dosDate, dosTime, end, local, number, utf8 } from './zip.ts'

export interface StreamedPart {
  name: string
  bytes: Iterable<Buffer> | AsyncIterable<Buffer>
}

const descriptor = 0x08074b50
/** The size and fingerprint of a part follow it (APPNOTE.TXT 6.3.10, bit 3): they are known only then. */
const follows = 0x0008
const most = 0xffff_ffff

/** Parts in one ZIP file, stored as they are and written as they are read: memory stays flat. Up to 4 GB in all. */
export async function* zipStream(parts: AsyncIterable<StreamedPart>, at: Date): AsyncGenerator<Buffer> {
  const directory: Buffer[] = []
  let offset = 0
  for await (const { name, bytes } of parts) {
    const title = Buffer.from(name)
    const common = Buffer.alloc(26)
    common.writeUInt16LE(20, 0)
    common.writeUInt16LE(utf8 | follows, 2)
    common.writeUInt16LE(dosTime(at), 6)
    common.writeUInt16LE(dosDate(at), 8)
    common.writeUInt16LE(title.length, 22)
    yield Buffer.concat([number(local), common, title])
    let [sum, size] = [0, 0]
    for await (const piece of bytes) {
      sum = crc32(piece, sum)
      size += piece.length
      yield piece
    }
    if (offset + size > most) throw new Error('The files are larger than a ZIP file may be (4 GB).')
    yield Buffer.concat([number(descriptor), number(sum), number(size), number(size)])
    common.writeUInt32LE(sum, 10)
    common.writeUInt32LE(size, 14)
    common.writeUInt32LE(size, 18)
    const entry = Buffer.alloc(14)
    entry.writeUInt32LE(offset, 10)
    directory.push(Buffer.concat([number(central), Buffer.from([20, 0]), common, entry, title]))
    offset += 30 + title.length + size + 16
  }
  const list = Buffer.concat(directory)
  const tail = Buffer.alloc(18)
  tail.writeUInt16LE(directory.length, 4)
  tail.writeUInt16LE(directory.length, 6)
  tail.writeUInt32LE(list.length, 8)
  tail.writeUInt32LE(offset, 12)
  yield Buffer.concat([list, number(end), tail])
}
