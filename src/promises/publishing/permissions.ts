/** Who may draft, approve and date the notice and the policy document. */
export const may = {
  publish: 'dpo',
} as const
