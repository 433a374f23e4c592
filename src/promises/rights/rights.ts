/** What can be asked: the eight rights of the notice, a complaint about data, and to be rung back. */
export const matters = {
  access: { says: 'See what we hold about you', law: 'UK GDPR Article 15' },
  correction: { says: 'Correct it', law: 'UK GDPR Article 16' },
  erasure: { says: 'Delete it', law: 'UK GDPR Article 17' },
  restriction: { says: 'Set it aside', law: 'UK GDPR Article 18' },
  transfer: { says: 'Have it sent on', law: 'UK GDPR Article 20' },
  objection: { says: 'Object to how we use it', law: 'UK GDPR Article 21' },
  portability: { says: 'Take it elsewhere', law: 'UK GDPR Article 20' },
  withdrawal: { says: 'Take back an agreement', law: 'UK GDPR Article 7(3)' },
  complaint: { says: 'Complain about how we use it', law: 'Data Protection Act 2018 section 164A' },
  'ring back': { says: 'Be rung back', law: '' },
  unsorted: { says: 'A message, not sorted yet', law: 'UK GDPR Article 12' },
} as const
export type Matter = keyof typeof matters

/** The eight rights, in the order of the notice. */
export const eightRights = [
  'access',
  'correction',
  'erasure',
  'restriction',
  'transfer',
  'objection',
  'portability',
  'withdrawal',
] as const satisfies readonly Matter[]

export const decisions = { granted: 'All of it', part: 'A part of it', refused: 'None of it' } as const
export type Decision = keyof typeof decisions

export interface Proposal {
  decision: Decision
  because: string
  citation: string
}

/**
 * What the law suggests; a person decides. It never suggests a refusal: where a right does not apply to a public task we
 * do what it would give all the same, as far as the task allows.
 */
export function propose(matter: Matter, standing?: 'applicant' | 'member' | 'former member'): Proposal {
  if (matter === 'erasure' && standing === 'member')
    return {
      decision: 'part',
      because:
        'They sit on the panel: the term still needs their name, how to reach them and what they take part in. Delete the rest that they ask for; all of it if they leave.',
      citation: 'Article 17(1)(a); what the public task still needs: Article 17(3)(b)',
    }
  switch (matter) {
    case 'access':
      return {
        decision: 'granted',
        because: 'Everyone may have a copy of their own data. Take out what is about others, and say so.',
        citation: 'Article 15; for others’ data DPA 2018 Schedule 2 paragraph 16',
      }
    case 'correction':
      return {
        decision: 'granted',
        because: 'What is wrong is put right, and the earlier words are kept in the case.',
        citation: 'Article 16',
      }
    case 'erasure':
      return {
        decision: 'granted',
        because:
          'Of an applicant, or of a member who left, nothing in our task still needs the data. Of a sitting member, what the term still needs may stay: decide on each part.',
        citation: 'Article 17(1)(a); what the public task still needs: Article 17(3)(b)',
      }
    case 'restriction':
      return {
        decision: 'granted',
        because: 'Set aside while it is looked into; tell the person before it ends.',
        citation: 'Article 18(1) and (3)',
      }
    case 'transfer':
    case 'portability':
      return {
        decision: 'granted',
        because:
          'The right does not apply to a public task. A copy that machines read is given all the same, as a courtesy.',
        citation: 'Article 20(3)',
      }
    case 'objection':
      return {
        decision: 'granted',
        because:
          'The right applies to our public task. Stop, unless we can show compelling grounds; set the record aside meanwhile. A written stop to equality answers is always followed.',
        citation: 'Article 21(1) and 18(1)(d); DPA 2018 Schedule 1 paragraph 8(5)',
      }
    case 'withdrawal':
      return {
        decision: 'granted',
        because:
          'An agreement can be taken back at any time, as easily as it was given. Where nothing rests on one, say so: nothing else changes.',
        citation: 'Article 7(3)',
      }
    case 'complaint':
      return {
        decision: 'granted',
        because: 'Look into it, tell how it goes on, and what came of it.',
        citation: 'DPA 2018 section 164A(4) and (5)',
      }
    case 'unsorted':
      return { decision: 'granted', because: 'Say first what they ask for.', citation: '' }
    case 'ring back':
      return { decision: 'granted', because: 'Ring them, and note what they asked for.', citation: '' }
  }
}
