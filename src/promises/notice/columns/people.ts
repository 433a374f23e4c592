const dossierId = 'a dossier, by its random id'

/** Columns of sessions and accounts: who someone is, is sealed in the dossier. */
export const columns = {
  session: {
    id: 'names a session',
    token_hash: 'hash of the token that the browser keeps',
    kind: 'resident or staff',
    started_at: 'when it began',
    used_at: 'when it was last used',
    second_factor_at: 'when the second factor was given',
    second_factor_tries: 'how many wrong second factors were given',
    practising_as: 'which invented colleague its person is, in their practice',
    supporter_id: 'the supporter whose session it is, if it is one',
  },
  session_dossier: { session_id: 'the session', dossier_id: dossierId, in_hand: 'whether it is the one in hand' },
  sign_in: {
    id: 'names a code, which is made from this and a secret',
    dossier_id: dossierId,
    asked_at: 'when it was asked for',
    used_at: 'when it was used',
    tries: 'how many wrong tries there were',
    supporter_id: 'the supporter whose code it is, if it is one',
  },
  staff_notice: { what: 'the name of a warning that the desk was sent', at: 'when it was sent' },
  address_change: {
    id: 'names a change of address; its code and links are made from this and a secret',
    dossier_id: dossierId,
    asked_at: 'when it was asked for',
    confirmed_at: 'when the new address was confirmed',
    undone_at: 'when it was taken back',
    tries: 'how many wrong codes there were',
  },
  staff: {
    dossier_id: dossierId,
    roles: 'what the account may act as',
    invited_at: 'when it was invited',
    invited_by: 'the staff dossier that invited it',
    activated_at: 'when it was opened',
    disabled_at: 'when it was closed',
    second_factor: 'whether a second factor is set up',
    demo: 'whether it is of the demo or of a practice',
  },
} as const
