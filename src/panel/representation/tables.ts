import type { Dimension, Table } from '#src/promises/tally/table.ts'
import { councilByCode, regions } from '../recruitment/councils.ts'
import { ageRanges, ethnicGroups, genders, tenancies } from '../recruitment/options.ts'

const same = (value: string) => value
const ageRange: Dimension = { field: 'ageRange', name: 'age', groups: ageRanges, groupOf: same }
const gender: Dimension = { field: 'gender', name: 'gender', groups: genders, groupOf: same }
const tenancy: Dimension = { field: 'tenancy', name: 'tenancy', groups: tenancies, groupOf: same }
const region: Dimension = {
  field: 'area',
  name: 'region',
  groups: regions,
  groupOf: council => councilByCode(council)?.region,
}
const ethnicity: Dimension = {
  field: 'ethnicity',
  name: 'ethnicity',
  groups: Object.fromEntries(Object.entries(ethnicGroups).map(([code, { label }]) => [code, label])),
  groupOf: value => value.split('-')[0],
}

export const ageTable: Table = { name: 'age', says: 'Age range', dimensions: [ageRange] }
export const genderTable: Table = { name: 'gender', says: 'Gender', dimensions: [gender] }
export const tenancyTable: Table = { name: 'tenancy', says: 'Home', dimensions: [tenancy] }
export const regionTable: Table = { name: 'region', says: 'Region', dimensions: [region] }
export const ethnicTable: Table = { name: 'ethnicity', says: 'Ethnic group', dimensions: [ethnicity] }
export const ethnicByRegion: Table = {
  name: 'ethnicity-by-region',
  says: 'Ethnic group by region',
  dimensions: [region, ethnicity],
}

/** Every table that people may be counted by; another one is a change of the program, and is reviewed as one. */
export const tables: readonly Table[] = [ageTable, genderTable, tenancyTable, regionTable, ethnicTable, ethnicByRegion]
