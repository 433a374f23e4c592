import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import fc from 'fast-check'
import { FileUnreadable, openSealed, putSealed } from './sealed.ts'
import { diskFiles, type FileStore, s3Files } from './store.ts'

const dir = mkdtempSync(join(tmpdir(), 'files-'))
const disk = diskFiles(dir)
const key = randomBytes(32)

async function* inChunks(bytes: Buffer, size: number) {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

async function opened(store: FileStore, name: string, from?: number, to?: number, context = 'a'): Promise<Buffer> {
  const parts: Buffer[] = []
  for await (const part of openSealed(store, name, key, context, from, to)) parts.push(part)
  return Buffer.concat(parts)
}

test('any part of a sealed file opens as it was, whatever its length', async () => {
  const sizes = fc.constantFrom(0, 1, 65_535, 65_536, 65_537, 200_000)
  await fc.assert(
    fc.asyncProperty(
      sizes,
      fc.nat(210_000),
      fc.nat(70_000),
      fc.integer({ min: 1, max: 90_000 }),
      async (size, from, length, chunk) => {
        const plain = randomBytes(size)
        await putSealed(disk, 'd1/file', key, 'a', inChunks(plain, chunk))
        assert.deepEqual(await opened(disk, 'd1/file'), plain)
        assert.deepEqual(await opened(disk, 'd1/file', from, from + length), plain.subarray(from, from + length + 1))
      },
    ),
    { numRuns: 40 },
  )
})

test('a file that was cut, changed, moved or sealed for another is refused', async () => {
  const plain = randomBytes(200_000)
  const path = join(dir, 'd2', 'file')
  const attempts: [string, (sealed: Buffer) => void][] = [
    ['cut at a chunk', () => truncateSync(path, 8 + 2 * (65_536 + 16))],
    ['one bit', sealed => writeFileSync(path, sealed.with(70_000, (sealed[70_000] ?? 0) ^ 1))],
    [
      'two chunks swapped',
      sealed => {
        const whole = 65_536 + 16
        const one = sealed.subarray(8, 8 + whole)
        const two = sealed.subarray(8 + whole, 8 + 2 * whole)
        writeFileSync(path, Buffer.concat([sealed.subarray(0, 8), two, one, sealed.subarray(8 + 2 * whole)]))
      },
    ],
  ]
  for (const [what, spoil] of attempts) {
    await putSealed(disk, 'd2/file', key, 'a', inChunks(plain, 50_000))
    spoil(readFileSync(path))
    await assert.rejects(opened(disk, 'd2/file'), FileUnreadable, what)
  }
  await putSealed(disk, 'd2/file', key, 'a', inChunks(plain, 50_000))
  await assert.rejects(opened(disk, 'd2/file', 0, 10, 'b'), FileUnreadable)
})

test('a key that is not made of ids is refused', async () => {
  await assert.rejects(async () => disk.remove('../etc/passwd'))
})

test('the same on an S3-compatible store', async () => {
  const objects = new Map<string, Buffer>()
  const uploads = new Map<string, Buffer[]>()
  let largest = 0
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://s3')
    const name = url.pathname.replace('/bucket/', '').replace('/bucket', '')
    const parts: Buffer[] = []
    request.on('data', part => parts.push(part))
    request.on('end', () => {
      const object = objects.get(name)
      const upload = url.searchParams.get('uploadId')
      largest = Math.max(largest, Buffer.concat(parts).length)
      if (url.searchParams.has('uploads')) {
        uploads.set(name, [])
        return response.end('<InitiateMultipartUploadResult><UploadId>one</UploadId></InitiateMultipartUploadResult>')
      }
      if (upload && request.method === 'PUT') {
        ;(uploads.get(name) ?? [])[Number(url.searchParams.get('partNumber')) - 1] = Buffer.concat(parts)
        response.setHeader('etag', '"part"')
      } else if (upload && request.method === 'POST') {
        objects.set(name, Buffer.concat(uploads.get(name) ?? []))
        uploads.delete(name)
        return response.end('<CompleteMultipartUploadResult></CompleteMultipartUploadResult>')
      } else if (upload) uploads.delete(name)
      else if (request.method === 'PUT') objects.set(name, Buffer.concat(parts))
      else if (request.method === 'DELETE') objects.delete(name)
      else if (url.searchParams.has('list-type')) {
        const prefix = url.searchParams.get('prefix') ?? ''
        const keys = [...objects.keys()].filter(one => one.startsWith(prefix))
        return response.end(
          `<ListBucketResult>${keys.map(one => `<Contents><Key>${one}</Key></Contents>`).join('')}</ListBucketResult>`,
        )
      } else if (!object) return response.writeHead(404).end()
      else {
        const range = /bytes=(\d+)-(\d+)/.exec(request.headers.range ?? '')
        const body = range ? object.subarray(Number(range[1]), Number(range[2]) + 1) : object
        response.setHeader('content-length', body.length)
        return response.writeHead(range ? 206 : 200).end(request.method === 'HEAD' ? undefined : body)
      }
      response.writeHead(request.method === 'DELETE' ? 204 : 200).end()
    })
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  after(() => server.close())
  const store = s3Files(`http://key:secret@127.0.0.1:${(server.address() as AddressInfo).port}/bucket`)
  const plain = randomBytes(150_000)
  await putSealed(store, 'd3/letter', key, 'a', inChunks(plain, 40_000))
  assert.deepEqual(await opened(store, 'd3/letter', 65_000, 66_000), plain.subarray(65_000, 66_001))
  assert.deepEqual(await store.list('d3/'), ['d3/letter'])
  await store.remove('d3/letter')
  assert.equal(await store.size('d3/letter'), undefined)
  const long = randomBytes(20 * 1024 * 1024)
  await putSealed(store, 'd4/recording', key, 'a', inChunks(long, 300_000))
  assert.deepEqual(await opened(store, 'd4/recording'), long)
  assert.ok(largest < 10 * 1024 * 1024, 'a long file goes in parts')
  const breaksOff = async function* () {
    yield long
    throw new Error('the sender stopped')
  }
  await assert.rejects(putSealed(store, 'd5/recording', key, 'a', breaksOff()), /the sender stopped/)
  assert.equal(await store.size('d5/recording'), undefined)
  assert.equal(uploads.size, 0)
})
