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
} as const
