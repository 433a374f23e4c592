import { everyRight, type FieldRule, ordinary } from './rule.ts'

/** What is kept of a request, a complaint or a request of others. */
export const caseFields = {
  requester: {
    ...ordinary,
    clause: 'N-70',
    says: 'Who asked, and how to answer them',
    category: 'user.contact',
    necessity: 'A request must be answered.',
    purposes: [...everyRight],
  },
  extract: {
    ...ordinary,
    clause: 'N-46',
    says: 'What was given to a body that asked',
    category: 'user.content.private',
    necessity: 'To show that no more was given than was decided.',
    purposes: [...everyRight],
  },
  incident: {
    ...ordinary,
    clause: 'N-52',
    says: 'What happened when data was lost or seen by the wrong people',
    category: 'user.content.private',
    necessity: 'The law asks that each breach is written down, with what was done.',
    purposes: [...everyRight],
  },
  account: {
    ...ordinary,
    clause: 'N-70',
    says: 'What was asked and what was answered',
    category: 'user.content.private',
    necessity: 'To show that the law was followed.',
    purposes: [...everyRight],
  },
} as const satisfies Record<string, FieldRule>
