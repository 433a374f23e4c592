import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { Readable } from 'node:stream'
import { createGunzip, createGzip } from 'node:zlib'
import { openSealed, putSealed } from '#src/platform/files/sealed.ts'
import { diskFiles } from '#src/platform/files/store.ts'

/** Writes lines into one sealed, compressed file below `dir`; returns its fingerprint. Memory stays flat. */
export async function writeArchive(
  dir: string,
  name: string,
  key: Buffer,
  lines: AsyncIterable<string>,
): Promise<string> {
  const pressed = Readable.from(withEnds(lines)).pipe(createGzip({ level: 6 }))
  await putSealed(diskFiles(dir), name, key, `backup/${name}`, pressed)
  return fingerprintOf(dir, name)
}

/** Reads the lines back. Throws FileUnreadable when the key is another, or a byte was changed. */
export async function* readArchive(dir: string, name: string, key: Buffer): AsyncGenerator<string> {
  const sealed = Readable.from(openSealed(diskFiles(dir), name, key, `backup/${name}`))
  const plain = createGunzip()
  sealed.on('error', error => plain.destroy(error))
  sealed.pipe(plain)
  yield* createInterface({ input: plain, crlfDelay: Number.POSITIVE_INFINITY })
}

/** SHA-256 of a file as it lies there. */
export async function fingerprintOf(dir: string, name: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(`${dir}/${name}`)) hash.update(chunk)
  return hash.digest('hex')
}

async function* withEnds(lines: AsyncIterable<string>): AsyncGenerator<string> {
  for await (const line of lines) yield `${line}\n`
}
