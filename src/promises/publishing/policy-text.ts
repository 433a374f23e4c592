import { sayDate } from '#src/platform/calendar/london.ts'
import { contact } from '../notice/contact.ts'
import { everyField, retention } from '../notice/datamap.ts'

/** The data protection officer's choices that a policy document holds. */
export interface PolicyChoices {
  review_by: string
  adjustments_condition: string | null
  lapse_ground: string | null
}
/** One part of the document: what it is about, and what it says. */
export interface PolicyPart {
  part: string
  says: string
}

/** Days before the review on which the data protection officer is written to. */
const warnings =
  'Written warnings go to the data protection officer 60, 30 and 7 days before the review, and when it has passed'
const conditions: Record<string, string> = {
  'sch1-para6': 'DPA 2018 Schedule 1 paragraph 6, with Equality Act 2010 sections 20 and 29',
  'explicit-consent': 'explicit consent, UK GDPR Article 9(2)(a)',
}

/** What happens to special data from the day on which no document is in force. */
export function whatStops({ adjustments_condition, lapse_ground }: Omit<PolicyChoices, 'review_by'>): string {
  const stop = 'No round is published, ethnicity and adjustments are not asked, and nobody’s ethnicity is counted'
  if (!adjustments_condition)
    return `${stop}. Adjustments are not read, with or without a document: no condition is set for them`
  return lapse_ground
    ? `${stop}. Adjustments already agreed go on, under the duty of Equality Act 2010 section 20`
    : `${stop}. Adjustments already agreed are not read either`
}

/**
 * The appropriate policy document of DPA 2018 Sch 1 para 39, from the data map and from what the program does: how the
 * principles of Article 5 are kept, and how long data is kept. The officer's choices are the rest of it.
 */
export function policyText(choices: PolicyChoices): PolicyPart[] {
  const special = everyField().filter(one => one.rule.special)
  const condition = choices.adjustments_condition && conditions[choices.adjustments_condition]
  return [
    { part: 'Who', says: `${contact.body}; ${contact.dpo.name}, ${contact.dpo.email}` },
    { part: 'What', says: special.map(one => `${one.rule.says}: ${one.rule.necessity}`).join(' ') },
    {
      part: 'Condition for ethnicity',
      says: 'UK GDPR Article 9(2)(g) and DPA 2018 Schedule 1 paragraph 8: equality of opportunity or treatment. It is counted in groups, never used for a decision about a person (paragraph 8(3)), and a written notice to stop ends its use (paragraph 8(5)).',
    },
    { part: 'Condition for adjustments', says: condition ?? 'None is set: nobody is asked for adjustments.' },
    {
      part: 'Lawful, fair and open (Article 5(1)(a))',
      says: 'The privacy notice is shown before the first question, with its version kept. Each answer can be left out. Everyone sees on their own page what is held, why, and who opened it.',
    },
    {
      part: 'For these purposes alone (5(1)(b))',
      says: 'The list of purposes is closed; a field opens only for the purposes that the data map grants it, in the program and in the database.',
    },
    {
      part: 'No more than needed (5(1)(c))',
      says: 'Adjustments say what is needed and never a diagnosis. The draw cannot read either. Fields that nobody has read for a year are listed.',
    },
    { part: 'Accurate (5(1)(d))', says: 'Everyone can change their own answers; a correction keeps what it replaced.' },
    {
      part: 'No longer than needed (5(1)(e))',
      says: `A record ends ${retention.panel.says.replace('your', 'the')}. Deletion runs every night; only a hold with a review date stops it. Keys are destroyed at once, and their copies live 30 days. Each record leaves a certificate.`,
    },
    {
      part: 'Secure (5(1)(f))',
      says: 'Special data is sealed under a second key of each record, kept apart from the database. Staff sign in with two steps. No role reads one person’s ethnicity.',
    },
    {
      part: 'Accountable (5(2))',
      says: 'Each opening, count and decision is an entry of a ledger that shows any change; the evidence page says for each clause of the notice what proves it.',
    },
    { part: 'If this document lapses', says: `${whatStops(choices)}. ${warnings}.` },
    {
      part: 'Kept and given',
      says: `Reviewed by ${sayDate(choices.review_by)}. Kept until six months after the processing has ended, and given to the regulator free of charge when asked (paragraph 40).`,
    },
  ]
}
