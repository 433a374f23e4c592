import { type FieldRule, ordinary } from './rule.ts'

/** What is kept of a message until it is dealt with. */
export const inboxFields = {
  address: {
    ...ordinary,
    clause: 'N-72',
    says: 'The address a message or a sign-in code goes to or came from',
    category: 'user.contact.email',
    necessity: 'A code can be sent only to an address.',
    purposes: ['keep the service safe', 'exercise rights', 'store'],
    recipients: ['mail service'],
  },
  content: {
    ...ordinary,
    clause: 'N-72',
    says: 'What arrived, until it is dealt with',
    category: 'user.content.private',
    necessity: 'What arrives is read once and filed, or deleted.',
    purposes: ['administer the panel', 'keep the service safe', 'exercise rights', 'store'],
  },
} as const satisfies Record<string, FieldRule>
