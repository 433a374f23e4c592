import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'

/** A marker in every form in which a store may hold it: as it is, UTF-16, hex, base64 at each offset, JSON-escaped. */
export function formsOf(marker: string): { form: string; bytes: Buffer }[] {
  const plain = Buffer.from(marker, 'utf8')
  const base64 = [0, 1, 2].map(offset => {
    const shifted = Buffer.concat([Buffer.alloc(offset), plain])
    // The first and last characters also depend on what stands beside the marker: leave them out.
    const text = shifted.toString('base64').replace(/=+$/, '')
    return { form: `base64 at ${offset}`, bytes: Buffer.from(text.slice(offset ? 4 : 0, -4)) }
  })
  const escaped = [...marker].map(letter => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`).join('')
  return [
    { form: 'UTF-8', bytes: plain },
    { form: 'UTF-16LE', bytes: Buffer.from(marker, 'utf16le') },
    { form: 'hex', bytes: Buffer.from(plain.toString('hex')) },
    { form: 'HEX', bytes: Buffer.from(plain.toString('hex').toUpperCase()) },
    ...base64,
    { form: 'JSON-escaped', bytes: Buffer.from(escaped) },
  ]
}

/** Every file below these places, gunzipped where it is a gzip, that holds a marker in any form. */
export function scan(
  places: readonly string[],
  markers: readonly string[],
  isAllowed: (path: string) => boolean = () => false,
): string[] {
  const needles = markers.flatMap(marker => formsOf(marker).map(form => ({ marker, ...form })))
  return places.flatMap(filesBelow).flatMap(path => {
    if (isAllowed(path)) return []
    const bytes = contents(path)
    return needles
      .filter(needle => bytes.includes(needle.bytes))
      .map(needle => `${path}: ${needle.marker} as ${needle.form}`)
  })
}

function filesBelow(path: string): string[] {
  try {
    if (!statSync(path).isDirectory()) return [path]
    return readdirSync(path).flatMap(name => filesBelow(join(path, name)))
  } catch {
    return [] // gone since it was listed
  }
}

function contents(path: string): Buffer {
  try {
    const bytes = readFileSync(path)
    return bytes[0] === 0x1f && bytes[1] === 0x8b ? Buffer.concat([bytes, gunzipSync(bytes)]) : bytes
  } catch {
    return Buffer.alloc(0) // a socket, or gone since it was listed
  }
}
