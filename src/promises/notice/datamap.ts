import type { Clause } from './clauses.ts'
import type { Purpose } from './purposes.ts'

/** The kinds of dossier: each has its own fields, its own key and its own clock. Nothing else may be sealed. */
export const kinds = ['panel', 'case', 'staff', 'recording', 'inbox'] as const
export type Kind = (typeof kinds)[number]

/** Whose data a kind of dossier holds. */
export const subjects: Readonly<Record<Kind, string>> = {
  panel: 'Applicants and members',
  case: 'People who ask or complain',
  staff: 'Staff',
  recording: 'People recorded',
  inbox: 'People who write in',
}

/** How long a dossier of a kind lives; the dates are computed in `retention`. */
export const retention = {
  panel: { clause: 'N-48', says: 'six months after the round closes, or after your three-year term ends' },
  case: { clause: 'N-70', says: 'six years after the case closes' },
  staff: { clause: 'N-52', says: 'one year after the account is closed' },
  recording: { clause: 'N-54', says: 'three months after the minutes are approved, or with the first person recorded' },
  inbox: { clause: 'N-72', says: 'seven days after it arrives' },
} as const satisfies Record<Kind, { clause: Clause; says: string }>

export type Recipient = 'GovDelivery' | 'Zoom' | 'mail service'

export interface FieldRule {
  clause: Clause
  /** What a resident calls it. */
  says: string
  /** Fideslang 3 category, or our own word where it has none. */
  category: string
  special: boolean
  provenance: 'subject' | 'observed' | 'staff'
  necessity: string
  purposes: readonly Purpose[]
  recipients: readonly Recipient[]
  /** An equality answer: no supporter sees or writes it, whatever the purpose. */
  equality?: true
}

const everyRight = ['answer access requests', 'exercise rights', 'defend claims', 'store'] as const
const disclosable = [
  'answer law enforcement',
  'answer legal representatives',
  'answer safeguarding',
  'answer other requests',
] as const
const ordinary = { special: false, provenance: 'subject', recipients: [] } as const

