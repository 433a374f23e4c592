/** Columns of the processor register: of companies and their contracts, never of a resident. */
export const columns = {
  processor_entry: {
    id: 'names an entry',
    name: 'what the processor is called',
    does: 'what it does for the panel, in words of staff',
    recipient: 'which recipient of the data map it is',
    hosts: 'the names of its machines',
    place: 'where the data may go',
    mechanism: 'what allows it, in words of staff',
    contract_on: 'the date of the contract',
    evidence_on: 'when the evidence was last checked',
    review_on: 'when someone looks again',
    kept_at: 'when the entry was last changed',
    kept_by: 'the staff dossier, or the part of the system, that changed it',
    ended_on: 'when it stopped working for the panel',
  },
} as const
