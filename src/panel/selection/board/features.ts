import type { FieldFor, SpecialField } from '#src/promises/notice/datamap.ts'
import type { Opened } from '#src/promises/vault/vault.ts'
import { councilByCode, regions } from '../../recruitment/councils.ts'
import { ageRanges, genders, tenancies } from '../../recruitment/options.ts'
import { NOT_STATED } from '../reading/pool.ts'

/**
 * The fields that the draw may read: none of a special category. A field that the data map marks special cannot be named
 * here (the draw may not rest on ethnicity or health: DPA 2018 Sch 1 para 8(3)).
 */
export const drawFields = ['area', 'ageRange', 'gender', 'tenancy'] as const satisfies readonly Exclude<
  FieldFor<'panel', 'administer the panel'>,
  SpecialField<'panel'>
>[]
export type DrawValues = Opened<'panel', (typeof drawFields)[number]>

export interface Feature {
  name: string
  says: string
  /** What is read of a person, within a sentence. */
  reads: string
  values: Readonly<Record<string, string>>
  valueOf(values: DrawValues): string | undefined
}

const without = (options: Record<string, string>) =>
  Object.fromEntries(Object.entries(options).filter(([code]) => code !== 'not-said'))

/** What a draw can balance, in the order shown. Whoever did not say is outside every quota. */
export const features: readonly Feature[] = [
  {
    name: 'region',
    says: 'Region',
    reads: 'region',
    values: regions,
    valueOf: ({ area }) => (area ? councilByCode(area)?.region : undefined),
  },
  {
    name: 'age',
    says: 'Age range',
    reads: 'age range',
    values: without(ageRanges),
    valueOf: ({ ageRange }) => ageRange,
  },
  { name: 'gender', says: 'Gender', reads: 'gender', values: without(genders), valueOf: ({ gender }) => gender },
  {
    name: 'tenancy',
    says: 'Home',
    reads: 'how a home is rented or owned',
    values: without(tenancies),
    valueOf: ({ tenancy }) => tenancy,
  },
]

/** Someone's value of a feature as the pool has it. */
export function valueIn(feature: Feature, values: DrawValues): string {
  const value = feature.valueOf(values)
  return value !== undefined && Object.hasOwn(feature.values, value) ? value : NOT_STATED
}
