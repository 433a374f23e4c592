export type MessageState = 'waiting' | 'sent' | 'stuck'

declare module '#src/platform/database/tables.ts' {
  interface Tables {
    message: {
      id: string
      dossier_id: string
      template: string
      detail: unknown
      channel: 'email' | 'letter' | 'call'
      state: MessageState
      queued_at: Date
      sent_at: Date | null
      attempts: number
      error: string | null
    }
  }
}
