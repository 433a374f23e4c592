import type { Tx } from '#src/platform/database/database.ts'
import type { Actor } from '../notice/actor.ts'
import type { Field, FieldFor, Kind, SpecialField } from '../notice/datamap.ts'
import type { Purpose } from '../notice/purposes.ts'
import type { Population } from '../tally/population.ts'
import type { Table } from '../tally/table.ts'
import type { Release } from '../tally/tally.ts'
import type { DataKeys } from './keys.ts'
import type { KeyRecord } from './keystore.ts'
import type { Special } from './special.ts'

/** Purposes that a person's values may be opened for; counting groups and storing never open anyone. */
export type OpeningPurpose = Exclude<Purpose, 'representativeness' | 'store'>

/** A literal purpose passes; a union of purposes does not, since the fields of one are not those of the other. */
type One<P> = P extends unknown ? ([Exclude<OpeningPurpose, P>] extends [never] ? never : P) : never
type IsUnion<T, U = T> = T extends unknown ? ([U] extends [T] ? false : true) : never
type Literal<P> = IsUnion<P> extends false ? One<P> : never

export interface Ask<K extends Kind, P extends OpeningPurpose, F extends Field<K>> {
  by: Actor
  for: P & Literal<P>
  fields: readonly F[]
  /** The dossiers that the calling room has found the actor to be related to, where the purpose needs that. */
  related?: readonly string[]
}

/** The opened values of one dossier. A field that holds nothing is absent; a special one must be asked to show itself. */
export type Opened<K extends Kind, F extends Field<K>> = { id: string } & {
  [G in F]?: G extends SpecialField<K> ? Special : string
}

/** Which values are put into a dossier, by field; undefined takes one out. */
export type Values<K extends Kind> = { [F in Field<K>]?: string | undefined }

export interface Vault {
  /** Opens a new dossier: key first, then its row in the caller's transaction. Returns its id. */
  begin(tx: Tx, by: Actor, kind: Kind, expiresOn: string): Promise<string>
  /** Opens many new dossiers of one kind. */
  beginMany(tx: Tx, by: Actor, kind: Kind, expiresOn: string, count: number): Promise<string[]>
  /** Seals values into a dossier, in place of what the fields held. An undefined value takes the field out. */
  put<K extends Kind>(tx: Tx, by: Actor, kind: K, id: string, values: Values<K>): Promise<void>
  putMany<K extends Kind>(tx: Tx, by: Actor, kind: K, all: { id: string; values: Values<K> }[]): Promise<void>
  /**
   * Opens fields of dossiers for one purpose, in the order asked. What is dead, past its date, restricted or gone is
   * left out. One ledger entry with the count, and one erasable row per dossier.
   */
  open<K extends Kind, const P extends OpeningPurpose, const F extends FieldFor<K, P> & Field<K>>(
    tx: Tx,
    kind: K,
    ask: Ask<K, P, F>,
    ids: readonly string[],
  ): Promise<Opened<K, F>[]>
  /** Looks through sealed values without showing them: one ledger entry for the search. Returns the ids that match. */
  search<K extends Kind, const P extends OpeningPurpose, const F extends FieldFor<K, P> & Field<K>>(
    tx: Tx,
    kind: K,
    ask: Ask<K, P, F>,
    ids: readonly string[],
    matches: (opened: Opened<K, F>) => boolean,
  ): Promise<string[]>
  /**
   * Counts a frozen population by a declared table: what may be shown of it, and nobody opened. Restricted and dead
   * records are not counted. Throws TooClose when the counts would tell of a few people.
   */
  tally(
    tx: Tx,
    ask: { by: Actor; for: 'representativeness' },
    population: Population,
    table: Table,
    declared: readonly Table[],
  ): Promise<Release>
  /** The living dossiers that an e-mail address resolves to; several, where people share one. */
  findByEmail(email: string): Promise<string[]>
  /** The record in the key store, which decides whether a dossier lives. */
  record(id: string): Promise<KeyRecord | undefined>
  /** The data keys of a living dossier, for sealing its files. */
  keysOf(id: string): Promise<DataKeys | undefined>
  /** A secret of the service itself. */
  secret(name: string): Promise<Buffer>
  /** Moves the date on which dossiers end: in the key store, in the rows, and in the ledger. */
  moveExpiry(tx: Tx, by: Actor, ids: readonly string[], expiresOn: string, why: string): Promise<void>
}
