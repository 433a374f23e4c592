const dossierId = 'a dossier, by its random id'

/** Columns of the review: ids, scores, states and instants; reasons are sealed in the applicant's record. */
export const columns = {
  review_plan: {
    round_id: 'the round',
    scale: 'which scale',
    readings: 'how many readings an application gets',
    cap: 'the most that one reader reads',
    deadline: 'by when',
    criteria: 'what each question is read for, in the officer’s words',
    version: 'which version of the criteria',
    begun_at: 'when reading began',
    begun_by: 'the staff dossier that began it',
  },
  review_reader: {
    round_id: 'the round',
    staff_id: 'the staff dossier that reads',
    declared_at: 'when they declared what they should not read',
    landlords: 'landlords whose residents they may know: organisations',
    areas: 'council areas where they may know people, as codes',
    left_at: 'when they stopped',
  },
  review_reading: {
    id: 'names a reading; random',
    round_id: 'the round',
    dossier_id: dossierId,
    staff_id: 'the staff dossier that reads',
    assigned_at: 'when it was assigned',
    state: 'open, done or ended',
    ended_because: 'why it ended, as a code',
    done_at: 'when it was done',
    anonymous: 'whether the reader had not seen who it is',
    flagged: 'whether the reader found a name that slipped through',
  },
  review_score: {
    reading_id: 'the reading',
    question_id: 'the question',
    score: 'the score; none is an abstention',
    version: 'the version of the criteria it was given under',
    scored_at: 'when',
  },
  review_decision: {
    id: 'names a decision',
    round_id: 'the round',
    dossier_id: dossierId,
    verdict: 'what was decided, as a code',
    reason: 'why, from a short list',
    decided_at: 'when',
    decided_by: 'the staff dossier that decided',
    told_at: 'when the person was told',
  },
} as const
