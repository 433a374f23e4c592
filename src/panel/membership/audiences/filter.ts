import { z } from 'zod'
import { regions } from '../../recruitment/councils.ts'
import { channels } from '../../recruitment/options.ts'
import { interests } from '../own/options.ts'

/**
 * What an audience is chosen by: any of each list, and every list that is not empty. Ethnicity and adjustments are not
 * among them, and cannot be: their purposes do not let them be opened for this.
 */
export interface Filter {
  regions: string[]
  channels: string[]
  terms: number[]
  interests: string[]
}

const terms = { '1': 'First term', '2': 'Second term', '3': 'Third and last term' } as const
/** Every list with its words, in the order of the page. */
export const lists: Record<keyof Filter, { legend: string; options: Readonly<Record<string, string>> }> = {
  regions: { legend: 'Regions', options: regions },
  channels: { legend: 'How they hear from us', options: channels },
  terms: { legend: 'Terms', options: terms },
  interests: { legend: 'Interests', options: interests },
}
const keys = ['regions', 'channels', 'terms', 'interests'] as const

/** Reads a filter. What is not on a list is refused, and never passed over: it would widen the audience. */
export const filterForm = z.object({
  regions: some(Object.keys(regions)),
  channels: some(Object.keys(channels)),
  terms: some(Object.keys(terms)).transform(list => list.map(Number)),
  interests: some(Object.keys(interests)),
})

/** The filter in words. */
export function sayFilter(filter: Filter): string {
  const parts = keys.flatMap(key => {
    const words = filter[key].map(value => lists[key].options[String(value)] ?? String(value))
    return words.length ? [`${lists[key].legend.toLowerCase()}: ${words.join(' or ')}`] : []
  })
  return parts.length ? parts.join('; ') : 'every member in office'
}

/** The filter as a query of an address. */
export function queryOf(filter: Filter): string {
  const query = new URLSearchParams(
    keys.flatMap(key => filter[key].map((value): [string, string] => [key, String(value)])),
  )
  return query.toString()
}

/** The tick boxes of a filter. */
export function boxesOf(filter: Filter) {
  return keys.map(key => ({
    key,
    legend: lists[key].legend,
    items: Object.entries(lists[key].options).map(([value, text]) => ({
      value,
      text,
      checked: filter[key].some(one => String(one) === value),
    })),
  }))
}

function some(codes: string[]) {
  const one = z.string().refine(value => codes.includes(value), 'Select from the list')
  return z.union([z.array(one), one.transform(value => [value])], 'Select from the list').default([])
}
