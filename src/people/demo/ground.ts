/** Landlords that do not exist. */
export const landlords = [
  'Alder Vale Homes',
  'Brightwater Housing Association',
  'Camberley Rise Housing',
  'Dunmere Borough Council',
  'Eastmoor Homes',
  'Fairholt Community Housing',
  'Greenacre Housing Trust',
  'Harrow Wood Housing Association',
  'Ivybridge Homes',
  'Juniper Housing Group',
  'Kestrel Housing',
  'Larkfield District Council',
  'Mill Lane Co-operative',
  'Northgate Homes',
  'Oakhanger Housing Association',
]

/** What a round of invented people was asked. */
export const questions = [
  {
    title: 'What is it like to live in your home and to deal with your landlord?',
    hint: 'Good and bad. A few sentences are enough.',
    mostCharacters: 1500,
  },
  {
    title: 'What would you bring to the panel?',
    hint: 'For example things you know, or people you could speak for.',
    mostCharacters: 1500,
  },
]
