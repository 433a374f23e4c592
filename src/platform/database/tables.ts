/**
 * The rows of every table. Each room adds its own tables beside its SQL:
 * `declare module '#src/platform/database/tables.ts' { interface Tables { round: RoundRow } }`.
 * A test compares this with the real tables.
 */
export interface Tables {
  migration: { number: string; name: string; sha256: string; applied_at: Date }
}