/** Every field that is kept about a person, and what it may be opened for: the notice, as data. */
export const dataMap = {
  panel: {
    name: {
      ...ordinary,
      clause: 'N-21',
      says: 'Your name',
      category: 'user.name',
      necessity: 'To address you, and to tell people apart.',
      purposes: [
        'administer the panel',
        'correspond about meetings',
        'record attendance',
        'send documents',
        'run surveys',
        'tailor communication',
        'arrange adjustments',
        'keep the service safe',
        ...disclosable,
        ...everyRight,
      ],
      recipients: ['GovDelivery', 'Zoom', 'mail service'],
    },
    email: {
      ...ordinary,
      clause: 'N-22',
      says: 'Your email address',
      category: 'user.contact.email',
      necessity: 'To write to you, and to let you sign in without a password.',
      purposes: [
        'administer the panel',
        'correspond about meetings',
        'send documents',
        'run surveys',
        'tailor communication',
        'arrange adjustments',
        'keep the service safe',
        ...disclosable,
        ...everyRight,
      ],
      recipients: ['GovDelivery', 'Zoom', 'mail service'],
    },
    addressChanges: {
      ...ordinary,
      clause: 'N-22',
      says: 'Email addresses you changed from and to in the last 72 hours',
      category: 'user.contact.email',
      necessity: 'A new address is used only once you confirm it, and the old one can take it back for 72 hours.',
      purposes: ['keep the service safe', ...everyRight],
      recipients: ['mail service'],
    },
    phone: {
      ...ordinary,
      clause: 'N-22',
      says: 'Your phone number',
      category: 'user.contact.phone_number',
      necessity: 'To reach you where that is the way you chose.',
      purposes: [
        'administer the panel',
        'correspond about meetings',
        'arrange adjustments',
        ...disclosable,
        ...everyRight,
      ],
    },
    address: {
      ...ordinary,
      clause: 'N-22',
      says: 'Your postal address',
      category: 'user.contact.address',
      necessity: 'To send letters where that is the way you chose.',
      purposes: ['administer the panel', 'correspond about meetings', 'send documents', ...disclosable, ...everyRight],
    },
    channel: {
      ...ordinary,
      clause: 'N-22',
      says: 'How you want to hear from us',
      category: 'user.contact',
      necessity: 'To reach you in the way that suits you.',
      purposes: [
        'administer the panel',
        'correspond about meetings',
        'send documents',
        'run surveys',
        'arrange adjustments',
        ...everyRight,
      ],
    },
    supporterName: {
      ...ordinary,
      clause: 'N-22',
      says: 'Who supports you',
      category: 'user.contact',
      necessity: 'So that someone whom you name hears what you hear, or acts for you.',
      purposes: ['administer the panel', 'correspond about meetings', 'keep the service safe', ...everyRight],
      recipients: ['mail service'],
    },
    supporterEmail: {
      ...ordinary,
      clause: 'N-22',
      says: 'Your supporter’s email address',
      category: 'user.contact.email',
      necessity: 'To write to the person whom you named, and to let them sign in if you want that.',
      purposes: ['administer the panel', 'correspond about meetings', 'keep the service safe', ...everyRight],
      recipients: ['mail service'],
    },
    supporterPhone: {
      ...ordinary,
      clause: 'N-22',
      says: 'Your supporter’s phone number',
      category: 'user.contact.phone_number',
      necessity: 'To reach the person whom you named.',
      purposes: ['administer the panel', 'correspond about meetings', ...everyRight],
    },
    times: {
      ...ordinary,
      clause: 'N-22',
      says: 'When meetings suit you',
      category: 'user.behavior',
      necessity: 'So that meetings are held when members can come.',
      purposes: ['administer the panel', 'correspond about meetings', ...everyRight],
    },
    interests: {
      ...ordinary,
      clause: 'N-27',
      says: 'What interests you',
      category: 'user.content',
      necessity: 'So that you hear of the meetings and papers that you may like; it never counts for or against you.',
      purposes: [
        'administer the panel',
        'correspond about meetings',
        'send documents',
        'tailor communication',
        ...everyRight,
      ],
    },
    landlord: {
      ...ordinary,
      clause: 'N-26',
      says: 'Your landlord',
      category: 'user.tenancy',
      necessity: 'Members live in a home of a landlord that the Ombudsman covers.',
      purposes: ['administer the panel', ...disclosable, ...everyRight],
    },
    tenancy: {
      ...ordinary,
      clause: 'N-26',
      says: 'How you rent or own your home',
      category: 'user.tenancy',
      necessity: 'So that tenants, leaseholders and shared owners are all on the panel.',
      purposes: ['administer the panel', 'representativeness', ...everyRight],
    },
    area: {
      ...ordinary,
      clause: 'N-25',
      says: 'Your council area',
      category: 'user.location.imprecise',
      necessity: 'So that every region is on the panel.',
      purposes: ['administer the panel', 'representativeness', ...everyRight],
    },
    ageRange: {
      ...ordinary,
      equality: true,
      clause: 'N-23',
      says: 'Your age range',
      category: 'user.demographic.age_range',
      necessity: 'So that people of all ages are on the panel.',
      purposes: ['administer the panel', 'representativeness', ...everyRight],
    },
    gender: {
      ...ordinary,
      equality: true,
      clause: 'N-24',
      says: 'Your gender',
      category: 'user.demographic.gender',
      necessity: 'So that the panel is balanced.',
      purposes: ['administer the panel', 'representativeness', ...everyRight],
    },
    genderDescription: {
      ...ordinary,
      equality: true,
      clause: 'N-24',
      says: 'Your gender in your own words',
      category: 'user.demographic.gender',
      necessity: 'Kept only because you may wish to say it; nobody counts it.',
      purposes: [...everyRight],
    },
    answers: {
      ...ordinary,
      clause: 'N-27',
      says: 'Your skills and experience',
      category: 'user.skills',
      necessity: 'So that the panel holds a range of experience.',
      purposes: ['administer the panel', 'review applications', ...everyRight],
    },
    termsServed: {
      ...ordinary,
      clause: 'N-27',
      says: 'Terms you have served on the panel before',
      category: 'user.participation',
      necessity: 'Nobody serves more than three terms.',
      purposes: ['administer the panel', ...everyRight],
    },
    ethnicity: {
      ...ordinary,
      equality: true,
      special: true,
      clause: 'N-28',
      says: 'Your ethnic group',
      category: 'user.demographic.race_ethnicity',
      necessity: 'To see, in counts only, whether the panel is like the people it speaks for.',
      purposes: ['representativeness', ...everyRight],
    },
    adjustments: {
      ...ordinary,
      special: true,
      clause: 'N-29',
      says: 'What would help you take part',
      category: 'user.health_and_medical',
      necessity: 'So that what you need is in place before a meeting.',
      purposes: ['arrange adjustments', ...everyRight],
    },
    withdrawalReason: {
      ...ordinary,
      clause: 'N-06',
      says: 'Why you withdrew, if you said',
      category: 'user.assessment',
      necessity: 'Never asked for; kept only if you give it.',
      purposes: ['administer the panel', ...everyRight],
    },
    reviewNotes: {
      ...ordinary,
      provenance: 'staff',
      clause: 'N-06',
      says: 'What reviewers wrote about your answers',
      category: 'user.assessment',
      necessity: 'So that a score can be explained; you may ask to read it.',
      purposes: ['administer the panel', ...everyRight],
    },
    hiddenWords: {
      ...ordinary,
      provenance: 'staff',
      clause: 'N-06',
      says: 'Words of your answers that we hide from reviewers',
      category: 'user.content.private',
      necessity: 'So that reviewers read your answers without knowing who you are.',
      purposes: ['administer the panel', ...everyRight],
    },
    decisionReason: {
      ...ordinary,
      provenance: 'staff',
      clause: 'N-06',
      says: 'Why we decided as we did',
      category: 'user.assessment',
      necessity: 'So that a decision about you can be explained to you.',
      purposes: ['administer the panel', ...everyRight],
    },
    corrections: {
      ...ordinary,
      provenance: 'staff',
      clause: 'N-70',
      says: 'What was corrected, and what it said before',
      category: 'user.content.private',
      necessity: 'So that what was decided on the earlier words can be explained.',
      purposes: [...everyRight],
    },
    staffNote: {
      ...ordinary,
      provenance: 'staff',
      clause: 'N-06',
      says: 'What staff noted about your application',
      category: 'user.assessment',
      necessity: 'So that a decision about you can be explained to you.',
      purposes: ['administer the panel', ...everyRight],
    },
    removalReason: {
      ...ordinary,
      provenance: 'staff',
      clause: 'N-06',
      says: 'Why we proposed to end your membership',
      category: 'user.assessment',
      necessity: 'So that you can answer before anyone decides, and a decision about you can be explained to you.',
      purposes: ['administer the panel', ...everyRight],
    },
    contactLog: {
      ...ordinary,
      provenance: 'staff',
      clause: 'N-22',
      says: 'When we were in touch with you, about what, and what was to happen next',
      category: 'user.contact',
      necessity: 'So that whoever you speak to next knows what was said, and what we promised is done.',
      purposes: ['administer the panel', ...everyRight],
    },
    concern: {
      ...ordinary,
      provenance: 'staff',
      clause: 'N-22',
      says: 'What worried someone of our team about how you are, and what we did',
      category: 'user.contact',
      necessity: 'So that someone reaches you the same day when you may need help.',
      purposes: ['administer the panel', ...everyRight],
    },
  },
  case: {
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
  },
  staff: {
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
  },
  recording: {},
  inbox: {
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
  },
} as const satisfies Record<Kind, Record<string, FieldRule>>

