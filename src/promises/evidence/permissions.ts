/** Who may see the evidence in full; its short form is for everyone. */
export const may = {
  seeEvidence: 'dpo',
} as const
