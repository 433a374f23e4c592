/** Who may count groups. */
export const may = {
  count: ['analyst', 'officer'],
} as const
