/** Columns of rounds and of the landlord list: facts of the body, no person's. */
export const columns = {
  round: {
    id: 'names a round',
    name: 'the officer’s name for a round, published',
    opens_at: 'when the round opens, published',
    closes_at: 'when the round closes, published',
    term_starts_on: 'when the term starts, published',
    target_size: 'how many members are sought, published',
    reserve_size: 'how many reserves are sought, published',
    rules: 'the eligibility rules that are on, and their words, published',
    words: 'the words on the start page, published',
    created_at: 'when an officer made the round',
    published_at: 'when an officer published it',
    closed_early_at: 'when an officer closed it early',
    closed_early_because: 'why, in words for the public',
    practice: 'a round of invented people, for training',
  },
  question: {
    id: 'names a question of a round',
    round_id: 'its round',
    position: 'its place in the form',
    title: 'the question, published',
    hint: 'what is said under it, published',
    most_characters: 'how long an answer may be',
  },
  landlord: {
    id: 'names an organisation on the published list of member landlords',
    name: 'the organisation’s name, published by the Ombudsman',
    listed_at: 'when the list was uploaded',
  },
}
