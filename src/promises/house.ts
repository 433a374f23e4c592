import type { Clock } from '#src/platform/clock.ts'
import type { Config } from '#src/platform/config.ts'
import { type Database, type Db, type Tx, transaction } from '#src/platform/database/database.ts'
import type { FileStore } from '#src/platform/files/store.ts'
import type { Mailer } from '#src/platform/mail/mailer.ts'
import type { Actor } from './notice/actor.ts'
import type { Purpose } from './notice/purposes.ts'
import type { Reach } from './retention/reach.ts'
import type { KeyStore } from './vault/keystore.ts'
import type { Masters } from './vault/masters.ts'
import type { Vault } from './vault/vault.ts'

/** What every room stands on. */
export interface House {
  config: Config
  clock: Clock
  database: Database
  db: Db
  keys: KeyStore
  masters: Masters
  vault: Vault
  /** Sealed files: `dossier/name`. */
  files: FileStore
  mailer: Mailer
  /** What erasure reaches. */
  reach: Reach
}

/** Runs `work` in one transaction, by one actor, for one purpose of the notice; everything in it happens, or nothing. */
export function within<T>(
  house: Pick<House, 'db'>,
  scope: { by: Actor; for: Purpose },
  work: (tx: Tx) => Promise<T>,
): Promise<T> {
  return transaction(house.db, { actor: scope.by.id, purpose: scope.for }, work)
}
