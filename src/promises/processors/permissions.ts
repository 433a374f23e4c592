/** Who keeps the register of processors. */
export const may = {
  keepProcessors: 'dpo',
} as const
