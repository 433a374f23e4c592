import type { Decision, Matter } from './rights.ts'

type Words = Readonly<Record<string, string>>

/** The grounds a right can rest on, by code: what was considered is recorded with the decision. */
export const grounds: Partial<Record<Matter, Words>> = {
  erasure: {
    '17-1-a': 'It is not needed any more (Article 17(1)(a))',
    '17-1-b': 'They took back the agreement it rests on (Article 17(1)(b))',
    '17-1-c': 'They object, and nothing overrides it (Article 17(1)(c))',
    '17-1-d': 'It was used against the law (Article 17(1)(d))',
    '17-1-e': 'The law says that it has to go (Article 17(1)(e))',
    '17-1-g': 'Another ground of the law (Article 17(1)(f) and (g))',
  },
  restriction: {
    '18-1-a': 'They say that it is wrong, and we are checking (Article 18(1)(a))',
    '18-1-b': 'Its use is against the law, and they want it kept (Article 18(1)(b))',
    '18-1-c': 'They need it for a legal claim (Article 18(1)(c))',
    '18-1-d': 'They object, and it is being weighed (Article 18(1)(d))',
  },
  objection: {
    '21-1': 'For reasons of their own situation (Article 21(1))',
    '8-5': 'A written notice to stop using the equality answer (DPA 2018 Schedule 1 paragraph 8(5))',
  },
}

const always: Words = {
  'nothing held': 'We hold nothing about them',
  '12-6': 'We cannot tell that it is them, and asked (Articles 11 and 12(6))',
  '12-5': 'The request is manifestly unfounded or excessive (Article 12(5))',
}

const byMatter: Partial<Record<Matter, Words>> = {
  access: {
    'sch2-16': 'It is about other people (DPA 2018 Schedule 2 paragraph 16)',
    'sch2-2-5': 'Giving it would prejudice what another body asked for (DPA 2018 Schedule 2 paragraphs 2 and 5)',
  },
  correction: { right: 'It is right as it stands, or is an opinion that was noted as one (Article 16)' },
  erasure: {
    '17-3-b': 'Our public task still needs it (Article 17(3)(b))',
    '17-3-d': 'Statistics that would be seriously impaired (Article 17(3)(d))',
    '17-3-e': 'Legal claims need it (Article 17(3)(e))',
  },
  restriction: { '18-1': 'None of the grounds of Article 18(1) is there' },
  objection: {
    '21-1-grounds': 'There are compelling grounds that override it (Article 21(1))',
    '21-1-claims': 'Legal claims need it (Article 21(1))',
  },
  transfer: { '20-3': 'The right does not apply to a public task (Article 20(3))' },
  portability: { '20-3': 'The right does not apply to a public task (Article 20(3))' },
  withdrawal: { '7-3': 'Nothing that we do with it rests on an agreement (Article 7(3))' },
}

/** What can stand in the way of a request, by code; a complaint is upheld or not on its facts. */
export function exceptionsFor(matter: Matter): Words {
  return matter === 'complaint' || matter === 'ring back' ? {} : { ...byMatter[matter], ...always }
}

/** The ground that the law suggests first. */
export function suggestedGround(matter: Matter): string | undefined {
  return Object.keys(grounds[matter] ?? {})[0]
}

/**
 * What a decision lacks, field by field in a sentence; empty when it can stand. A right that is granted whole needs no
 * reasons: its ground is enough. What is refused, and every outcome of a complaint, does.
 */
export function lacks(
  matter: Matter,
  decided: { decision: Decision; ground: string; exception: string; part: readonly string[]; reasons: string },
): { [field: string]: string } {
  const { decision, ground, exception, part, reasons } = decided
  const missing: { [field: string]: string } = {}
  if (decision !== 'refused' && grounds[matter] && !Object.hasOwn(grounds[matter], ground))
    missing.ground = 'Select the ground that it rests on'
  const exceptions = exceptionsFor(matter)
  if (decision !== 'granted' && Object.keys(exceptions).length && !Object.hasOwn(exceptions, exception))
    missing.exception = 'Select what stands in the way of all of it'
  if (decision === 'part' && matter === 'erasure' && !part.length) missing.part = 'Select what is deleted'
  if (decision === 'part' && matter === 'objection' && !part.length) missing.part = 'Select what stops'
  if (!reasons && (decision !== 'granted' || matter === 'complaint'))
    missing.reasons = 'Enter the reasons: they go into the answer'
  return missing
}
