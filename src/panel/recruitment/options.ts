/** What a resident may choose, as codes that are kept and words that are shown. The order is that of the page. */

export const tenancies = {
  'council-tenant': 'I rent from a council',
  'association-tenant': 'I rent from a housing association',
  'co-op': 'I live in a housing co-operative',
  'shared-owner': 'I am a shared owner',
  leaseholder: 'I am a leaseholder of a social landlord',
  other: 'Something else',
  'not-said': 'Prefer not to say',
} as const

export const ageRanges = {
  '18-24': '18 to 24',
  '25-34': '25 to 34',
  '35-44': '35 to 44',
  '45-54': '45 to 54',
  '55-64': '55 to 64',
  '65-74': '65 to 74',
  '75-and-over': '75 or over',
  'not-said': 'Prefer not to say',
} as const

export const genders = {
  woman: 'Woman',
  man: 'Man',
  'non-binary': 'Non-binary',
  'own-words': 'I describe my gender in another way',
  'not-said': 'Prefer not to say',
} as const

export const channels = { email: 'Email', phone: 'Phone', post: 'Post' } as const

export const adjustments = {
  captions: 'Captions or a speech-to-text reporter',
  'sign-language': 'A British Sign Language interpreter',
  'large-print': 'Papers in large print',
  'easy-read': 'Papers in easy read',
  'screen-reader': 'Papers that work with a screen reader',
  'papers-early': 'Papers earlier than usual',
  breaks: 'Extra breaks',
  'phone-in': 'Joining by phone',
  supporter: 'Bringing someone who supports me',
  'paper-copies': 'Papers on paper by post',
  interpreter: 'An interpreter of another language',
} as const

/** The harmonised question on ethnic group: five groups, each with its backgrounds. */
export const ethnicGroups = {
  white: {
    label: 'White',
    question: 'Which of the following best describes your White background?',
    backgrounds: {
      'white-british': 'English, Welsh, Scottish, Northern Irish or British',
      'white-irish': 'Irish',
      'white-traveller': 'Gypsy or Irish Traveller',
      'white-roma': 'Roma',
      'white-other': 'Any other White background',
    },
  },
  mixed: {
    label: 'Mixed or multiple ethnic groups',
    question: 'Which of the following best describes your mixed or multiple ethnic groups background?',
    backgrounds: {
      'mixed-white-caribbean': 'White and Black Caribbean',
      'mixed-white-african': 'White and Black African',
      'mixed-white-asian': 'White and Asian',
      'mixed-other': 'Any other mixed or multiple ethnic background',
    },
  },
  asian: {
    label: 'Asian or Asian British',
    question: 'Which of the following best describes your Asian or Asian British background?',
    backgrounds: {
      'asian-indian': 'Indian',
      'asian-pakistani': 'Pakistani',
      'asian-bangladeshi': 'Bangladeshi',
      'asian-chinese': 'Chinese',
      'asian-other': 'Any other Asian background',
    },
  },
  black: {
    label: 'Black, African, Caribbean or Black British',
    question: 'Which of the following best describes your Black, African, Caribbean or Black British background?',
    backgrounds: {
      'black-african': 'African',
      'black-caribbean': 'Caribbean',
      'black-other': 'Any other Black, African or Caribbean background',
    },
  },
  other: {
    label: 'Other ethnic group',
    question: 'Which of the following best describes your background?',
    backgrounds: { 'other-arab': 'Arab', 'other-any': 'Any other ethnic group' },
  },
} as const

export type Tenancy = keyof typeof tenancies
export type AgeRange = keyof typeof ageRanges
export type Gender = keyof typeof genders
export type Channel = keyof typeof channels
export type Adjustment = keyof typeof adjustments
export type EthnicGroup = keyof typeof ethnicGroups

/** The codes of a list of choices, in order, in the form that a zod enum takes. */
export function codesOf<const T extends Record<string, unknown>>(
  options: T,
): readonly [keyof T & string, ...(keyof T & string)[]] {
  return Object.keys(options) as [keyof T & string, ...(keyof T & string)[]]
}

/** The words of a code; an unknown one stands for itself. */
export function wordsOf(options: Record<string, string>, code: string | undefined): string {
  return code === undefined ? '' : (options[code] ?? code)
}

/** The list as the radios and checkboxes macros take it. */
export function itemsOf(
  options: Record<string, string>,
  chosen?: string | readonly string[],
): { value: string; text: string; checked: boolean }[] {
  return Object.entries(options).map(([value, text]) => ({
    value,
    text,
    checked: Array.isArray(chosen) ? chosen.includes(value) : chosen === value,
  }))
}
