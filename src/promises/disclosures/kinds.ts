import { type Field, ruleOf } from '../notice/datamap.ts'

/** Who may ask, and for which purpose of the notice: none of them is marketing, and there is no other way out. */
export const disclosureTypes = {
  'law enforcement': { says: 'A body that fights crime', purpose: 'answer law enforcement' },
  legal: { says: 'Legal representatives', purpose: 'answer legal representatives' },
  safeguarding: { says: 'An agency that protects children or adults at risk', purpose: 'answer safeguarding' },
  other: { says: 'Another body, by another law', purpose: 'answer other requests' },
} as const
export type DisclosureType = keyof typeof disclosureTypes

/** The gateway in the law, by type; each is an exemption or a duty that a person has to find to apply. */
export const gateways: Record<DisclosureType, Record<string, string>> = {
  'law enforcement': {
    'sch2-para2':
      'Crime: prevention, investigation, detection, apprehension, prosecution (DPA 2018 Schedule 2 paragraph 2)',
  },
  legal: {
    'sch2-para5-2': 'Required by an enactment, a rule of law or a court order (Schedule 2 paragraph 5(2))',
    'sch2-para5-3': 'Necessary for legal proceedings, advice or rights (Schedule 2 paragraph 5(3))',
  },
  safeguarding: { 'sch1-para18': 'Protecting a child or an adult at risk (Schedule 1 paragraph 18)' },
  other: { named: 'Another gateway in the law, named below with the reason' },
}

/**
 * The lawful basis of giving it: a gateway lifts a bar and is not a basis itself. Consent and legitimate interests are not
 * among them, nor the recognised ones: they are closed to a public authority in its tasks.
 */
export const lawfulBases = {
  task: 'Our public task: giving it serves the public interest (UK GDPR Article 6(1)(e))',
  obligation: 'A law or a court orders us to give it (UK GDPR Article 6(1)(c))',
  vital: 'It protects somebody’s life (UK GDPR Article 6(1)(d))',
} as const
export type LawfulBasis = keyof typeof lawfulBases

/** The bases that a request of a type can have. */
export const basesFor: Record<DisclosureType, readonly LawfulBasis[]> = {
  'law enforcement': ['task', 'obligation'],
  legal: ['obligation', 'task'],
  safeguarding: ['task', 'vital'],
  other: ['obligation', 'task'],
}

/** Why a request is refused; the usual answer is to refuse. `writes` is what the one who asked is told. */
export const refusals = {
  'no gateway': {
    says: 'No law lets us give it: neither a duty nor an exemption fits',
    writes: 'You named no law that lets us give it, and we found none.',
  },
  unproved: {
    says: 'Who asks, or their authority, is not proved',
    writes: 'We could not make sure who you are, or that you may ask for it.',
  },
  unneeded: {
    says: 'It is not needed for what they want it for',
    writes: 'We do not see that what you ask for is needed for the purpose that you named.',
  },
  disproportionate: {
    says: 'It would harm the person more than it helps',
    writes: 'Giving it would be out of proportion to the purpose that you named.',
  },
  unclear: {
    says: 'It is not clear what they need, or about whom',
    writes:
      'You did not say exactly what you need, and about whom. We give named facts about one person, one request at a time.',
  },
  'not held': {
    says: 'We hold nothing that answers it',
    writes: 'We looked, and hold nothing that answers it.',
  },
} as const
export type Refusal = keyof typeof refusals

/** How a request ended. */
export const outcomes = {
  given: 'given',
  refused: 'refused',
  'taken back': 'taken back by who asked',
  'own request': 'the person’s own request, answered as one',
} as const
export type Outcome = keyof typeof outcomes

const giveable = ['name', 'email', 'phone', 'address', 'landlord'] as const satisfies readonly Field<'panel'>[]
export type Giveable = (typeof giveable)[number]

/** Fields that may be given for a type: what the data map grants for its purpose, and nothing of a special category. */
export function fieldsFor(type: DisclosureType): Giveable[] {
  const { purpose } = disclosureTypes[type]
  return giveable.filter(field => {
    const rule = ruleOf('panel', field)
    return rule?.purposes.includes(purpose) && !rule.special
  })
}

/** What a field is, in words. */
export function sayField(field: string): string {
  return ruleOf('panel', field)?.says ?? field
}
