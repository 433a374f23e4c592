import type { Clock } from '#src/platform/clock.ts'
import type { Db, Tx } from '#src/platform/database/database.ts'
import type { Recipient } from '../notice/datamap.ts'
import type { KeyStore } from '../vault/keystore.ts'

/** What erasure reaches: the database, the key store, the files, and whoever else was given the data. */
export interface Reach {
  db: Db
  keys: KeyStore
  clock: Clock
  /** Removes every file of a dossier. */
  removeFiles(id: string): Promise<void>
  /** Done each night before anything ends: what may be counted of those who end. */
  beforeEnd?(): Promise<void>
  /** What processors hold of these dossiers; asked just before their rows go. */
  heldElsewhere?(tx: Tx, ids: readonly string[]): Promise<Elsewhere[]>
  /** Told between any two steps; a test stops the process here. */
  step?(name: 'tombstone' | 'keys' | 'files' | 'rows'): void
}

/** What one processor holds of one dossier, by ids of its own that mean nothing elsewhere. */
export interface Elsewhere {
  dossier: string
  processor: Recipient
  handles: string[]
}
