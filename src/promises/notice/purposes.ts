import type { Clause } from './clauses.ts'

/**
 * Who acts. Residents act for themselves; a `supporter` for the one resident who named them; `system` is a part of the service, named in the
 * actor's id.
 */
export const roles = [
  'resident',
  'supporter',
  'officer',
  'reviewer',
  'adjustments lead',
  'communications',
  'analyst',
  'dpo',
  'administrator',
  'system',
] as const
export type Role = (typeof roles)[number]
export const staffRoles = roles.filter(role => role !== 'resident' && role !== 'supporter' && role !== 'system')

/**
 * Whose dossiers a role may open for a purpose: `any` dossier, its own (`self`), or those it is `related` to by an
 * assignment, a meeting or a case that the calling room has checked and names.
 */
export type Reach = 'any' | 'self' | 'related'

export interface PurposeRule {
  clause: Clause
  /** In the words that a resident reads after "to". */
  says: string
  /** UK GDPR Art 6(1) point, exactly. */
  basis: '6(1)(e)'
  /** Why the task cannot be done without it. */
  necessity: string
  /** The power the task rests on (Art 6(3)). */
  power: string
  /** When a person last confirmed the two lines above; a year at most. */
  reviewed: string
  roles: Partial<Record<Role, Reach>>
  /** Restriction under Art 18 leaves storing, rights and claims alone. */
  seesRestricted?: true
}

const power =
  'Housing Act 1996, section 51 and Schedule 2: the approved scheme for the investigation of housing complaints'
const equality = 'Equality Act 2010, sections 20, 29 and 149'
const reviewed = '2026-11-01'

