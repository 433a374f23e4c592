import type { Tx } from '#src/platform/database/database.ts'
import type { House } from '../house.ts'
import type { Actor } from '../notice/actor.ts'

/** A register as a table: made anew each time from the data map and from what was done, so that it cannot lag behind. */
export interface Register {
  says: string
  about: string
  head: readonly string[]
  /** `by` reads what is sealed, where the register shows it; `most` is how many rows a page needs, the latest first. */
  rows: (tx: Tx, house: House, by: Actor, most?: number) => Promise<string[][]>
  /** The column by which a row is named in addresses; the first one when it is not said. */
  named?: number
}

/** Several things in one cell. */
export const list = (all: readonly string[]): string => all.join('; ')

/** The name of a row in an address: `#row-panel-name`. */
export function anchor(name: string): string {
  return `row-${name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')}`
}
