/** Columns of breaches: instants, counts and decisions; what happened and why is sealed. */
export const columns = {
  breach: {
    dossier_id: 'the breach’s own dossier, by its random id',
    reference: 'a random reference',
    entered_by: 'the staff dossier that entered it',
    known_at: 'since when it is known',
    categories: 'what kinds of data, from a closed list',
    people: 'about how many people',
    records: 'about how many records',
    reported: 'whether the regulator is told',
    reported_at: 'when it was told',
    report_decided_at: 'when that was decided',
    report_decided_by: 'the staff dossier that decided',
    people_told: 'whether the people concerned are told',
    people_told_at: 'when they were told',
    people_decided_by: 'the staff dossier that decided',
    closed_at: 'when it was closed',
  },
} as const
