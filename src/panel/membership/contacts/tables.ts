declare module '#src/platform/database/tables.ts' {
  interface Tables {
    contact_entry: {
      id: string
      dossier_id: string
      made_at: Date
      made_by: string
      due_on: string | null
      owner: string | null
      done_at: Date | null
    }
  }
}
