/** Who keeps the register of breaches. */
export const may = {
  keepBreaches: 'dpo',
} as const
