/** Who may look at deletion, and let it go on after a restore. */
export const may = {
  seeDeletion: 'dpo',
} as const
