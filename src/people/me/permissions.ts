/** A resident may see and act on their own record alone; a supporter who acts for them has their first page. */
export const may = {
  own: 'resident',
  takePart: ['resident', 'supporter'],
} as const
