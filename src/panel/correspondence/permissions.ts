/** Who may read the catalogue of letters, and who posts and rings. */
export const may = {
  readCatalogue: ['officer', 'administrator', 'dpo', 'communications'],
  postAndRing: 'officer',
} as const
