import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import { z } from 'zod'

export interface Council {
  code: string
  name: string
  region: string
}

/** The regions of England by their ONS codes. */
export const regions: Readonly<Record<string, string>> = {
  E12000001: 'North East',
  E12000002: 'North West',
  E12000003: 'Yorkshire and The Humber',
  E12000004: 'East Midlands',
  E12000005: 'West Midlands',
  E12000006: 'East of England',
  E12000007: 'London',
  E12000008: 'South East',
  E12000009: 'South West',
}

const row = z.object({ code: z.string(), name: z.string(), region_code: z.string() })

/**
 * The 296 councils of England with their regions: Office for National Statistics, April 2024 codes, as packed in
 * humaniverse/geographr; Open Government Licence v3.0.
 */
export const councils: readonly Council[] = z
  .array(row)
  .parse(parse(readFileSync(join(import.meta.dirname, 'councils.csv'), 'utf8'), { columns: true }))
  .map(({ code, name, region_code }) => ({ code, name, region: region_code }))
  .sort((a, b) => a.name.localeCompare(b.name, 'en-GB'))

const byCode = new Map(councils.map(council => [council.code, council]))

export function councilByCode(code: string): Council | undefined {
  return byCode.get(code)
}

/** The name of the region that a council lies in. */
export function regionOf(code: string): string | undefined {
  return regions[byCode.get(code)?.region ?? '']
}

/** Councils whose name holds what was typed, the ones that begin with it first. */
export function findCouncils(typed: string): Council[] {
  const wanted = plain(typed)
  if (!wanted) return []
  const found = councils.filter(council => plain(council.name).includes(wanted))
  return found.sort((a, b) => Number(!plain(a.name).startsWith(wanted)) - Number(!plain(b.name).startsWith(wanted)))
}

function plain(text: string): string {
  return text
    .toLowerCase()
    .normalize('NFD')
    .replace(/[^a-z0-9 ]/g, '')
    .replace(/\s+/g, ' ')
    .trim()
}
