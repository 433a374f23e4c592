declare module '#src/platform/database/tables.ts' {
  interface Tables {
    audience: {
      id: string
      name: string
      regions: string[]
      channels: string[]
      terms: number[]
      interests: string[]
      made_at: Date
      made_by: string
    }
  }
}
