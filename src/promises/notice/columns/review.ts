const dossierId = 'a dossier, by its random id'
const round = 'the round'
const reader = 'the staff dossier of a reviewer'

/** Columns of the review: who reads what, scores, decisions. What anyone wrote about a person is sealed. */
export const columns = {
  review: {
    round_id: round,
    scale: 'three words or five numbers',
    readings: 'how many readings an application has at first',
    cap: 'the most applications for one reviewer',
    deadline: 'when readings end',
    seed: 'what the random orders are made from',
    calibrate: 'whether samples are scored first',
    calibrating_at: 'when the samples were given out',
    opened_at: 'when readings began',
  },
  review_criteria: {
    round_id: round,
    version: 'its number',
    criteria: 'what officers look for, in words for reviewers; no person’s',
    made_at: 'when they were written',
    made_by: 'the staff dossier that wrote them',
    because: 'why they were changed, in words for reviewers',
  },
  review_reader: {
    round_id: round,
    reader,
    number: 'the number that stands for the reviewer in files',
    declared_at: 'when interests were declared; what, is sealed',
    left_at: 'when the reviewer left',
  },
  review_reading: {
    id: 'names a reading, and tells nothing',
    round_id: round,
    dossier_id: dossierId,
    reader,
    state: 'how far it has come',
    assigned_at: 'when it was given out',
    done_at: 'when it was finished',
    anonymous: 'whether the reader could not know whose it is',
    flagged_at: 'when the reader said that an answer names someone',
  },
  review_score: {
    reading_id: 'the reading',
    dossier_id: dossierId,
    question: 'the question of the round',
    value: 'the score',
    version: 'the criteria it was given under',
    at: 'when',
  },
  review_conflict: {
    round_id: round,
    dossier_id: dossierId,
    reader,
    how: 'how it is known, from a closed list',
    at: 'when',
  },
  review_override: { round_id: round, reader, at: 'when', because: 'why, from a closed list' },
  review_sample: { round_id: round, reader, sample: 'which invented sample', value: 'the score' },
  decision: {
    id: 'names a decision',
    seq: 'its place in the order',
    round_id: round,
    dossier_id: dossierId,
    verdict: 'what was decided, from a closed list',
    reason: 'why, from a closed list; words are sealed',
    decided_by: 'the staff dossier that decided',
    decided_at: 'when',
    told_at: 'when the person was written to, or offered a place: from then on it stands',
  },
} as const
