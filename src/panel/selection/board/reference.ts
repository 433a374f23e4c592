/** A published population that quotas are proposed from: shares of a hundred by group, with where they come from. */
export interface Reference {
  code: string
  says: string
  /** Whom the shares are of. */
  base: string
  source: string
  date: string
  shares: { [feature: string]: { [value: string]: number } }
}

const licence = 'Crown copyright, Open Government Licence v3.0'

/**
 * What is published and checked. No age, tenancy or gender of social renters is: for those an officer writes quotas
 * without a proposal.
 */
export const references: readonly Reference[] = [
  {
    code: 'census-2021-social-renting',
    says: 'Households that rent social homes in England, Census 2021',
    base: 'Households, social rented from a council or another social landlord',
    source: `Office for National Statistics, Census 2021, table TS054, summed from small areas. ${licence}`,
    date: '21 March 2021',
    shares: {
      region: {
        E12000001: 6.44,
        E12000002: 13.88,
        E12000003: 10.06,
        E12000004: 7.56,
        E12000005: 11.07,
        E12000006: 10.17,
        E12000007: 19.74,
        E12000008: 12.97,
        E12000009: 8.11,
      },
    },
  },
  {
    code: 'census-2021-with-shared-owners',
    says: 'The same, with shared owners',
    base: 'Households, social rented or in shared ownership of any provider',
    source: `Office for National Statistics, Census 2021, table TS054, summed from small areas. ${licence}`,
    date: '21 March 2021',
    shares: {
      region: {
        E12000001: 6.2,
        E12000002: 13.6,
        E12000003: 9.8,
        E12000004: 7.6,
        E12000005: 10.9,
        E12000006: 10.2,
        E12000007: 19.9,
        E12000008: 13.5,
        E12000009: 8.3,
      },
    },
  },
  {
    code: 'census-2021-region-and-sex',
    says: 'Regions as above, and the sex of everyone in England',
    base: 'Regions: households that rent social homes. Sex: all people, all kinds of home, not social housing alone',
    source: `Office for National Statistics, Census 2021, tables TS054 and sex by local authority. ${licence}`,
    date: '21 March 2021',
    shares: {
      region: {
        E12000001: 6.44,
        E12000002: 13.88,
        E12000003: 10.06,
        E12000004: 7.56,
        E12000005: 11.07,
        E12000006: 10.17,
        E12000007: 19.74,
        E12000008: 12.97,
        E12000009: 8.11,
      },
      gender: { woman: 51.04, man: 48.96 },
    },
  },
]

/** The reference of a code, or the usual one. */
export function referenceOf(code: string): Reference {
  const [usual] = references
  const found = references.find(one => one.code === code) ?? usual
  if (!found) throw new Error('There is a usual reference.')
  return found
}
