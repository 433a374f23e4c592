/** Who may look after staff accounts and settings. */
export const may = {
  keepAccounts: 'administrator',
  seeSettings: ['administrator', 'officer', 'dpo'],
  work: 'staff',
} as const