export type DataMap = typeof dataMap
/** A field of a kind of dossier. */
export type Field<K extends Kind> = keyof DataMap[K] & string
/** The rule of one field, as the literal that the map holds. */
type Rule<K extends Kind, F extends Field<K>> = DataMap[K][F] extends infer R extends FieldRule ? R : never
/** The fields of a kind that may be opened for a purpose. */
export type FieldFor<K extends Kind, P extends Purpose> = {
  [F in Field<K>]: P extends Rule<K, F>['purposes'][number] ? F : never
}[Field<K>]
/** The special-category fields of a kind. */
export type SpecialField<K extends Kind> = { [F in Field<K>]: Rule<K, F>['special'] extends true ? F : never }[Field<K>]

/** The rule of a field by name; undefined when the map does not declare it. */
export function ruleOf(kind: Kind, field: string): FieldRule | undefined {
  const fields: Record<string, FieldRule> = dataMap[kind]
  return Object.hasOwn(fields, field) ? fields[field] : undefined
}

/** Every field of every kind with its rule. */
export function everyField(): { kind: Kind; field: string; rule: FieldRule }[] {
  return kinds.flatMap(kind => {
    const fields: Record<string, FieldRule> = dataMap[kind]
    return Object.entries(fields).map(([field, rule]) => ({ kind, field, rule }))
  })
}
