/** Who may handle requests and complaints. */
export const may = {
  handleCases: 'dpo',
} as const
