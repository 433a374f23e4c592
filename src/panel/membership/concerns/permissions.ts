/** Who answers worries about people, and who names the officer who is told first. */
export const may = {
  answerConcerns: 'officer',
  nameLead: ['officer', 'administrator'],
} as const
