declare module '#src/platform/database/tables.ts' {
  interface Tables {
    removal: {
      id: string
      dossier_id: string
      proposed_at: Date
      proposed_by: string
      notice_until: string
      state: 'proposed' | 'confirmed' | 'dropped'
      ended_at: Date | null
      ended_by: string | null
    }
  }
}
