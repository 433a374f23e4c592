import type { Clause } from '../notice/clauses.ts'

/** A point of the notice that the Ombudsman has to settle; until then the program does what is safest. */
export interface Point {
  id: string
  clauses: readonly Clause[]
  says: string
  /** What the program does today. */
  today: string
  decides: string
}

const dpo = 'Data protection officer'

/** What the notice leaves open, says twice, or says otherwise than the law of today. */
export const points: readonly Point[] = [
  {
    id: 'A-1',
    clauses: ['N-16', 'N-18'],
    says: 'The articles are cited in a short form',
    today: 'The exact citation stands beside the wording',
    decides: dpo,
  },
  {
    id: 'A-2',
    clauses: ['N-62'],
    says: 'Email rests on legitimate interests, which a public authority cannot use for its tasks',
    today: 'Rights as for the public task: an objection is honoured',
    decides: dpo,
  },
  {
    id: 'A-3',
    clauses: ['N-31', 'N-32', 'N-33', 'N-34', 'N-35', 'N-63', 'N-64'],
    says: 'Tracking in emails may need consent',
    today: 'No email is tracked; when bulletins are built, off for each person until they allow it',
    decides: dpo,
  },
  {
    id: 'A-4',
    clauses: ['N-14', 'N-29', 'N-30'],
    says: 'Health data is for analytics only in one place, and for adjustments in another',
    today: 'Two keys, two purposes; adjustments are asked only under a condition that the officer has set',
    decides: dpo,
  },
  {
    id: 'A-5',
    clauses: ['N-13', 'N-18'],
    says: 'Being representative tempts to choose people by ethnicity',
    today: 'The draw cannot read special data; groups are counted apart from it',
    decides: dpo,
  },
  {
    id: 'A-6',
    clauses: ['N-48', 'N-49'],
    says: 'Three and a half years from when, and for those who leave early',
    today: 'Term start and 36 months, then 6 months: the earlier day',
    decides: dpo,
  },
  {
    id: 'A-7',
    clauses: ['N-20', 'N-50'],
    says: 'Drafts, withdrawn applications and reserves are not named',
    today: 'Six months after closing at the latest; unsent drafts at the closing',
    decides: dpo,
  },
  {
    id: 'A-8',
    clauses: ['N-51'],
    says: 'Deleted, or made anonymous',
    today: 'Deleted; only counts that tell of nobody stay',
    decides: dpo,
  },
  {
    id: 'A-9',
    clauses: ['N-54', 'N-55', 'N-56'],
    says: 'Recordings have no period of their own',
    today:
      'Nothing is recorded; a recording will end three months after the minutes, or with the first person recorded',
    decides: dpo,
  },
  {
    id: 'A-10',
    clauses: ['N-67', 'N-68'],
    says: 'Twelve months of access here, six years at the processor',
    today: 'No event is kept; the processor’s time is told, and twelve months will count from each event',
    decides: dpo,
  },
  {
    id: 'A-11',
    clauses: ['N-39'],
    says: 'What people say about their health in an online meeting reaches a processor',
    today: 'No online meeting is held yet; transcript and chat will not be kept',
    decides: dpo,
  },
  {
    id: 'A-12',
    clauses: ['N-59', 'N-60'],
    says: 'Transfers are described by the law of before',
    today: 'The UK test for every processor',
    decides: dpo,
  },
  {
    id: 'A-13',
    clauses: ['N-70'],
    says: 'Transfer and portability are one right, which does not apply here',
    today: 'Every request is taken; a copy that machines read is offered',
    decides: dpo,
  },
  {
    id: 'A-14',
    clauses: ['N-73', 'N-74'],
    says: 'The right to complain to us first is not named',
    today: 'The route is there, and the draft of the next notice names it',
    decides: dpo,
  },
  { id: 'A-15', clauses: ['N-61', 'N-69', 'N-71'], says: 'Links lead nowhere', today: 'Real addresses', decides: dpo },
  {
    id: 'A-16',
    clauses: ['N-12'],
    says: 'Tailoring by analytics reads like profiling',
    today: 'Nothing is tailored; it will be the choice of message alone, and never who is selected',
    decides: dpo,
  },
  {
    id: 'A-17',
    clauses: ['N-08', 'N-19'],
    says: 'Directly from you, though some is observed or noted by staff',
    today: 'Each field says where it comes from',
    decides: dpo,
  },
  {
    id: 'A-18',
    clauses: ['N-20', 'N-21', 'N-22', 'N-23', 'N-24', 'N-25', 'N-26', 'N-27', 'N-28'],
    says: 'The charter asks more than the notice lists',
    today: 'Only what the notice lists',
    decides: dpo,
  },
  {
    id: 'A-19',
    clauses: ['N-53'],
    says: 'A duty to meet, not a rule about data',
    today: 'Meetings are not built; there will be an alarm when a year would end without',
    decides: 'Panel lead',
  },
  {
    id: 'A-20',
    clauses: ['N-03'],
    says: 'Staff, presenters and people named by others are outside the notice',
    today: 'As little as can be; found when rights are used',
    decides: dpo,
  },
]
