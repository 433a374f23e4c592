/** Who may read applications without names, and who sets the reading up and decides. */
export const may = {
  read: 'reviewer',
  begin: ['reviewer', 'officer'],
  decide: 'officer',
} as const
