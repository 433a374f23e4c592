/** Who may draw, who confirms as the second person, and who sees their own place in a draw. */
export const may = {
  draw: 'officer',
  confirm: ['officer', 'dpo'],
  seeOwn: 'resident',
} as const
