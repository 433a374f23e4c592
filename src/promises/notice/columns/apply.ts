const dossierId = 'a dossier, by its random id'

/** Columns of applications and letters: states, codes and instants; what a person said is sealed. */
export const columns = {
  application: {
    dossier_id: dossierId,
    round_id: 'the round',
    reference: 'a random reference that the person is given',
    state: 'draft, sent or withdrawn',
    started_at: 'when it began',
    sent_at: 'when it was sent',
    changed_at: 'when it last changed',
    withdrawn_at: 'when it was withdrawn',
    received_via: 'online, phone, post or import',
    received_on: 'the day it was received, where that is another',
    entered_by: 'the staff dossier that typed it in',
    entered_once: 'names the form it was typed on, so that it is entered once',
    notice_version: 'which version of the notice was given',
    notice_given_how: 'how, from a closed list',
    notice_given_at: 'when',
    pages_done: 'which pages have been answered, not what',
    landlord_unlisted: 'whether the landlord is not on the list',
    marked_special: 'whether an answer seems to tell of health or ethnicity',
    email_confirmed_at: 'when the address was confirmed',
    reminded_at: 'when a draft was reminded of',
  },
  message: {
    id: 'names a letter; its Message-ID',
    dossier_id: dossierId,
    template: 'which letter of the catalogue',
    detail: 'codes, dates and references that the letter needs',
    channel: 'email, letter or call',
    state: 'waiting, sent or stuck',
    queued_at: 'when it was queued',
    sent_at: 'when it was sent',
    attempts: 'how often it was tried',
    error: 'why it did not go, as a code',
  },
} as const
