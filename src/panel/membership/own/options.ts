/** What a member may choose about taking part, as codes that are kept and words that are shown. */

export const times = {
  'weekday-mornings': 'Weekday mornings',
  'weekday-afternoons': 'Weekday afternoons',
  'weekday-evenings': 'Weekday evenings',
  saturdays: 'Saturdays',
} as const

export const interests = {
  repairs: 'Repairs, damp and mould',
  complaints: 'How complaints are handled',
  safety: 'Safety of homes and buildings',
  charges: 'Rents and service charges',
  neighbours: 'Noise and anti-social behaviour',
  letters: 'Letters and words that people understand',
  access: 'Services that everyone can use',
} as const
export type Interest = keyof typeof interests
