import { createReadStream, createWriteStream } from 'node:fs'
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3'

/** Where sealed files lie. A key is `dossier/name`; what is in a file is sealed before it gets here. */
export interface FileStore {
  put(key: string, bytes: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<void>
  /** The bytes from `from` up to and including `to`. */
  get(key: string, from: number, to: number): Promise<AsyncIterable<Uint8Array>>
  size(key: string): Promise<number | undefined>
  remove(key: string): Promise<void>
  /** The keys that begin with a prefix; every key when it is empty. */
  list(prefix: string): Promise<string[]>
}

/** Files in a folder of this machine: written beside, flushed, then moved into place. */
export function diskFiles(root: string): FileStore {
  const pathOf = (key: string) => join(root, ...checked(key).split('/'))
  return {
    put: async (key, bytes) => {
      const path = pathOf(key)
      await mkdir(dirname(path), { recursive: true, mode: 0o700 })
      const part = `${path}.part`
      try {
        await pipeline(bytes, createWriteStream(part, { mode: 0o600, flush: true }))
        await rename(part, path)
        const folder = await open(dirname(path))
        await folder.sync()
        await folder.close()
      } catch (error) {
        await rm(part, { force: true })
        throw error
      }
    },
    get: async (key, from, to) => createReadStream(pathOf(key), { start: from, end: to }),
    size: key =>
      stat(pathOf(key)).then(
        found => found.size,
        () => undefined,
      ),
    remove: key => rm(pathOf(key), { force: true }),
    list: async prefix => {
      const start = prefix === '' ? '' : checked(prefix).replace(/\/?$/, '/')
      const found = await readdir(join(root, start), { recursive: true, withFileTypes: true }).catch(() => [])
      return found
        .filter(one => one.isFile() && !one.name.endsWith('.part'))
        .map(one => join(one.parentPath, one.name).slice(root.length + 1))
    },
  }
}

/** Files in an S3-compatible store: `https://KEY:SECRET@host/bucket`. */
export function s3Files(address: string): FileStore {
  const url = new URL(address)
  const bucket = url.pathname.slice(1)
  const client = new S3Client({
    endpoint: `${url.protocol === 's3:' ? 'https:' : url.protocol}//${url.host}`,
    region: url.searchParams.get('region') ?? 'eu-west-2',
    credentials: { accessKeyId: decodeURIComponent(url.username), secretAccessKey: decodeURIComponent(url.password) },
    forcePathStyle: true,
    requestChecksumCalculation: 'WHEN_REQUIRED',
  })
  return {
    put: (key, bytes) => upload(client, { Bucket: bucket, Key: checked(key) }, bytes),
    get: async (key, from, to) => {
      const found = await client.send(
        new GetObjectCommand({ Bucket: bucket, Key: checked(key), Range: `bytes=${from}-${to}` }),
      )
      if (!(found.Body instanceof Readable)) throw new Error('The file store gave no bytes.')
      return found.Body
    },
    size: async key => {
      try {
        const head = await client.send(new HeadObjectCommand({ Bucket: bucket, Key: checked(key) }))
        return head.ContentLength
      } catch (error) {
        if (error instanceof Error && error.name === 'NotFound') return undefined
        throw error
      }
    },
    remove: async key => void (await client.send(new DeleteObjectCommand({ Bucket: bucket, Key: checked(key) }))),
    list: async prefix => {
      const keys: string[] = []
      let next: string | undefined
      do {
        const page = await client.send(
          new ListObjectsV2Command({
            Bucket: bucket,
            Prefix: prefix === '' ? prefix : checked(prefix),
            ContinuationToken: next,
          }),
        )
        keys.push(...(page.Contents ?? []).flatMap(found => found.Key ?? []))
        next = page.NextContinuationToken
      } while (next)
      return keys
    },
  }
}

/** Bytes in memory at a time; S3 takes no smaller part than 5 MiB, the last one apart. */
const PART = 8 * 1024 * 1024

/** Sends a file in parts as it comes, so that a long recording needs no more memory than one part. */
async function upload(
  client: S3Client,
  at: { Bucket: string; Key: string },
  bytes: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): Promise<void> {
  let waiting: Uint8Array[] = []
  let held = 0
  let id: string | undefined
  const parts: { ETag: string | undefined; PartNumber: number }[] = []
  const sendPart = async () => {
    id ??= (await client.send(new CreateMultipartUploadCommand(at))).UploadId
    const PartNumber = parts.length + 1
    const sent = await client.send(
      new UploadPartCommand({ ...at, UploadId: id, PartNumber, Body: Buffer.concat(waiting) }),
    )
    parts.push({ ETag: sent.ETag, PartNumber })
    waiting = []
    held = 0
  }
  try {
    for await (const chunk of bytes) {
      waiting.push(chunk)
      held += chunk.length
      if (held >= PART) await sendPart()
    }
    if (!id) return void (await client.send(new PutObjectCommand({ ...at, Body: Buffer.concat(waiting) })))
    if (held) await sendPart()
    await client.send(new CompleteMultipartUploadCommand({ ...at, UploadId: id, MultipartUpload: { Parts: parts } }))
  } catch (error) {
    if (id) await client.send(new AbortMultipartUploadCommand({ ...at, UploadId: id })).catch(() => undefined)
    throw error
  }
}

function checked(key: string): string {
  if (!/^[\w-]+(\/[\w.-]+)*\/?$/.test(key) || key.includes('..')) throw new Error('A file key is made of ids alone.')
  return key
}
