/** A resident may see and act on their own record alone. */
export const may = {
  own: 'resident',
} as const
