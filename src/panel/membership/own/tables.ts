export type Matter = 'adjustments' | 'preferences' | 'equality'

declare module '#src/platform/database/tables.ts' {
  interface Tables {
    own_check: { dossier_id: string; matter: Matter; at: Date }
  }
}
