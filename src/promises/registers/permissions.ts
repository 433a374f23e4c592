/** Who may read the registers, and place or lift a hold. */
export const may = {
  keepRegisters: 'dpo',
} as const
