/** Who may read the catalogue of letters, who may write other words for them, and who posts and rings. */
export const may = {
  readCatalogue: ['officer', 'administrator', 'dpo', 'communications'],
  writeWords: ['officer', 'administrator'],
  postAndRing: 'officer',
} as const
