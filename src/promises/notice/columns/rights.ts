/** Columns of requests and complaints: dates and states; who asked, what, and the answer are sealed. */
export const columns = {
  rights_case: {
    dossier_id: 'the case’s own dossier, by its random id',
    reference: 'a random reference that the person is given',
    matter: 'which right, or a complaint, from a closed list',
    channel: 'how it came',
    received_at: 'when it came',
    entered_by: 'the staff dossier that typed it in',
    subject: 'whose record it is about, by its random id',
    acknowledged_at: 'when it was acknowledged',
    identity_asked_on: 'when proof of identity was asked',
    identity_received_on: 'when identity was proved',
    clarification_asked_on: 'when the person was asked what they mean',
    clarification_answered_on: 'when they answered',
    extended_on: 'when an extension was told',
    decision: 'what was decided, as a code',
    decided_at: 'when',
    decided_by: 'the staff dossier that decided',
    carried_out_at: 'when it was carried out',
    answered_at: 'when the answer was sent',
    closed_at: 'when it was closed',
  },
} as const
