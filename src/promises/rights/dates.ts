import { sayDate, sayInstant } from '#src/platform/calendar/london.ts'
import { columnWords } from '../notice/columns/all.ts'
import type { AccessCopy } from './shape.ts'

const isId = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/
const isDay = /^\d{4}-\d{2}-\d{2}$/

export interface Dates {
  says: string
  rows: { means: string; says: string }[][]
  /** Rows that are not shown here: all of them are in the copy. */
  left: number
}

/** The rows of a record beside its values, in words: what each date and state means, and what it is. */
export function datesIn(copy: AccessCopy, most = Number.POSITIVE_INFINITY): Dates[] {
  return Object.entries(copy.rows).map(([table, rows]) => ({
    says: sentence(table.replaceAll('_', ' ')),
    rows: rows.slice(-most).map(row =>
      Object.entries(row).flatMap(([column, value]) => {
        const says = column === 'id' ? undefined : saysValue(value)
        return says === undefined ? [] : [{ means: sentence(columnWords(table, column) ?? column), says }]
      }),
    ),
    left: Math.max(0, rows.length - most),
  }))
}

/** A value as people say it; undefined for what tells a reader nothing: empty, a random id, or a part of the program. */
function saysValue(value: unknown): string | undefined {
  if (value === null || value === undefined || value === '') return undefined
  if (value instanceof Date) return sayInstant(value)
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  if (typeof value === 'number' || typeof value === 'bigint') return String(value)
  if (Array.isArray(value)) return value.length ? value.map(saysValue).filter(Boolean).join(', ') : undefined
  if (typeof value !== 'string' || isId.test(value) || value.startsWith('system:')) return undefined
  return isDay.test(value) ? sayDate(value) : value
}

function sentence(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1)
}
