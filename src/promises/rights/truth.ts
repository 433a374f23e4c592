import type { Matter } from './rights.ts'

/** Whether a right reaches a purpose: whole, within limits, not at all, or it does not arise. */
export type Reaches = 'yes' | 'limited' | 'no' | 'none'
export type Right = 'access' | 'correction' | 'erasure' | 'restriction' | 'objection' | 'portability' | 'withdrawal'
interface Cell {
  reaches: Reaches
  why: string
}

const yes = (why: string): Cell => ({ reaches: 'yes', why })
const limited = (why: string): Cell => ({ reaches: 'limited', why })
const no = (why: string): Cell => ({ reaches: 'no', why })
const none = (why: string): Cell => ({ reaches: 'none', why })

const copy = yes('Everyone may have a copy of their own data (Article 15).')
const right = yes('What is wrong is put right (Article 16).')
const aside = yes('It can be set aside on a ground of Article 18(1).')
const task = 'The basis is our public task, Article 6(1)(e)'
const onTask = limited(
  `${task}: on a ground of Article 17(1), and not where the task still needs it (Article 17(3)(b)). Always after an objection that was upheld, and at the end.`,
)
const object = yes(`${task}: it stops unless we show compelling grounds, or legal claims need it (Article 21(1)).`)
const noPort = no(`${task}: the right does not apply (Article 20(3)). We give the copy all the same.`)
const noConsent = none('Nothing here rests on an agreement, so there is none to take back (Article 7(3)).')

/**
 * The rights by purpose: what the basis of each purpose lets a right do. A person decides; this is what the law suggests and
 * why. Where a purpose has a point to settle, the safe reading stands.
 */
export const truth = {
  life: {
    says: 'Running the panel: application, review, meetings, documents, surveys',
    access: copy,
    correction: right,
    erasure: onTask,
    restriction: aside,
    objection: object,
    portability: noPort,
    withdrawal: noConsent,
  },
  equality: {
    says: 'Counting groups: the equality answer',
    access: copy,
    correction: right,
    erasure: limited(`${onTask.why} A written notice to stop always ends it (DPA 2018 Schedule 1 paragraph 8(5)).`),
    restriction: aside,
    objection: object,
    portability: noPort,
    withdrawal: noConsent,
  },
  adjustments: {
    says: 'Adjustments: what someone needs to take part',
    access: copy,
    correction: right,
    erasure: limited(
      'On request: there is no reason to keep a need that the person takes back (Article 17(1)(a)), unless a ground of Article 17(3) applies.',
    ),
    restriction: aside,
    objection: object,
    portability: noPort,
    withdrawal: limited('Where the condition that was set is explicit consent: yes, at any time (Article 7(3)).'),
  },
  engagement: {
    says: 'How emails are read',
    access: copy,
    correction: none('It is what a machine saw: there is nothing to put right.'),
    erasure: yes('Nothing in the task needs it.'),
    restriction: aside,
    objection: yes('The basis is treated as our public task: an objection is honoured (Article 21(1)).'),
    portability: noPort,
    withdrawal: yes('The permission to count opens and clicks can be taken back at any time.'),
  },
  recordings: {
    says: 'Recordings of meetings',
    access: yes('A copy, with others who are seen and heard weighed (DPA 2018 Schedule 2 paragraph 16).'),
    correction: none('It is what was said: there is nothing to put right.'),
    erasure: limited('Case by case: edit it or delete it (Article 17(3)(b)).'),
    restriction: aside,
    objection: object,
    portability: noPort,
    withdrawal: noConsent,
  },
  disclosures: {
    says: 'Requests of other bodies',
    access: limited(
      'Yes, unless and so far as it would prejudice what it was asked for (DPA 2018 Schedule 2 paragraphs 2 and 5).',
    ),
    correction: right,
    erasure: limited('Not where legal claims need the record of it (Article 17(3)(e)).'),
    restriction: aside,
    objection: none('Each was one request, and is over.'),
    portability: noPort,
    withdrawal: noConsent,
  },
} as const satisfies Record<string, { says: string } & Record<Right, Cell>>
export type PurposeGroup = keyof typeof truth

/** The right that a matter asks for; a transfer is portability by another name (Article 20). */
export function rightOf(matter: Matter): Right | undefined {
  if (matter === 'transfer') return 'portability'
  return matter === 'complaint' || matter === 'ring back' || matter === 'unsorted' ? undefined : matter
}

/** The groups of purposes that a record's fields touch. */
export function touched(fields: readonly string[], isAskedFor = false): PurposeGroup[] {
  return [
    'life',
    ...(fields.includes('ethnicity') ? (['equality'] as const) : []),
    ...(fields.includes('adjustments') ? (['adjustments'] as const) : []),
    ...(isAskedFor ? (['disclosures'] as const) : []),
  ]
}

const words: Record<Reaches, string> = { yes: 'Yes', limited: 'Within limits', no: 'No', none: 'Does not arise' }

/** What the table says of a request, a line for each group of purposes that the record touches. */
export function reasoning(matter: Matter, groups: readonly PurposeGroup[]) {
  const asked = rightOf(matter)
  if (!asked) return []
  return groups.map(group => {
    const { reaches, why } = truth[group][asked]
    return { says: truth[group].says, reaches: words[reaches], why }
  })
}
