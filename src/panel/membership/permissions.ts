/** Who may offer places and look after members, and who answers. */
export const may = {
  lookAfterMembers: 'officer',
  answerOffers: 'resident',
} as const
