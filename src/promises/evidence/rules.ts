import type { Clause } from '../notice/clauses.ts'

/** A rule of the program that makes a clause true, beside the data map and the purposes: where it stands, in one line. */
export interface Rule {
  says: string
  file: string
}

/** Rules by clause. A clause that nothing here, in the data map or in the purposes enforces is not built yet. */
export const rules: Partial<Record<Clause, readonly Rule[]>> = {
  'N-01': [
    { says: 'Every version of the notice is kept with its fingerprint and its date', file: 'publishing/version.ts' },
  ],
  'N-02': [
    { says: 'Complaints about a landlord are signposted, never taken', file: '../panel/recruitment/sensitive.ts' },
  ],
  'N-03': [
    {
      says: 'The version given, how and when stands with each application; the living are told before a new one',
      file: 'publishing/announce.ts',
    },
  ],
  'N-04': [
    { says: 'Row-level security returns nothing without a purpose of the list', file: 'vault/0002_dossier.sql' },
  ],
  'N-05': [{ says: 'The list of purposes is closed: another one does not compile', file: 'notice/purposes.ts' }],
  'N-15': [{ says: 'Each purpose says why it is necessary and on which power it rests', file: 'notice/purposes.ts' }],
  'N-16': [{ says: 'Each purpose has the exact point of Article 6', file: 'notice/purposes.ts' }],
  'N-18': [
    { says: 'Without a policy document in force special data is neither taken nor read', file: 'vault/gate.ts' },
    { says: 'The document says how each principle is kept, and stays as approved', file: 'publishing/policy-text.ts' },
  ],
  'N-19': [{ says: 'A column that the data map does not declare fails the check', file: 'publishing/check.ts' }],
  'N-20': [{ says: 'The form asks what the data map holds and nothing else', file: 'publishing/check.ts' }],
  'N-23': [
    { says: 'A date of birth is refused, in a heading or in a cell', file: '../panel/recruitment/import/fields.ts' },
  ],
  'N-27': [
    { says: 'Words about health are noticed and marked, never blocked', file: '../panel/recruitment/sensitive.ts' },
  ],
  'N-28': [{ says: 'Groups are counted over frozen populations; nobody is opened', file: 'tally/tally.ts' }],
  'N-29': [{ says: 'Adjustments lie under a key of their own', file: 'vault/keys.ts' }],
  'N-30': [
    {
      says: 'No role opens ethnicity; adjustments open for two roles, and the person sees who did',
      file: 'vault/vault.ts',
    },
  ],
  'N-38': [
    {
      says: 'An export has a purpose of a closed list; contact details need two people',
      file: '../panel/recruitment/export/export.ts',
    },
  ],
  'N-39': [
    { says: 'A special value cannot be written out unless it is asked to show itself', file: 'vault/special.ts' },
  ],
  'N-47': [
    { says: 'Every record has its date, and the nightly sweep ends it', file: 'retention/sweep.ts' },
    { says: 'Only a hold stops it: a named matter, a second person, a day to look again', file: 'retention/holds.ts' },
  ],
  'N-48': [{ says: 'Keys are destroyed, and copies of the key store live 30 days', file: 'retention/erase.ts' }],
  'N-49': [{ says: 'A member’s date is the term’s end and six months', file: 'retention/due/expiry.ts' }],
  'N-50': [
    {
      says: 'An applicant’s date is the closing date and six months, and follows it when it moves',
      file: 'retention/due/expiry.ts',
    },
  ],
  'N-51': [
    { says: 'Statistics are frozen counts, without a key and without a row a person', file: 'tally/tally.ts' },
    { says: 'Each table is tried against a reader who knows all that is shown', file: 'tally/protect.ts' },
    { says: 'Who objected or stopped the use of an answer is left out', file: 'tally/left-out.ts' },
  ],
  'N-52': [
    { says: 'Each value is sealed under its record’s own key, apart from the database', file: 'vault/seal.ts' },
    { says: 'Staff sign in with two steps', file: '../people/staff/second-factor.ts' },
  ],
  'N-36': [{ says: 'In live use no host is used that the register does not name', file: 'processors/hosts.ts' }],
  'N-58': [{ says: 'Zoom stands in the register, with its contract once one is entered', file: 'registers/use.ts' }],
  'N-68': [
    { says: 'Each record that ends is deleted at its processors too, with a receipt', file: 'retention/elsewhere.ts' },
    { says: 'What GovDelivery may keep is told with its last day: six years', file: 'retention/elsewhere.ts' },
  ],
  'N-59': [
    { says: 'Each processor has its place, what allows it, and a day to look again', file: 'processors/processors.ts' },
  ],
  'N-60': [{ says: 'Evidence older than a year stands on Today as overdue', file: 'processors/processors.ts' }],
  'N-61': [{ says: 'The processor’s own notice is linked by its real address', file: 'notice/processors.ts' }],
  'N-69': [
    {
      says: 'The processor’s own notice and cookie statement are linked by their real addresses',
      file: 'notice/processors.ts',
    },
  ],
  'N-71': [{ says: 'The page on rights says how to use each', file: '../people/public/rights.njk' }],
  'N-37': [{ says: 'The notice leads to its part on email figures', file: 'notice/draft.ts' }],
  'N-76': [{ says: 'A request by post is entered with the day it came', file: 'rights/routes.ts' }],
  'N-77': [{ says: 'A request by phone is five answers', file: 'rights/entry.njk' }],
  'N-78': [
    { says: 'An address is matched without regard to case', file: 'vault/vault.ts' },
    { says: 'The mailbox is the same in any spelling of its address', file: 'rights/intake/receive.ts' },
  ],
  'N-75': [{ says: 'Contact details stand in one place', file: 'notice/contact.ts' }],
  'N-06': [{ says: 'Readers see answers alone, masked, in an order of their own', file: '../panel/review/reading.ts' }],
  'N-13': [
    { says: 'The draw cannot name a field of a special category', file: '../panel/selection/board/features.ts' },
  ],
  'N-40': [
    {
      says: 'A request of others is weighed, decided and looked at by a second person; a refusal has its ground',
      file: 'disclosures/decide.ts',
    },
  ],
  'N-42': [
    {
      says: 'A request stays hidden from the person until it was weighed whether telling them does harm',
      file: 'disclosures/visible.ts',
    },
    { says: 'Each release names the gateway and the lawful basis it rests on', file: 'disclosures/weigh.ts' },
  ],
  'N-41': [{ says: 'The kinds of request are a closed list', file: 'disclosures/kinds.ts' }],
  'N-46': [
    {
      says: 'What is released is what was asked for and approved, and nothing else',
      file: 'disclosures/release.ts',
    },
  ],
  'N-70': [
    { says: 'Eight rights, each a case with its dates; the copy is complete by construction', file: 'rights/cases.ts' },
  ],
  'N-72': [{ says: 'Requests come by the site, or are entered with their true date', file: 'rights/routes.ts' }],
  'N-73': [{ says: 'Every answer names the ways to complain', file: 'rights/routes.ts' }],
  'N-74': [
    { says: 'Complaints have their own form and clock', file: 'rights/cases.ts' },
    {
      says: 'The regulator is given dates, acknowledgement, enquiries and outcome in one file',
      file: 'rights/bundle.ts',
    },
  ],
}
