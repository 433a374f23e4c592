import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { PublishedDraw } from './publish.ts'
import type { Found } from './select.ts'

/** The salt kept beside what is published, made the first time; committing and drawing later must use the same. */
export function keptSalt(folder: string): string {
  const path = join(folder, 'kept', 'salt.txt')
  if (existsSync(path)) return readFileSync(path, 'utf8').trim()
  mkdirSync(join(folder, 'kept'), { recursive: true, mode: 0o700 })
  const salt = randomBytes(16).toString('hex')
  writeFileSync(path, `${salt}\n`, { mode: 0o600 })
  return salt
}

/** Writes lottery and commitment for the public, and tickets for the officer alone; refuses where another commitment stands. */
export function publishLottery(folder: string, { prepared }: Found): boolean {
  const published = join(folder, 'published')
  mkdirSync(published, { recursive: true })
  const before = join(published, 'commitment.txt')
  if (existsSync(before) && readFileSync(before, 'utf8').trim() !== prepared.commitment) return false
  writeFileSync(join(published, 'lottery.json'), prepared.text)
  writeFileSync(before, `${prepared.commitment}\n`)
  const { ids } = prepared.problem.pool
  const rows = ids.map((id, person) => `"${id.replaceAll('"', '""')}",${prepared.tickets[person]}`)
  writeFileSync(join(folder, 'kept', 'tickets.csv'), `id,ticket\n${rows.join('\n')}\n`, { mode: 0o600 })
  return true
}

/** Writes the draw for the public: seed, salt and tickets. */
export function publishDraw(folder: string, draw: PublishedDraw) {
  writeFileSync(join(folder, 'published', 'draw.json'), `${JSON.stringify(draw)}\n`)
}

/** The files that were published, as text. */
export type Published = { lottery: string; commitment: string; draw: string }

/** Reads what was published, from the folder that the draw was written to or from the published folder alone. */
export function publishedIn(folder: string): Published {
  const inner = join(folder, 'published')
  const read = (name: string) => readFileSync(join(existsSync(inner) ? inner : folder, name), 'utf8')
  return { lottery: read('lottery.json'), commitment: read('commitment.txt'), draw: read('draw.json') }
}
