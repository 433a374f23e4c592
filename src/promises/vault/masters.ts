import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { z } from 'zod'
import { sealBytes, unsealBytes } from './seal.ts'

const file = z.object({
  current: z.string(),
  demo: z.boolean().default(false),
  keys: z.record(z.string(), z.string().regex(/^[A-Za-z0-9+/]{43}=$/)),
})

/** The master keys, which wrap every dossier's keys. They are kept in a file apart from both databases. */
export interface Masters {
  /** True when the file was made by the demo, which live mode refuses. */
  demo: boolean
  currentId(): string
  wrap(context: string, key: Buffer): { wrapped: Buffer; master: string }
  unwrap(context: string, wrapped: Uint8Array, master: string): Buffer
  /** Adds a new master and makes it the current one. Older ones go on opening until they are dropped. */
  rotate(now: Date): string
  drop(id: string): void
  ids(): string[]
}

/** The master key file is missing or cannot be read; the message says how to mend it. */
export class MasterKeyError extends Error {}

/** Makes a master key file that only its owner can read; refuses to overwrite one. */
export function makeMasters(path: string, now: Date, { demo = false } = {}): void {
  if (existsSync(path)) throw new MasterKeyError(`${path} exists already: a master key file is never overwritten.`)
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  const id = nameOf(now)
  save(path, { current: id, demo, keys: { [id]: randomBytes(32).toString('base64') } })
}

/** Reads the master keys. The file is read again when a key is wanted that another process has just added. */
export function openMasters(path: string): Masters {
  let held = load(path)
  const opened = new Map<string, Buffer>()
  const keyOf = (id: string): Buffer => {
    if (!(id in held.keys)) held = load(path)
    const key = held.keys[id]
    if (!key) throw new MasterKeyError(`Master key ${id} is not in ${path}: put back the file that holds it.`)
    const known = opened.get(key) ?? Buffer.from(key, 'base64')
    opened.set(key, known)
    return known
  }
  return {
    demo: held.demo,
    currentId: () => held.current,
    ids: () => Object.keys(held.keys),
    wrap: (context, key) => ({ wrapped: sealBytes(keyOf(held.current), context, key), master: held.current }),
    unwrap: (context, wrapped, master) => unsealBytes(keyOf(master), context, wrapped),
    rotate: now => {
      held = load(path)
      const base = nameOf(now)
      const id = base in held.keys ? `${base}-${Object.keys(held.keys).length}` : base
      held = { ...held, current: id, keys: { ...held.keys, [id]: randomBytes(32).toString('base64') } }
      save(path, held)
      return id
    },
    drop: id => {
      opened.clear()
      held = load(path)
      if (held.current === id) throw new MasterKeyError(`Master key ${id} is in use: rotate before dropping it.`)
      held = { ...held, keys: Object.fromEntries(Object.entries(held.keys).filter(([name]) => name !== id)) }
      save(path, held)
    },
  }
}

function nameOf(now: Date): string {
  return now.toISOString().slice(0, 10)
}

function load(path: string): z.output<typeof file> {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch {
    throw new MasterKeyError(`The master key file ${path} cannot be read. Make one with: ./panel keys make ${path}`)
  }
  const parsed = file.safeParse(json(text))
  if (!parsed.success || !(parsed.data.current in parsed.data.keys))
    throw new MasterKeyError(`${path} is not a master key file: put back the one that ./panel keys make wrote.`)
  return parsed.data
}

function json(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function save(path: string, content: z.output<typeof file>): void {
  const next = `${path}.next`
  writeFileSync(next, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600, flush: true })
  renameSync(next, path)
}
