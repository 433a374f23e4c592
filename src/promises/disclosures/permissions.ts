/** Who may handle requests of others for a person's data; the second look may be another officer's of data protection. */
export const may = {
  handleDisclosures: 'dpo',
} as const
