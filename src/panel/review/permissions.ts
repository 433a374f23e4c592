/** Who may read applications without names, who sets the reading up and decides, and who confirms what another decided. */
export const may = {
  read: 'reviewer',
  begin: ['reviewer', 'officer'],
  decide: 'officer',
  confirm: ['officer', 'dpo'],
} as const
