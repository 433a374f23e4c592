import type { Kind } from '../notice/datamap.ts'

/** What the key store holds of one dossier. It is kept apart from the main database, and its word wins. */
export interface KeyRecord {
  id: string
  kind: Kind
  /** `tombstone`: dead; its keys are gone or about to go. */
  state: 'alive' | 'tombstone'
  expiresOn: string
  held: boolean
  restricted: boolean
  master: string
  wrapped: Buffer | null
  wrappedSpecial: Buffer | null
  /** Keyed hash of the e-mail address; gone with the key. */
  emailHash: Buffer | null
  bornAt: string
  diedAt: string | null
}

export interface KeyStore {
  insert(records: KeyRecord[]): Promise<void>
  read(ids: readonly string[]): Promise<Map<string, KeyRecord>>
  findByEmailHash(hash: Buffer): Promise<string[]>
  setEmailHashes(all: readonly { id: string; hash: Buffer | null }[]): Promise<void>
  setExpiry(ids: readonly string[], expiresOn: string): Promise<void>
  setHeld(id: string, held: boolean): Promise<void>
  setRestricted(id: string, restricted: boolean): Promise<void>
  /** Living dossiers without a hold whose date has come by `today`, a page at a time. */
  expired(today: string, limit: number): Promise<{ id: string; kind: Kind }[]>
  /** First step of death: nothing opens these dossiers any more. Safe to repeat. */
  tombstone(ids: readonly string[], at: Date): Promise<void>
  /**
   * The sweep's first step, in one piece: of these, the living without a hold whose date has come by `today`. A hold or a
   * later date that came since they were listed wins. Returns those that died.
   */
  tombstoneDue(ids: readonly string[], today: string, at: Date): Promise<string[]>
  /** Second step: the keys and the e-mail hash are overwritten. Safe to repeat. */
  destroyKeys(ids: readonly string[]): Promise<void>
  /** Every record after `after` in the order of ids, a page at a time. */
  page(after: string, limit: number): Promise<KeyRecord[]>
  /** Wraps a record's keys anew under another master. */
  rewrap(record: Pick<KeyRecord, 'id' | 'master' | 'wrapped' | 'wrappedSpecial'>): Promise<void>
  counts(today: string): Promise<{ alive: number; tombstones: number; overdue: number }>
  /** Small secrets of the service itself, wrapped. */
  secret(name: string): Promise<{ wrapped: Buffer; master: string } | undefined>
  putSecret(name: string, wrapped: Buffer, master: string): Promise<void>
  secretNames(): Promise<string[]>
  check(): Promise<void>
  close(): Promise<void>
}
