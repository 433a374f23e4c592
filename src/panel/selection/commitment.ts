import { createHash } from 'node:crypto'
import type { Selection } from './result.ts'

/** SHA-256, as 64 hexadecimal digits. */
export function digest(text: string | Uint8Array): string {
  return createHash('sha256').update(text).digest('hex')
}

/** Commits to everything the draw will use, before the seed is known: salt, people by type, and the lottery. */
export function commit(selection: Pick<Selection, 'size' | 'types' | 'lottery'>, salt: string): string {
  const { size, types, lottery } = selection
  return digest(JSON.stringify([salt, size, types.map(type => type.people), lottery]))
}
