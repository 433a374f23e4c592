declare module '#src/platform/database/tables.ts' {
  interface Tables {
    offer_batch: {
      id: string
      round_id: string
      how: 'draw' | 'hand'
      state: 'proposed' | 'waiting' | 'sent' | 'stopped' | 'stuck'
      asked_by: string
      asked_at: Date
      confirmed_by: string | null
      goes_at: Date | null
      ended_by: string | null
      ended_at: Date | null
    }
    offer_batch_person: { batch_id: string; dossier_id: string; position: number }
    offer_try: {
      id: string
      offer_id: string
      dossier_id: string
      way: 'phone' | 'email' | 'post'
      tried_at: Date
      tried_by: string
    }
  }
}
