/** Who may do what in recruitment, as the routes say it. */
export const may = {
  apply: 'anyone',
  ownApplication: 'resident',
  runRounds: 'officer',
  readApplications: 'officer',
  enterApplications: 'officer',
  importApplications: 'officer',
  askForExports: 'officer',
  approveExports: ['officer', 'dpo'],
} as const