/** The closed list of purposes. Another one needs a clause of the notice, and so a new version of it. */
export const purposes = {
  'administer the panel': {
    clause: 'N-04',
    says: 'run the panel and your part in it',
    basis: '6(1)(e)',
    necessity: 'A panel cannot be run without knowing who is on it, who wants to be, and how to reach them.',
    power,
    reviewed,
    roles: { officer: 'any', resident: 'self', supporter: 'self', system: 'any' },
  },
  'review applications': {
    clause: 'N-06',
    says: 'read and decide applications',
    basis: '6(1)(e)',
    necessity: 'Applications are read so that the panel holds people with a range of experience.',
    power,
    reviewed,
    roles: { reviewer: 'related', officer: 'any', system: 'any' },
  },
  'correspond about meetings': {
    clause: 'N-07',
    says: 'write to you about meetings',
    basis: '6(1)(e)',
    necessity: 'Members cannot take part in a meeting that they have not been told of.',
    power,
    reviewed,
    roles: { officer: 'any', system: 'any' },
  },
  'record attendance': {
    clause: 'N-08',
    says: 'note who came to a meeting',
    basis: '6(1)(e)',
    necessity: 'Places rotate fairly only if it is known who has had one.',
    power,
    reviewed,
    roles: { officer: 'any', resident: 'self', system: 'any' },
  },
  'record meetings': {
    clause: 'N-09',
    says: 'record some meetings',
    basis: '6(1)(e)',
    necessity: 'A recording lets minutes be checked; it is chosen meeting by meeting.',
    power,
    reviewed,
    roles: { officer: 'any', system: 'any' },
  },
  'send documents': {
    clause: 'N-10',
    says: 'send you minutes and presentations',
    basis: '6(1)(e)',
    necessity: 'Members need the papers of the meetings that they take part in.',
    power,
    reviewed,
    roles: { officer: 'any', system: 'any' },
  },
  'run surveys': {
    clause: 'N-11',
    says: 'send you surveys',
    basis: '6(1)(e)',
    necessity: 'Surveys reach members who cannot come to a meeting.',
    power,
    reviewed,
    roles: { officer: 'any', resident: 'self', system: 'any' },
  },
  'tailor communication': {
    clause: 'N-12',
    says: 'choose how we write to you',
    basis: '6(1)(e)',
    necessity: 'Messages that suit the reader are fewer and better read; it never affects who is selected.',
    power,
    reviewed,
    roles: { communications: 'any', system: 'any' },
  },
  representativeness: {
    clause: 'N-13',
    says: 'check, in counts of groups, that the panel is like the people it speaks for',
    basis: '6(1)(e)',
    necessity: 'Whether a panel is representative can only be seen by counting.',
    power: equality,
    reviewed,
    roles: { analyst: 'any', officer: 'any', system: 'any' },
  },
  'arrange adjustments': {
    clause: 'N-14',
    says: 'put in place what you need to take part',
    basis: '6(1)(e)',
    necessity: 'A reasonable adjustment cannot be made by someone who does not know of it.',
    power: equality,
    reviewed,
    roles: { 'adjustments lead': 'any', officer: 'related', resident: 'self', supporter: 'self', system: 'any' },
  },
  'understand engagement': {
    clause: 'N-65',
    says: 'see how our emails are read, if you allow it',
    basis: '6(1)(e)',
    necessity: 'Counts of opens and clicks tell which messages are worth sending.',
    power,
    reviewed,
    roles: { communications: 'any' },
  },
  'answer law enforcement': {
    clause: 'N-42',
    says: 'answer one request of a body that fights crime',
    basis: '6(1)(e)',
    necessity: 'Considered request by request, and no more than is needed is given.',
    power: 'Data Protection Act 2018, Schedule 2 paragraph 2',
    reviewed,
    roles: { dpo: 'related' },
  },
  'answer legal representatives': {
    clause: 'N-43',
    says: 'answer one request made for a legal claim or advice',
    basis: '6(1)(e)',
    necessity: 'Considered request by request, and no more than is needed is given.',
    power: 'Data Protection Act 2018, Schedule 2 paragraph 5',
    reviewed,
    roles: { dpo: 'related' },
  },
  'answer access requests': {
    clause: 'N-44',
    says: 'give you a copy of what we hold',
    basis: '6(1)(e)',
    necessity: 'The law gives everyone a copy of their own data.',
    power: 'UK GDPR Article 15',
    reviewed,
    roles: { dpo: 'related', resident: 'self', system: 'any' },
    seesRestricted: true,
  },
  'answer safeguarding': {
    clause: 'N-45',
    says: 'answer one request made to keep a child or an adult at risk safe',
    basis: '6(1)(e)',
    necessity: 'Considered request by request, and no more than is needed is given.',
    power: 'Data Protection Act 2018, Schedule 1 paragraph 18',
    reviewed,
    roles: { dpo: 'related' },
  },
  'answer other requests': {
    clause: 'N-41',
    says: 'answer one request that another law provides for',
    basis: '6(1)(e)',
    necessity: 'Considered request by request, on a gateway that is named, and no more than is needed is given.',
    power: 'Data Protection Act 2018, Schedule 2 paragraph 5(2), or the gateway that is named with the request',
    reviewed,
    roles: { dpo: 'related' },
  },
  'exercise rights': {
    clause: 'N-70',
    says: 'carry out your data protection rights',
    basis: '6(1)(e)',
    necessity: 'The law gives these rights, and carrying them out needs the data that they are about.',
    power: 'UK GDPR Articles 12 to 22',
    reviewed,
    roles: { dpo: 'related', resident: 'self', system: 'any' },
    seesRestricted: true,
  },
  'defend claims': {
    clause: 'N-43',
    says: 'keep what a legal claim needs',
    basis: '6(1)(e)',
    necessity: 'Restricted data may be used for legal claims (Article 18(2)).',
    power: 'UK GDPR Article 18(2)',
    reviewed,
    roles: { dpo: 'related' },
    seesRestricted: true,
  },
  'keep the service safe': {
    clause: 'N-52',
    says: 'let you and our staff sign in, and nobody else',
    basis: '6(1)(e)',
    necessity: 'Access cannot be limited to the right people without knowing who they are.',
    power,
    reviewed,
    roles: { administrator: 'any', resident: 'self', system: 'any' },
  },
  store: {
    clause: 'N-47',
    says: 'keep your data sealed until its date',
    basis: '6(1)(e)',
    necessity: 'Nothing can be used later that is not kept; nothing is read for this purpose.',
    power,
    reviewed,
    roles: { system: 'any' },
    seesRestricted: true,
  },
} as const satisfies Record<string, PurposeRule>

export type Purpose = keyof typeof purposes

/** The purposes that a restricted dossier stays visible for. */
export function seesRestricted(purpose: Purpose): boolean {
  const rule: PurposeRule = purposes[purpose]
  return rule.seesRestricted === true
}
