import { everyRight, type FieldRule, ordinary } from './rule.ts'

/** What is kept about a member of staff. */
export const staffFields = {
  name: {
    ...ordinary,
    clause: 'N-52',
    says: 'Staff member’s name',
    category: 'employee.name',
    necessity: 'Access is given to named people.',
    purposes: ['keep the service safe', 'administer the panel', ...everyRight],
  },
  email: {
    ...ordinary,
    clause: 'N-52',
    says: 'Staff member’s email address',
    category: 'employee.contact.email',
    necessity: 'To invite them, and to let them sign in.',
    purposes: ['keep the service safe', ...everyRight],
    recipients: ['mail service'],
  },
  interests: {
    ...ordinary,
    clause: 'N-06',
    says: 'Landlords and areas whose applications the reviewer must not read',
    category: 'employee.conflict_of_interest',
    necessity: 'Nobody reads the application of someone they may know.',
    purposes: ['administer the panel', ...everyRight],
  },
  secondFactor: {
    ...ordinary,
    clause: 'N-52',
    says: 'Staff member’s passkeys and one-time password',
    category: 'employee.authentication',
    necessity: 'Staff sign in with two factors.',
    purposes: ['keep the service safe', 'store'],
  },
} as const satisfies Record<string, FieldRule>
