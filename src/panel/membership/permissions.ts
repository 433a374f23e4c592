/** Who may offer places and look after members; who answers, and takes part: the person, or the supporter who acts for them. */
export const may = {
  lookAfterMembers: 'officer',
  takePart: ['resident', 'supporter'],
  answerEquality: 'resident',
} as const
