declare module '#src/platform/database/tables.ts' {
  interface Tables {
    application_export: {
      id: string
      round_id: string
      purpose: string
      contact: boolean
      asked_by: string
      asked_at: Date
      decision: 'approved' | 'refused' | null
      decided_by: string | null
      decided_at: Date | null
      taken_at: Date | null
    }
  }
}
