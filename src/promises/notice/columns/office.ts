const dossierId = 'a dossier, by its random id'

/** Columns of what the office keeps about people in touch with it: dates and who does what. Words are sealed. */
export const columns = {
  contact_entry: {
    id: 'names a contact',
    dossier_id: dossierId,
    made_at: 'when it was noted',
    made_by: 'the staff dossier that noted it',
    due_on: 'by when something is to be done next; what, is sealed',
    owner: 'the staff dossier that does it',
    done_at: 'when it was done',
  },
  concern: {
    id: 'names a worry',
    dossier_id: dossierId,
    raised_at: 'when it was raised',
    raised_by: 'the staff dossier that raised it',
    due_at: 'by when it is answered',
    closed_at: 'when it was closed',
    closed_by: 'the staff dossier that closed it',
    outcome: 'what was done, from a closed list; words are sealed',
  },
  removal: {
    id: 'names a proposal to remove a member',
    dossier_id: dossierId,
    proposed_at: 'when it was proposed; why, is sealed',
    proposed_by: 'the staff dossier that proposed it',
    notice_until: 'the last day to answer',
    state: 'proposed, confirmed or dropped',
    ended_at: 'when it was confirmed or dropped',
    ended_by: 'the staff dossier that did',
  },
  audience: {
    id: 'names a saved filter',
    name: 'its name, in the words of officers',
    regions: 'codes of regions that it asks for',
    channels: 'codes of channels that it asks for',
    terms: 'terms that it asks for',
    interests: 'codes of interests that it asks for; whose they are, is sealed',
    made_at: 'when it was saved',
    made_by: 'the staff dossier that saved it',
  },
  concern_lead: {
    single: 'that there is one lead',
    lead: 'the staff dossier that is told first',
    named_at: 'when it was named',
    named_by: 'the staff dossier that named it',
  },
} as const
