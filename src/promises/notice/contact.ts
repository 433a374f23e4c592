/** How to reach the body and its data protection officer: the one copy, used in the notice, letters, forms and records. */
export const contact = {
  body: 'Housing Ombudsman Service',
  panel: 'Resident Panel',
  dpo: {
    name: 'Data Protection Officer',
    post: ['Housing Ombudsman Service', 'PO Box 1484', 'Unit D', 'Preston', 'PR2 0ET'],
    email: 'dpo@housing-ombudsman.org.uk',
  },
  phone: '0300 111 3000',
  regulator: {
    name: 'Information Commissioner’s Office (ICO)',
    site: 'https://ico.org.uk',
    complaint: 'https://ico.org.uk/make-a-complaint/',
    phone: '0303 123 1113',
  },
  complaintRoute: 'https://www.housing-ombudsman.org.uk/residents/make-a-complaint/',
} as const
