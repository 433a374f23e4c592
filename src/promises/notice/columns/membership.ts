const dossierId = 'a dossier, by its random id'

/** Columns of offers and terms: states, seats and dates. */
export const columns = {
  offer: {
    id: 'names an offer',
    round_id: 'the round',
    dossier_id: dossierId,
    seat: 'which place',
    state: 'offered, accepted, declined or lapsed',
    offered_at: 'when it was made',
    answer_by: 'by when it is answered',
    reminded_at: 'when it was reminded of',
    tries: 'how often someone tried to reach them',
    answered_at: 'when it was answered, or lapsed',
  },
  member: {
    dossier_id: dossierId,
    round_id: 'the round',
    seat: 'which place',
    term_number: 'first, second or third term',
    starts_on: 'when the term starts',
    ends_on: 'when it ends',
    appointed_at: 'when they were appointed',
    paused_at: 'since when they pause',
    left_on: 'when they left',
    left_because: 'why, from a closed list',
    left_by: 'who noted it',
    confirmed_by: 'the second person, for a removal',
    end_told_at: 'when they were written to about its end',
  },
  own_check: {
    dossier_id: dossierId,
    matter: 'what was looked over, from a closed list; not what was said',
    at: 'when',
  },
} as const
